import { screen } from '@testing-library/react';

import { aProject, someMetrics } from './examples';
import { show } from './show-panel';

describe('ProgressSection', () => {
  it('gives pace, time left and how the samples are ordered', () => {
    show();

    expect(screen.getByText('600 an hour')).toBeTruthy();
    expect(screen.getByText('33 h')).toBeTruthy();
    expect(
      screen.getByText(
        'Refining: the model chooses what it can learn most from. It knows 140 labels; 3 newer ones wait for the next round.'
      )
    ).toBeTruthy();
    expect(
      screen.getByRole('img', {
        name: /changed its mind about 3\s% of the samples/
      })
    ).toBeTruthy();
  });

  it('counts towards the number that is planned, and when that is reached', () => {
    show({ projects: [aProject({ budget: 743 })] });

    expect(
      screen.getByText('143 of 743 (there are 20,000 samples)')
    ).toBeTruthy();
    expect(screen.getByText('Planned labels in')).toBeTruthy();
    expect(screen.getByText('60 min')).toBeTruthy();
  });

  it('says what the accuracy means and that checks never train', () => {
    show();

    expect(
      screen.getByText(
        'The model very likely gets 83 to 90 of 100 new samples right. That is what 14 random checks say, which it never learns from.'
      )
    ).toBeTruthy();
  });

  it('says that checks were skipped, and what that may do to the accuracy', () => {
    show({ metrics: someMetrics({ skipped: 5, skipped_checks: 2 }) });

    expect(screen.getByText('14 (and 2 skipped)')).toBeTruthy();
    expect(screen.getByText(/if they were the hard ones/)).toBeTruthy();
  });

  it('says of several classes a sample that all must be right, and how each is known', () => {
    show({
      projects: [aProject({ multi_label: true })],
      metrics: someMetrics({
        macro_f1: { value: 0.92, low: 0.85, high: 0.96, n: 14 }
      })
    });

    expect(
      screen.getByText(/gets all classes of 83 to 90 of 100 new samples right/)
    ).toBeTruthy();
    expect(screen.getByText('Each class (mean F1)')).toBeTruthy();
    expect(screen.getByText(/92\s% \(85–96\)/)).toBeTruthy();
    expect(screen.getByText(/F1 asks of each class by itself/)).toBeTruthy();
  });

  it('names the phase in which it gets to know the data', () => {
    const { order } = someMetrics();
    show({ metrics: someMetrics({ order: { ...order, phase: 'explore' } }) });

    expect(screen.getByText(/^Getting to know the data/)).toBeTruthy();
  });

  it.each([
    [{ labels: 0 }, /Start with any sample/],
    [{ labels: 3 }, /none yet for positive/]
  ])('says what is missing before the model joins in: %j', (change, words) => {
    show({
      metrics: someMetrics({
        ...change,
        order: {
          by: 'random',
          phase: 'explore',
          round: null,
          n_labels: 0,
          labels_since: 0,
          needs: { positive: 1 }
        }
      })
    });

    expect(screen.getByText(words)).toBeTruthy();
  });
});
