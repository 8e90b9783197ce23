import { screen, within } from '@testing-library/react';

import { aProject, someMetrics } from './examples';
import { show } from './show-panel';

describe('CurveSection', () => {
  const gain = {
    n_labels: 32,
    chosen: 0.87,
    random: 0.81,
    low: 0.01,
    high: 0.11,
    n_checks: 40
  };

  it('says what choosing gained, in points', () => {
    show({ metrics: someMetrics({ gain }) });

    expect(
      screen.getByText(
        'Learning from 32 samples that were chosen, the model gets 87 % of the random checks right; from as many drawn at random, 81 %. Choosing gains 1 to 11 percentage points.'
      )
    ).toBeTruthy();
  });

  it('says of several classes a sample that all of them are meant', () => {
    show({
      projects: [aProject({ multi_label: true })],
      metrics: someMetrics({ gain })
    });

    expect(
      screen.getByText(/gets all classes of 87\s% of the random checks right/)
    ).toBeTruthy();
    expect(
      screen.getByText(/^Line: .* of which the model gets all classes right/)
    ).toBeTruthy();
  });

  it('says so when nothing can be told yet, and when choosing loses', () => {
    show({ metrics: someMetrics({ gain: { ...gain, low: -0.04 } }) });
    expect(
      screen.getByText(
        /Too few checks .*: from 4 percentage points worse to 11 better/
      )
    ).toBeTruthy();

    show({
      metrics: someMetrics({ gain: { ...gain, low: -0.2, high: -0.1 } })
    });
    expect(
      screen.getByText(/Choosing loses 10 to 20 percentage points/)
    ).toBeTruthy();
  });

  it('draws what random labels gave as a thin line', () => {
    const curve = someMetrics().curve.map((point, index) => ({
      ...point,
      gain: { ...gain, n_labels: 10 + 10 * index }
    }));
    show({ metrics: someMetrics({ curve }) });

    expect(
      screen.getByText('What random labels would have given')
    ).toBeTruthy();
  });

  it('never shows a figure from chosen labels without saying so', () => {
    show({
      metrics: someMetrics({
        second_reading: { value: 0.86, standard_error: 0.02, n: 60 }
      })
    });

    expect(
      screen.getByText(
        /second reading .* from 60 labels that were chosen, not random, .*: 86 %, give or take 4 points/
      )
    ).toBeTruthy();
  });
});

describe('ClassFigures', () => {
  it('says for each class how much is found and how much is right', () => {
    const found = { value: 0.9, low: 0.7, high: 0.97, n: 20 };
    show({
      metrics: someMetrics({
        per_class: {
          negative: { recall: found, precision: null },
          positive: { recall: null, precision: found }
        }
      })
    });

    const table = screen.getByRole('table', { name: /How well the model/ });
    const rows = within(table).getAllByRole('row').slice(1);
    expect(rows.map(row => row.textContent)).toEqual([
      'negative90\u00a0% (70–97) of 20 checksno check yet',
      'positiveno check yet90\u00a0% (70–97) of 20 checks'
    ]);
  });
});
