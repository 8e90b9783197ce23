import { linear, ticks } from '../../components/charts/scale';

describe('ticks()', () => {
  it.each([
    [0, 1],
    [0, 1e-14],
    [-3e-30, 2e-30],
    [1e15, 1e15 + 7],
    [-1e300, 1e300],
    [0, 39]
  ])('gives a few values between %d and %d', (from, to) => {
    const found = ticks([from, to], 6);

    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThanOrEqual(6);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(from - (to - from) / 1e6);
    expect(Math.max(...found)).toBeLessThanOrEqual(to + (to - from) / 1e6);
  });

  it('gives round values', () => {
    expect(ticks([0, 100], 6)).toEqual([0, 20, 40, 60, 80, 100]);
  });

  it('gives one value where there is only one', () => {
    expect(ticks([3, 3], 6)).toEqual([3]);
  });
});

describe('linear()', () => {
  it('maps a single value to the middle', () => {
    expect(linear([3, 3], [0, 10])(3)).toBe(5);
  });
});
