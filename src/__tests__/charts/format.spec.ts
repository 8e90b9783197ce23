import { nullTranslator } from '@jupyterlab/translation';

import {
  accuracy,
  ago,
  count,
  duration,
  fullAccuracy,
  share
} from '../../components/charts';
import { linear, nearest, ticks } from '../../components/charts/scale';

const trans = nullTranslator.load('jupyterlab_al');
const NOW = Date.parse('2026-03-04T12:00:00Z');

describe('numbers for people', () => {
  it('rounds an accuracy to whole percent and gives its interval', () => {
    expect(accuracy({ value: 0.8712345, low: 0.832, high: 0.9049 })).toBe(
      '87\u00a0% (83–90)'
    );
  });

  it('adds the number of checks where the accuracy stands alone', () => {
    const value = { value: 1, low: 0.2, high: 1, n: 1 };
    expect(fullAccuracy(value, trans)).toBe('100\u00a0% (20–100), 1 check');
    expect(fullAccuracy({ ...value, n: 12 }, trans)).toMatch(/, 12 checks$/);
  });

  it('does not round a small share to nothing', () => {
    expect(share(0.001)).toBe('< 1\u00a0%');
    expect(share(0)).toBe('0\u00a0%');
  });

  it('groups thousands', () => {
    expect(count(20000)).toBe('20,000');
  });

  it.each([
    ['2026-03-04T11:59:30Z', 'just now'],
    ['2026-03-04T12:00:30Z', 'just now'],
    ['2026-03-04T11:12:00Z', '48 min ago'],
    ['2026-03-03T13:00:00Z', '23 h ago'],
    ['2026-03-03T11:00:00Z', 'Mar 3, 2026']
  ])('says when %s was', (when, words) => {
    expect(ago(when, NOW, trans)).toBe(words);
  });

  it.each([
    [0.34, '0.3 s'],
    [47.4, '47 s'],
    [500, '8 min'],
    [8 * 3600, '8 h']
  ])('says how long %d seconds are', (seconds, words) => {
    expect(duration(seconds, trans)).toBe(words);
  });
});

describe('scales', () => {
  it('maps a single value to the middle', () => {
    expect(linear([5, 5], [0, 10])(5)).toBe(5);
  });

  it('puts ticks at round values inside the domain', () => {
    expect(ticks([0.5, 1], 5)).toEqual([0.6, 0.8, 1]);
    expect(ticks([10, 1000], 4)).toEqual([500, 1000]);
    expect(ticks([20, 172], 4)).toEqual([50, 100, 150]);
    expect(ticks([0, 200], 4)).toEqual([0, 100, 200]);
    expect(ticks([7, 7], 4)).toEqual([7]);
  });

  it('finds the nearest value', () => {
    expect(nearest([], 3)).toBe(-1);
    expect(nearest([10], 3)).toBe(0);
    expect(nearest([10, 20, 40], 29)).toBe(1);
    expect(nearest([10, 20, 40], 31)).toBe(2);
  });
});
