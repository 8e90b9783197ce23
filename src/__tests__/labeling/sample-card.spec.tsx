import { fireEvent, screen, within } from '@testing-library/react';

import { ROW } from '../../components/labeling/display';
import { aSample, show } from './show-view';

describe('SampleCard', () => {
  it.each(['', ' \n'])('says so when a text is empty: %j', text => {
    show({ samples: [aSample(1, { 'text/plain': text })] });

    expect(screen.getByText('This text is empty.')).not.toBeNull();
  });

  it('shows markup in a text as typed', () => {
    const text = '<img src=x onerror="alert(1)"><b>bold</b>';
    show({ samples: [aSample(1, { 'text/plain': text })] });

    const card = screen.getByRole('article');

    expect(card.textContent).toBe(text);
    expect(card.querySelector('img, b')).toBeNull();
  });

  it.each([
    [16, false],
    [80, true]
  ])('lays a row of %d columns out side by side: %s', (n, isMany) => {
    const row = Array.from({ length: n }, (_, i) => [`column ${i}`, i]);

    const { container } = show({ samples: [aSample(1, { [ROW]: row })] });

    const list = container.querySelector('dl')!;
    expect(list.children).toHaveLength(n);
    expect(list.classList.contains('jp-al-mod-many')).toBe(isMany);
  });

  it('shows a row as names and values, long ones folded, missing ones said', () => {
    show({
      samples: [
        aSample(1, {
          'application/vnd.jupyterlab-al.row+json': [
            ['rating', 2],
            ['review', 'x'.repeat(500)],
            ['note', null]
          ]
        })
      ]
    });
    const card = screen.getByRole('article');
    const before = card.textContent?.length ?? 0;

    fireEvent.click(within(card).getByRole('button', { name: 'more' }));

    const terms = within(card).getAllByRole('term');
    expect(terms.map(term => term.textContent)).toEqual([
      'rating',
      'review',
      'note'
    ]);
    expect(card.textContent?.length).toBeGreaterThan(before);
    expect(within(card).getByText('missing')).not.toBeNull();
  });

  it('gives any other type to the renderer and ends it with the sample', () => {
    const dispose = jest.fn();
    const renderMime = jest.fn(() => ({ dispose, isDisposed: false }));
    const bundle = { 'text/markdown': '**bold**' };
    const { unmount } = show({ samples: [aSample(1, bundle)], renderMime });

    unmount();

    expect(renderMime).toHaveBeenCalledWith(bundle, expect.anything());
    expect(dispose).toHaveBeenCalledTimes(1);
  });
});
