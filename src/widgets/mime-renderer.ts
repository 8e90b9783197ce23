import { MimeModel, type IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { DisposableDelegate } from '@lumino/disposable';
import { Widget } from '@lumino/widgets';

import { inertSanitizer } from './inert-sanitizer';
import type { Bundle, RenderMime } from '../components/labeling/display';

/**
 * Draws samples with JupyterLab's renderers, as untrusted content: scripts never run, and nothing
 * is fetched.
 */
export function mimeRenderer(registry: IRenderMimeRegistry): RenderMime {
  const rendermime = registry.clone({
    sanitizer: inertSanitizer(registry.sanitizer)
  });
  return (bundle: Bundle, host: HTMLElement) => {
    const data = Object.fromEntries(
      Object.entries(bundle).filter(
        ([mime]) => rendermime.getRank(mime) !== undefined
      )
    ) as MimeModel.IOptions['data'];
    const mime = rendermime.preferredMimeType(data ?? {}, 'ensure');
    if (mime === undefined) {
      host.textContent = String(bundle['text/plain'] ?? '');
      return new DisposableDelegate(() => host.replaceChildren());
    }
    const renderer = rendermime.createRenderer(mime);
    Widget.attach(renderer, host);
    void renderer.renderModel(new MimeModel({ data, trusted: false }));
    return renderer;
  };
}
