import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { count, language } from '../charts/format';
import { linear, ticks, type IPoint, type Scale } from '../charts/scale';
import { useWidth } from '../charts/use-width';
import type { ISeries } from './display';

const MARGIN = { top: 24, right: 16, bottom: 44, left: 64 };

/**
 * A series of numbers as a line over its positions; a missing value is a gap.
 */
export function SeriesSample(props: {
  series: ISeries;
  name: string;
  /** In pixels; by default as the width allows. */
  height?: number;
  trans: TranslationBundle;
}): JSX.Element {
  const { series, name, trans } = props;
  const [frame, width] = useWidth<HTMLDivElement>(640);
  const height =
    props.height ?? Math.min(Math.max(Math.round(width * 0.45), 200), 480);
  const points = pointsOf(series);
  const range = rangeOf(points);
  const right = width - MARGIN.right;
  const bottom = height - MARGIN.bottom;
  const x = linear([0, Math.max(series.length - 1, 1)], [MARGIN.left, right]);
  const y = linear(range, [bottom, MARGIN.top]);
  return (
    <div className="jp-al-Series" ref={frame}>
      <svg
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={trans.__(
          'Sample %1: %2 values from %3 to %4',
          name,
          count(series.length),
          short(range[0]),
          short(range[1])
        )}
        focusable="false"
      >
        {ticks(range, 6).map(tick => (
          <g key={tick}>
            <line
              className="jp-al-Series-grid"
              x1={MARGIN.left}
              x2={right}
              y1={y(tick)}
              y2={y(tick)}
            />
            <text x={MARGIN.left - 6} y={y(tick)} dy="0.32em" textAnchor="end">
              {short(tick)}
            </text>
          </g>
        ))}
        {ticks([0, series.length - 1], Math.max(2, Math.floor(width / 90)))
          .filter(Number.isInteger)
          .map(tick => (
            <text key={tick} x={x(tick)} y={bottom + 16} textAnchor="middle">
              {count(tick)}
            </text>
          ))}
        <text x={(MARGIN.left + right) / 2} y={height - 6} textAnchor="middle">
          {trans.__('position')}
        </text>
        <text x={MARGIN.left} y={12} textAnchor="middle">
          {trans.__('value')}
        </text>
        <path className="jp-al-Series-line" d={path(points, x, y)} />
      </svg>
    </div>
  );
}

/** The points that are drawn; those of a gap have no number. */
function pointsOf({ values, at }: ISeries): { x: number; y: number | null }[] {
  return values.map((value, index) => ({
    x: at?.[index] ?? index,
    y: typeof value === 'number' ? value : null
  }));
}

/** The lowest and the highest value, told apart where they are the same. */
function rangeOf(points: readonly { y: number | null }[]): [number, number] {
  const found = points.map(each => each.y).filter(y => y !== null);
  const low = found.reduce((least, y) => Math.min(least, y), Infinity);
  const high = found.reduce((most, y) => Math.max(most, y), -Infinity);
  if (low > high) {
    return [0, 1];
  }
  return low === high ? [low - 1, high + 1] : [low, high];
}

/** The line in pieces between gaps; a value alone between two gaps is a dot. */
function path(
  points: readonly { x: number; y: number | null }[],
  x: Scale,
  y: Scale
): string {
  const drawn: string[] = [];
  let before: IPoint | null = null;
  for (const point of points) {
    if (point.y === null) {
      before = null;
      continue;
    }
    const place = `${pixel(x(point.x))},${pixel(y(point.y))}`;
    drawn.push(before ? `L${place}` : `M${place}h0`);
    before = { x: point.x, y: point.y };
  }
  return drawn.join('');
}

function pixel(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function short(value: number): string {
  return value.toLocaleString(language(), { maximumSignificantDigits: 4 });
}
