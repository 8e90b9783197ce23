import React from 'react';

import { linear, linePath } from './scale';

/** What a sparkline draws. */
export interface ISparklineProps {
  /** One value a round, oldest first; null where there is none. */
  values: readonly (number | null)[];
  /** What the line says, in words: a screen reader reads this instead. */
  label: string;
  width?: number;
  height?: number;
}

/** A line the size of a word, from zero to its largest value; nothing when there is no value. */
export function Sparkline(props: ISparklineProps): JSX.Element | null {
  const { values, label, width = 56, height = 16 } = props;
  const points = values
    .map((value, index) => ({ x: index, y: value }))
    .filter((point): point is { x: number; y: number } => point.y !== null);
  if (points.length === 0) {
    return null;
  }
  const most = points.reduce((top, point) => Math.max(top, point.y), 0);
  const x = linear([points[0].x, points[points.length - 1].x], [3, width - 3]);
  const y = linear([0, most || 1], [height - 3, 3]);
  const last = points[points.length - 1];
  return (
    <svg
      className="jp-al-Sparkline"
      role="img"
      aria-label={label}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      focusable="false"
    >
      <title>{label}</title>
      <path d={linePath(points, x, y)} />
      <circle cx={x(last.x)} cy={y(last.y)} r={2} />
    </svg>
  );
}
