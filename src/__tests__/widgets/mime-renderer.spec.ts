import { Sanitizer } from '@jupyterlab/apputils';
import {
  RenderMimeRegistry,
  standardRendererFactories
} from '@jupyterlab/rendermime';

import type { Bundle } from '../../components/labeling/display';
import { mimeRenderer } from '../../widgets/mime-renderer';

const page = window as unknown as { hacked: boolean };

/** Draws a bundle with JupyterLab's own renderers and a parser that passes markup through. */
async function drawn(bundle: Bundle): Promise<HTMLElement> {
  const sanitizer = new Sanitizer();
  sanitizer.setAllowCommandLinker?.(true);
  const registry = new RenderMimeRegistry({
    initialFactories: standardRendererFactories,
    sanitizer,
    markdownParser: { render: text => Promise.resolve(text) }
  });
  const host = document.createElement('div');
  document.body.append(host);
  mimeRenderer(registry)(bundle, host);
  await new Promise(done => setTimeout(done, 50));
  return host;
}

describe('mimeRenderer()', () => {
  afterEach(() => document.body.replaceChildren());

  it('draws HTML as it is meant', async () => {
    const host = await drawn({
      'text/html': '<p>A <b>bold</b> <i style="color: red">word</i></p>',
      'text/plain': 'A bold word'
    });

    expect(host.querySelector('b')?.textContent).toBe('bold');
    expect(host.querySelector('i')?.getAttribute('style')).toMatch(/red/);
  });

  it.each(['text/html', 'text/markdown'])(
    'lets nothing in %s run, command, fetch or take a key',
    async mime => {
      page.hacked = false;
      const markup = `
        <script>window.hacked = true</script>
        <img src="x" onerror="window.hacked = true">
        <img src="https://evil.example/pixel.png" srcset="/logout 2x">
        <img src="/logout">
        <svg onload="window.hacked = true"><script>window.hacked = true</script></svg>
        <iframe srcdoc="<script>parent.hacked = true</script>"></iframe>
        <object data="/logout"></object><embed src="/logout">
        <video poster="/logout" autoplay src="/a"></video><audio autoplay src="/b"></audio>
        <a href="javascript:window.hacked = true" accesskey="1">link</a>
        <button data-commandlinker-command="terminal:create-new">go</button>
        <form action="/api/shutdown"><input autofocus name="x"></form>
        <table background="/logout"><tr><td>cell</td></tr></table>
        <p style="background-image: url(/logout)">styled</p>
        <link rel="stylesheet" href="/logout"><style>@import '/logout';</style>
        <base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=/logout">
        <p>last</p>`;

      const host = await drawn({ [mime]: markup, 'text/plain': 'x' });

      expect(host.textContent).toContain('last');
      expect(
        host.querySelectorAll(
          'script, iframe, object, embed, form, base, meta, link, style'
        )
      ).toHaveLength(0);
      const attributes = [...host.querySelectorAll('*')].flatMap(element =>
        [...element.attributes].map(({ name, value }) => `${name}=${value}`)
      );
      expect(
        attributes.filter(each =>
          /^on|^(src|srcset|poster|background|data|autoplay|autofocus|accesskey)=|logout|evil|javascript:|commandlinker/i.test(
            each
          )
        )
      ).toEqual([]);
      host.querySelector('a')?.click();
      expect(page.hacked).toBe(false);
    }
  );

  it('keeps pictures that a sample brings along', async () => {
    const src = 'data:image/png;base64,iVBORw0KGgo=';
    const host = await drawn({ 'text/html': `<img src="${src}" alt="dot">` });

    expect(host.querySelector('img')?.getAttribute('src')).toBe(src);
  });

  it('shows the text of what no renderer may draw', async () => {
    const host = await drawn({
      'application/javascript': 'window.hacked = true',
      'text/plain': 'a program'
    });

    expect(host.textContent).toBe('a program');
  });
});
