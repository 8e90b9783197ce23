import { nullTranslator } from '@jupyterlab/translation';

import { slotsOf } from '../../models/class-slots';
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
  it('gives digits to the first nine classes, then letters that no act has', () => {
    const classes = Array.from({ length: 12 }, (_, i) => `class ${i}`);

    expect(slotsOf(classes).join('')).toBe('123456789ABD');
  });

  it('gives a class that is named like a key that key', () => {
    expect(slotsOf(['0', '1', '2', 'other'])).toEqual(['0', '1', '2', '3']);
  });

  it('keeps the keys of classes when one is added behind them', () => {
    const before = slotsOf(['yes', 'no']);

    expect(slotsOf(['yes', 'no', '1']).slice(0, 2)).toEqual(before);
  });

  it('gives keys to the first nine of many', () => {
    const classes = Array.from({ length: 20 }, (_, i) => `class ${i}`);

    expect(slotsOf(classes).filter(slot => slot !== undefined)).toHaveLength(9);
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
