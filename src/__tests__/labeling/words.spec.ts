import { nullTranslator } from '@jupyterlab/translation';

import { slotsOf } from '../../models/class-slots';
import { reviewWords } from '../../models/review-words';
import { adviceWords, modelWords, whyWords } from '../../models/words';
import { metrics } from './fake-server';

const trans = nullTranslator.load('jupyterlab_al');

const lease = {
  sample_id: 1,
  sample_key: '1',
  rank: 3,
  token: 't',
  expires_at: '2026-01-01T00:00:00Z',
  display: {}
};

describe('slotsOf()', () => {
  it('leaves the slot of a merged class empty', () => {
    const merged = [
      { name: 'bad', into: 'worse', position: 0 },
      { name: 'good', into: 'worse', position: 2 }
    ];

    expect(slotsOf({ classes: ['worse', 'mixed'], merged })).toEqual([
      '2',
      '4'
    ]);
  });

  it('gives digits to the first nine classes, then letters that no act has', () => {
    const classes = Array.from({ length: 12 }, (_, i) => `class ${i}`);

    expect(slotsOf({ classes, merged: [] }).join('')).toBe('123456789ABD');
  });

  it('gives a class that is named like a key that key', () => {
    expect(slotsOf({ classes: ['0', '1', '2', 'other'], merged: [] })).toEqual([
      '0',
      '1',
      '2',
      '3'
    ]);
  });

  it('gives no class named like a key the key of another one named so', () => {
    const classes = ['other', '1', '2', '3'];

    expect(slotsOf({ classes, merged: [] })).toEqual(['1', 'A', '2', '3']);
  });

  it('keeps the keys of classes when one is added behind them', () => {
    const before = slotsOf({ classes: ['yes', 'no'], merged: [] });

    expect(
      slotsOf({ classes: ['yes', 'no', '1'], merged: [] }).slice(0, 2)
    ).toEqual(before);
  });

  it('gives keys to the first nine of many', () => {
    const classes = Array.from({ length: 20 }, (_, i) => `class ${i}`);

    expect(
      slotsOf({ classes, merged: [] }).filter(slot => slot !== undefined)
    ).toHaveLength(9);
  });
});

describe('modelWords()', () => {
  const order = {
    by: 'model' as const,
    phase: 'refine' as const,
    round: '7',
    n_labels: 140,
    labels_since: 3,
    needs: {}
  };

  it('says what the order comes from', () => {
    expect(modelWords(metrics({ order }), trans).text).toBe(
      'ordered by the model trained on 140 labels, 3 labels ago'
    );
  });

  it('says what is missing for the first order', () => {
    const needs = { cat: 1, dog: 1 };
    const random = { ...order, by: 'random' as const, needs };

    expect(modelWords(metrics({ labels: 1, order: random }), trans).text).toBe(
      'choosing at random until two classes have labels'
    );
  });

  it('says that the model learns, and how far it is', () => {
    const last_round = {
      id: '8',
      state: 'running' as const,
      phase: 'fit',
      progress: 0.4,
      error: null
    };

    expect(modelWords(metrics({ order, last_round }), trans)).toEqual({
      text: 'model learning…',
      progress: 0.4,
      isTrouble: false
    });
  });

  it('says why the last training failed and what was kept', () => {
    const last_round = {
      id: '8',
      state: 'failed' as const,
      phase: null,
      progress: 0,
      error: 'Out of memory.'
    };

    expect(modelWords(metrics({ order, last_round }), trans)).toEqual({
      text: 'last training failed: Out of memory · the earlier order is kept',
      progress: null,
      isTrouble: true
    });
  });
});

describe('whyWords()', () => {
  it('names the two classes between which the model hesitates', () => {
    const prediction = { negative: 0.41, positive: 0.21, mixed: 0.38 };

    const words = whyWords(
      { ...lease, prediction },
      metrics({ n_samples: 10000 }),
      trans
    );

    expect(words).toBe(
      'The model hesitates between negative (41 %) and mixed (38 %). Rank 4 of 10,000.'
    );
  });

  it('says of a review why it comes again, not where it stands in the order', () => {
    const words = whyWords(
      { ...lease, rank: -2, source: 'review', prediction: { a: 0.6, b: 0.4 } },
      metrics(),
      trans
    );

    expect(words).toMatch(/^This sample comes again/);
    expect(words).not.toContain('Rank');
  });

  it('names the classes that it is least sure about where a sample can have several', () => {
    const prediction = { rock: 0.98, pop: 0.46, jazz: 0.7, folk: 0.02 };

    const words = whyWords(
      { ...lease, prediction },
      metrics({ n_samples: 10000 }),
      trans,
      true
    );

    expect(words).toBe(
      'The model is least sure about pop (46 %), jazz (70 %). Rank 4 of 10,000.'
    );
  });

  it('gives nothing away where predictions are hidden', () => {
    const by = { by: 'model' as const };
    const order = { ...metrics().order, ...by };

    expect(whyWords(lease, metrics({ order }), trans)).toMatch(/^Hidden/);
  });
});

describe('adviceWords()', () => {
  it('gives the reasons of the rules that say stop, and of no other', () => {
    const advice = {
      stop: true,
      votes: [
        { rule: 'a', says: 'stop' as const, because: 'The curve is flat.' },
        { rule: 'b', says: 'continue' as const, because: 'Much is open.' }
      ]
    };

    expect(adviceWords(metrics({ advice }), trans)).toBe(
      'More labels would likely change little. The curve is flat.'
    );
  });
});

describe('reviewWords()', () => {
  it.each([
    ['disputed samples', { disputed: 2 }, 'People disagree about 2 samples.'],
    [
      'doubtful labels',
      { suspected: 1 },
      'The model doubts 1 label, which may well be right.'
    ],
    [
      'both',
      { disputed: 1, suspected: 3 },
      'People disagree about 1 sample. The model doubts 3 labels; many of them will be right.'
    ],
    [
      'nothing',
      { order: { ...metrics().order, by: 'model' as const } },
      'Nothing to review: nobody disagrees about a sample, and the model doubts no label.'
    ],
    [
      'nothing, where no model has learned yet',
      {},
      'Nothing to review: nobody disagrees about a sample.'
    ],
    [
      'why the model finds no mistakes',
      { review_note: 'Install cleanlab.' },
      'Nothing to review: nobody disagrees about a sample. Install cleanlab.'
    ]
  ])('says what there is: %s', (_, figures, said) => {
    expect(reviewWords(metrics(figures), null, trans)).toBe(said);
  });

  it('says how many samples come back once they were asked for', () => {
    const words = reviewWords(metrics({ disputed: 4 }), 3, trans);

    expect(words).toBe('3 samples come back: label them anew.');
  });

  it('says who gets them where none comes to this person', () => {
    const words = reviewWords(metrics({ disputed: 4 }), 3, trans, false);

    expect(words).toMatch(/Those that you skipped go to other people\.$/);
  });

  it('says that nothing comes back although figures that are older said so', () => {
    const words = reviewWords(metrics({ disputed: 4 }), 0, trans);

    expect(words).toMatch(/^Nothing to review/);
  });
});
