import { nullTranslator } from '@jupyterlab/translation';
import { fireEvent, screen, within } from '@testing-library/react';

import { agreementSentence } from '../../components/panel/words';
import { aProject, someMetrics } from './examples';
import { button, show } from './show-panel';

const trans = nullTranslator.load('jupyterlab_al');

const agreement = {
  value: 0.74,
  same: 0.87,
  n: 60,
  confused: [
    { labels: ['negative', 'positive'], n: 6 },
    { labels: ['mixed', 'positive'], n: 2 }
  ]
};

const shown = () =>
  within(screen.getByRole('region', { name: 'Label quality' }));

describe('QualitySection', () => {
  it('says when agreement becomes known, and that there is nothing to review', () => {
    show();

    expect(
      shown().getByText(/known once a sample has labels of two people/)
    ).toBeTruthy();
    expect(shown().getByText(/^Nothing to review/)).toBeTruthy();
    expect(shown().queryByRole('button', { name: 'Review them' })).toBeNull();
  });

  it('says what people and model doubt, also beside the title, and lets them be reviewed', () => {
    const actions = show({
      metrics: someMetrics({ agreement, disputed: 2, suspected: 5 })
    });

    fireEvent.click(button('Review them'));

    expect(
      shown().getByText(
        'People disagree about 2 samples. The model doubts 5 labels; many of them will be right.'
      )
    ).toBeTruthy();
    expect(shown().getByText('7 to review')).toBeTruthy();
    expect(actions.review).toHaveBeenCalledTimes(1);
  });

  it('names the classes that are taken for each other, and in how many samples', () => {
    show({ metrics: someMetrics({ agreement }) });

    const rows = within(
      screen.getByRole('table', { name: 'Classes taken for each other' })
    ).getAllByRole('row');

    expect(rows.slice(1).map(row => row.textContent)).toEqual([
      'negative and positive6',
      'mixed and positive2'
    ]);
    const bars = rows
      .slice(1)
      .map(row => row.querySelector('rect')?.getAttribute('width'));
    expect(bars).toEqual(['100.0%', '33.3%']);
  });

  it('says how many come back once they were asked for', () => {
    show({ metrics: someMetrics({ disputed: 2 }), comingBack: 2 });

    expect(shown().getByText(/^2 samples come back/)).toBeTruthy();
  });

  it('says why the model doubts no label beside what people disagree about', () => {
    show({
      metrics: someMetrics({ disputed: 1, review_note: 'Install cleanlab.' })
    });

    expect(shown().getByText('Install cleanlab.')).toBeTruthy();
  });

  it.each([
    ['to a viewer', aProject({ role: 'viewer' })],
    ['while nobody is handed samples', aProject({ state: 'paused' })]
  ])('offers no review %s', (_, project) => {
    show({ projects: [project], metrics: someMetrics({ disputed: 1 }) });

    expect(shown().getByText(/^People disagree/)).toBeTruthy();
    expect(shown().queryByRole('button', { name: 'Review them' })).toBeNull();
  });

  it('says why a review was refused', () => {
    show({
      errorOf: action => (action === 'review' ? 'The project is paused.' : null)
    });

    expect(shown().getByText(/The project is paused/)).toBeTruthy();
  });
});

describe('agreementSentence()', () => {
  it('compares with guessing, in numbers of a hundred', () => {
    expect(agreementSentence(agreement, trans)).toBe(
      'Two people who label the same sample give the same answer 87 times in 100 (from 60 samples). If they guessed, it would be 50 times. They mostly mean the same by the classes.'
    );
  });

  it.each([
    [0.95, 'They mean the same by the classes.'],
    [0.4, 'They often mean different things'],
    [0.1, 'hardly better than guessing'],
    [-0.2, 'hardly better than guessing']
  ])('says what an agreement of %s beyond chance means', (value, verdict) => {
    expect(agreementSentence({ ...agreement, value }, trans)).toContain(
      verdict
    );
  });

  it('says of full agreement nothing about guessing, and that few samples are a hint', () => {
    const words = agreementSentence(
      { ...agreement, value: 1, same: 1, n: 3 },
      trans
    );

    expect(words).not.toContain('guessed');
    expect(words).toMatch(/few samples: take it as a hint\.$/);
  });
});
