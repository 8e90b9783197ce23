import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { count, language } from '../charts/format';
import { linear, ticks, type Scale } from '../charts/scale';
import { useSize } from '../charts/use-size';
import type { ISeries } from './display';

const MARGIN = { top: 24, right: 16, bottom: 44, left: 64 };

/**
 * A series of numbers as a line over its positions; a missing value is a gap.
 */
export function SeriesSample(props: {
  series: ISeries;
  name: string;
  /** In pixels; by default as the room allows. */
  height?: number;
  trans: TranslationBundle;
}): JSX.Element {
  const { series, name, trans } = props;
  const [frame, room] = useSize<HTMLDivElement>({ width: 640, height: 288 });
  const { width } = room;
  const height =
    props.height ??
    Math.min(Math.max(Math.round(width * 0.45), 200), room.height);
  const points = pointsOf(series);
  const range = rangeOf(points);
  if (range === null) {
    return (
      <p className="jp-al-Hint">
        {trans.__(
          'None of the %1 values of this sample is a number.',
          count(series.length)
        )}
      </p>
    );
  }
  const short = numbersOf(range);
  const right = width - MARGIN.right;
  const bottom = height - MARGIN.bottom;
  const x = linear([0, Math.max(series.length - 1, 1)], [MARGIN.left, right]);
  const y = linear(range, [bottom, MARGIN.top]);
  const { line, dots } = paths(points, x, y);
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
        {ticks([0, series.length - 1], Math.max(3, Math.floor(width / 90)))
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
        <path className="jp-al-Series-line" d={line} />
        <path className="jp-al-Series-dots" d={dots} />
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

/** The lowest and the highest value, told apart where they are the same; null without any. */
function rangeOf(
  points: readonly { y: number | null }[]
): [number, number] | null {
  const found = points.map(each => each.y).filter(y => y !== null);
  const low = found.reduce((least, y) => Math.min(least, y), Infinity);
  const high = found.reduce((most, y) => Math.max(most, y), -Infinity);
  if (low > high) {
    return null;
  }
  return low === high ? [low - 1, high + 1] : [low, high];
}

/** The line in pieces between gaps, and a dot for each value alone between two gaps. */
function paths(
  points: readonly { x: number; y: number | null }[],
  x: Scale,
  y: Scale
): { line: string; dots: string } {
  let line = '';
  let dots = '';
  points.forEach((point, index) => {
    if (point.y === null) {
      return;
    }
    const follows = typeof points[index - 1]?.y === 'number';
    const place = `${pixel(x(point.x))},${pixel(y(point.y))}`;
    if (follows) {
      line += `L${place}`;
    } else if (typeof points[index + 1]?.y === 'number') {
      line += `M${place}`;
    } else {
      dots += `M${place}h0`;
    }
  });
  return { line, dots };
}

function pixel(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** How values of a range are written beside the axis: short, and told apart. */
function numbersOf([low, high]: [number, number]): (value: number) => string {
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const shared = Math.ceil(Math.log10(largest / (high - low)));
  const format: Intl.NumberFormatOptions = {
    maximumSignificantDigits: Math.min(Math.max(4, shared + 3), 15),
    notation:
      largest >= 1e6 ? 'compact' : largest < 1e-3 ? 'scientific' : 'standard'
  };
  return value =>
    value === 0 ? '0' : value.toLocaleString(language(), format);
}
