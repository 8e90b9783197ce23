import { screen } from '@testing-library/react';
import React from 'react';

import { SERIES } from '../../components/labeling/display';
import { LabelingView } from '../../components/labeling/labeling-view';
import { aSample, nothing, props, show } from './show-view';

describe('SampleStage', () => {
  it('is the only one that a screen reader finds; the next is laid out hidden', () => {
    const { container } = show();

    const cards = screen.getAllByRole('article');

    expect(cards.map(card => card.textContent)).toEqual(['A cat']);
    expect(container.textContent).toContain('A dog');
  });

  it('is reported once it is painted', async () => {
    const { onShown } = show();

    await new Promise(resolve => requestAnimationFrame(resolve));

    expect(onShown).toHaveBeenCalledWith(1);
  });

  it('takes over the focus from the one before, so that keys go on working', () => {
    const { rerender, ...given } = show();
    screen.getByRole('article').focus();

    rerender(<LabelingView {...given} samples={given.samples.slice(1)} />);

    expect(document.activeElement).toBe(screen.getByRole('article'));
  });

  it('leaves the focus to the view while none is there, and gets it back', () => {
    const { rerender, container, ...given } = show();
    container.tabIndex = -1;
    screen.getByRole('article').focus();

    rerender(<LabelingView {...given} samples={[]} />);
    const meanwhile = document.activeElement;
    rerender(<LabelingView {...given} />);

    expect(meanwhile).toBe(container);
    expect(document.activeElement).toBe(screen.getByRole('article'));
  });

  it('takes over the focus from a button that was there in its place', () => {
    const { rerender, container } = show({
      samples: [],
      empty: { ...nothing, kind: 'lost' }
    });
    container.tabIndex = -1;
    screen.getByRole('button', { name: 'Look again' }).focus();

    rerender(<LabelingView {...props()} />);

    expect(document.activeElement).toBe(screen.getByRole('article'));
  });

  it('leaves the focus on a button that was pressed', () => {
    const { rerender, ...given } = show();
    const button = screen.getByRole('button', { name: 'dog' });
    button.focus();

    rerender(<LabelingView {...given} samples={given.samples.slice(1)} />);

    expect(document.activeElement).toBe(button);
  });

  it.each([
    [
      [1.5e12, 1.506e12],
      ['1.5T', '1.506T']
    ],
    [
      [0, 3e-6],
      ['0', '3E-6']
    ],
    [
      [1000001, 1000003],
      ['1.000001M', '1.000003M']
    ],
    [
      [-0.5, 12.25],
      ['-0.5', '12.25']
    ]
  ])('writes numbers short beside the axis: %j', (values, written) => {
    show({ samples: [aSample(1, { [SERIES]: { length: 2, values } })] });

    expect(
      screen.getByRole('img', {
        name: `Sample 1: 2 values from ${written[0]} to ${written[1]}`
      })
    ).toBeTruthy();
  });
});
