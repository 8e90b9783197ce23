import { DisposableDelegate } from '@lumino/disposable';
import type { ISample, ISampleRenderer } from 'jupyterlab_al';

const COLOR = /^#[0-9a-f]{6}$/i;

/**
 * Draws a text like `#4477aa` as the color that it names.
 */
export const swatches: ISampleRenderer = {
  id: 'jupyterlab_al_star_rating:swatches',
  canRender: sample => COLOR.test(textOf(sample)),
  render: (sample, host) => {
    const color = textOf(sample);
    const swatch = document.createElement('div');
    swatch.className = 'jp-Swatch';
    swatch.setAttribute('role', 'img');
    swatch.setAttribute('aria-label', `The color ${color}`);
    swatch.style.backgroundColor = color;
    const name = document.createElement('code');
    name.textContent = color;
    host.append(swatch, name);
    return new DisposableDelegate(() => host.replaceChildren());
  }
};

function textOf(sample: ISample): string {
  return String(sample.display['text/plain'] ?? '').trim();
}
