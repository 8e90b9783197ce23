import { screen } from '@testing-library/react';

import { SERIES } from '../../components/labeling/display';
import { aSample, show } from './show-view';

describe('SeriesSample', () => {
  it('draws a series as a line with a gap where a value is missing', () => {
    const values = [0, 1, null, 3, null, 2];
    const { container } = show({
      samples: [aSample(1, { [SERIES]: { length: 6, values } })]
    });

    expect(
      screen.getByRole('img', { name: 'Sample 1: 6 values from 0 to 3' })
    ).toBeTruthy();
    const path = container.querySelector('.jp-al-Series-line')!;
    expect(path.getAttribute('d')?.match(/[ML]/g)?.join('')).toBe('ML');
    const dots = container.querySelector('.jp-al-Series-dots')!;
    expect(dots.getAttribute('d')?.match(/M/g)).toHaveLength(2);
    expect(screen.getByText('position')).toBeTruthy();
    expect(screen.getByText('value')).toBeTruthy();
  });

  it('says when there is no number to draw', () => {
    const values = [null, null];
    show({ samples: [aSample(1, { [SERIES]: { length: 2, values } })] });

    expect(
      screen.getByText('None of the 2 values of this sample is a number.')
    ).toBeTruthy();
    expect(screen.queryByRole('img', { name: /^Sample/ })).toBeNull();
  });

  it('draws the points of a long series at their places', () => {
    const { container } = show({
      samples: [
        aSample(1, {
          [SERIES]: { length: 1001, values: [1, 5, 2], at: [0, 500, 1000] }
        })
      ]
    });

    const path = container.querySelector('.jp-al-Series-line')!;
    const xs = [...path.getAttribute('d')!.matchAll(/[ML]([\d.]+),/g)].map(
      found => Number(found[1])
    );
    expect(xs[1] - xs[0]).toBeCloseTo(xs[2] - xs[1], 5);
    expect(screen.getByText('1,000')).toBeTruthy();
  });

  it('shows a series that is none as nothing that can be shown', () => {
    show({
      samples: [aSample(1, { [SERIES]: { length: 'x', values: 'y' } })]
    });

    expect(screen.getByText('This sample cannot be shown here.')).toBeTruthy();
  });
});
