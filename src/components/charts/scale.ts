/** A point of a chart in its own units. */
export interface IPoint {
  x: number;
  y: number;
}

/** Maps a value to pixels. */
export type Scale = (value: number) => number;

/** Returns the straight map from `domain` to `range`; the middle of the range when the domain is one value. */
export function linear(
  domain: readonly [number, number],
  range: readonly [number, number]
): Scale {
  const [from, to] = domain;
  const [start, end] = range;
  if (from === to) {
    return () => (start + end) / 2;
  }
  return value => start + ((value - from) / (to - from)) * (end - start);
}

/** Returns at most `most` round values inside `domain`, evenly apart. */
export function ticks(
  domain: readonly [number, number],
  most: number
): number[] {
  const [from, to] = domain;
  if (to <= from) {
    return [from];
  }
  let step = roundStep((to - from) / most);
  let [first, last] = multiples(domain, step);
  while (last - first + 1 > most) {
    step = roundStep(step * 1.5);
    [first, last] = multiples(domain, step);
  }
  const found: number[] = [];
  for (let index = first; index <= last; index++) {
    found.push(Number((index * step).toPrecision(12)));
  }
  return found;
}

/** Returns the first and the last multiple of `step` inside `domain`, as counts of steps. */
function multiples(
  [from, to]: readonly [number, number],
  step: number
): [number, number] {
  return [Math.ceil(from / step - 1e-9), Math.floor(to / step + 1e-9)];
}

/** Returns the smallest of 1, 2, 5 times a power of ten that is not below `atLeast`. */
function roundStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const factor = [1, 2, 5, 10].find(
    candidate => candidate * power >= atLeast * (1 - 1e-9)
  );
  return (factor ?? 10) * power;
}

/** Returns the SVG path through `points`. */
export function linePath(
  points: readonly IPoint[],
  x: Scale,
  y: Scale
): string {
  return points
    .map(
      (point, index) =>
        `${index === 0 ? 'M' : 'L'}${pixel(x(point.x))},${pixel(y(point.y))}`
    )
    .join('');
}

/** Returns the SVG path around the area between two lines that share their x values. */
export function bandPath(
  upper: readonly IPoint[],
  lower: readonly IPoint[],
  x: Scale,
  y: Scale
): string {
  if (upper.length === 0) {
    return '';
  }
  const there = linePath(upper, x, y);
  const back = linePath([...lower].reverse(), x, y).replace('M', 'L');
  return `${there}${back}Z`;
}

/** Returns the index of the value nearest to `target` in ascending `values`; -1 when there is none. */
export function nearest(values: readonly number[], target: number): number {
  let low = 0;
  let high = values.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (values[middle] < target) {
      low = middle;
    } else {
      high = middle;
    }
  }
  if (high < 0) {
    return -1;
  }
  return target - values[low] <= values[high] - target ? low : high;
}

/** Half a pixel matters on screen, a thousandth does not. */
function pixel(value: number): string {
  return String(Math.round(value * 10) / 10);
}
