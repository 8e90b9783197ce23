import { screen, within } from '@testing-library/react';

import { someMetrics } from './examples';
import { show } from './show-panel';

describe('LeftSection', () => {
  it('draws how much the samples to choose from would teach, and says it to who sees no picture', () => {
    show({
      metrics: someMetrics({
        utilities: { low: 0.1, high: 0.9, counts: [12000, 7000, 800, 57] }
      })
    });

    const shown = within(screen.getByRole('region', { name: 'What is left' }));
    expect(
      shown.getByText(
        /each of the 19,857 samples .* \(random checks are drawn from others\)/
      )
    ).toBeTruthy();
    const picture = shown.getByRole('img', {
      name: 'Of 19,857 samples, 857 are in the upper half of what a label teaches.'
    });
    const heights = [...picture.querySelectorAll('rect')].map(bar =>
      Number(bar.getAttribute('height'))
    );
    expect(heights).toEqual([48, 28, 3.2, 1.5]);
    expect(picture.querySelector('title')?.textContent).toBe('12,000 samples');
  });

  it('is not there before the first round', () => {
    show({ metrics: someMetrics({ utilities: null }) });

    expect(screen.queryByRole('region', { name: 'What is left' })).toBeNull();
  });
});
