import { act, fireEvent, screen } from '@testing-library/react';

import { IMAGE } from '../../components/labeling/display';
import { aSample, show } from './show-view';

describe('ImageSample', () => {
  it('shows a picture by its data, small ones without blur', () => {
    show({
      samples: [
        aSample(1, {
          'image/png': 'iVBORw0KGgo=',
          'application/vnd.jupyterlab-al.image+json': { width: 8, height: 8 }
        })
      ]
    });

    const image = screen.getByRole('img', { name: 'Sample 1' });

    expect(image.getAttribute('src')).toBe(
      'data:image/png;base64,iVBORw0KGgo='
    );
    expect(image.classList).toContain('jp-al-mod-crisp');
    expect(image.style.getPropertyValue('--al-widest')).toBe('256px');
  });

  it('gives a picture its own shape, so that a board lies behind it alone', () => {
    const info = { width: 400, height: 200 };
    show({ samples: [aSample(1, { 'image/png': 'AAAA', [IMAGE]: info })] });

    const image = screen.getByRole('img', { name: 'Sample 1' });

    expect(image.classList).toContain('jp-al-mod-sized');
    expect(image.style.getPropertyValue('--al-ratio')).toBe('2');
  });

  it('zooms a picture with + and -, and fetches the original then', () => {
    const loading: HTMLImageElement[] = [];
    const original = window.Image;
    window.Image = function () {
      loading.push(document.createElement('img'));
      return loading[loading.length - 1];
    } as unknown as typeof Image;
    const info = { width: 1024, height: 700, original: true };
    show({
      samples: [
        aSample(1, { 'image/png': 'AAAA', [IMAGE]: info }),
        aSample(2, { 'image/png': 'BBBB', [IMAGE]: info })
      ]
    });
    const picture = screen.getByRole<HTMLImageElement>('img', {
      name: 'Sample 1'
    });
    const button = screen.getByRole('button', { name: /cat/ });

    fireEvent.keyDown(button, { key: '+' });
    expect(picture.style.transform).toMatch('scale(1.25)');
    expect(picture.src).toMatch(/^data:/);
    expect(loading.map(each => each.getAttribute('src'))).toEqual([
      '/original/1'
    ]);
    act(() => {
      fireEvent.load(loading[0]);
    });
    expect(picture.getAttribute('src')).toBe('/original/1');
    fireEvent.keyDown(button, { key: '-' });
    expect(picture.style.transform).toMatch('scale(1)');
    expect(picture.getAttribute('src')).toBe('/original/1');
    window.Image = original;
  });

  it('looks closer by a double click and at other parts by arrow keys, and back', () => {
    show({ samples: [aSample(1, { 'image/png': 'AAAA' })] });
    const picture = screen.getByRole('img', { name: 'Sample 1' });
    const shown = () => picture.style.transform;
    const button = screen.getByRole('button', { name: /cat/ });

    fireEvent.keyDown(button, { key: 'ArrowRight' });
    expect(shown()).toBe('translate(0px, 0px) scale(1)');
    fireEvent.dblClick(picture);
    expect(shown()).toBe('translate(0px, 0px) scale(3)');
    fireEvent.keyDown(button, { key: 'ArrowRight' });
    fireEvent.keyDown(button, { key: 'ArrowUp' });
    expect(shown()).toBe('translate(-64px, 64px) scale(3)');
    fireEvent.dblClick(picture);
    expect(shown()).toBe('translate(0px, 0px) scale(1)');
  });

  it('zooms by two fingers and moves by one, which scrolls what is not zoomed', () => {
    show({ samples: [aSample(1, { 'image/png': 'AAAA' })] });
    const picture = screen.getByRole('img', { name: 'Sample 1' });
    const touches = (...xs: number[]) => ({
      touches: xs.map(clientX => ({ clientX, clientY: 0 }))
    });

    fireEvent.touchStart(picture, touches(10));
    const scrolls = fireEvent.touchMove(picture, touches(20));
    fireEvent.touchStart(picture, touches(-10, 10));
    const pinches = fireEvent.touchMove(picture, touches(-20, 20));
    fireEvent.touchEnd(picture, touches(20));
    fireEvent.touchMove(picture, touches(50));

    expect([scrolls, pinches]).toEqual([true, false]);
    expect(picture.style.transform).toBe('translate(30px, 0px) scale(2)');
  });

  it('leaves + and - to a field that somebody types in', () => {
    show({
      samples: [aSample(1, { 'image/png': 'AAAA' })],
      pane: 'comment'
    });

    fireEvent.keyDown(screen.getByRole('textbox'), { key: '+' });

    expect(
      screen.getByRole('img', { name: 'Sample 1' }).style.transform
    ).toMatch('scale(1)');
  });

  it('shows an SVG through an image element, where scripts do not run', () => {
    const svg = '<svg onload="alert(1)"></svg>';
    show({ samples: [aSample(1, { 'image/svg+xml': svg })] });

    const image = screen.getByRole('img', { name: 'Sample 1' });

    expect(image.tagName).toBe('IMG');
  });
});
