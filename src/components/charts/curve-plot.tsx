import React from 'react';

import { count, percent } from './format';
import { MARGIN } from './layout';
import { bandPath, linear, linePath, ticks } from './scale';
import type { IBaselineValue, ICurveValue } from './values';

/** What is drawn, and how large. */
export interface ICurvePlotProps {
  points: readonly ICurveValue[];
  baseline: readonly IBaselineValue[];
  width: number;
  height: number;
  /** The first and the last number of labels. */
  domain: readonly [number, number];
  /** Index of the point that is read. */
  read: number;
}

/** The drawing of a learning curve; hidden from screen readers, which get words and a table. */
export function CurvePlot(props: ICurvePlotProps): JSX.Element {
  const { points, baseline, width, height, domain, read } = props;
  const floor = accuracyFloor(points, baseline);
  const right = width - MARGIN.right;
  const bottom = height - MARGIN.bottom;
  const x = linear(domain, [MARGIN.left, right]);
  const y = linear([floor, 1], [bottom, MARGIN.top]);
  const line = points.map(each => ({ x: each.nLabels, y: each.accuracy }));
  const upper = points.map(each => ({ x: each.nLabels, y: each.high }));
  const lower = points.map(each => ({ x: each.nLabels, y: each.low }));
  const thin = baseline.map(each => ({ x: each.nLabels, y: each.accuracy }));
  const chosen = points[read];
  return (
    <svg
      className="jp-al-Curve"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
      focusable="false"
    >
      {ticks([floor, 1], 5).map(tick => (
        <g key={tick}>
          <line
            className="jp-al-Curve-grid"
            x1={MARGIN.left}
            x2={right}
            y1={y(tick)}
            y2={y(tick)}
          />
          <text
            className="jp-al-Curve-tick"
            x={MARGIN.left - 4}
            y={y(tick)}
            dy="0.32em"
            textAnchor="end"
          >
            {percent(tick)}%
          </text>
        </g>
      ))}
      {wholeTicks(domain, width).map(tick => (
        <text
          key={tick}
          className="jp-al-Curve-tick"
          x={x(tick)}
          y={height - 6}
          textAnchor="middle"
        >
          {count(tick)}
        </text>
      ))}
      <path className="jp-al-Curve-band" d={bandPath(upper, lower, x, y)} />
      <path className="jp-al-Curve-baseline" d={linePath(thin, x, y)} />
      <path className="jp-al-Curve-line" d={linePath(line, x, y)} />
      <line
        className="jp-al-Curve-interval"
        x1={x(chosen.nLabels)}
        x2={x(chosen.nLabels)}
        y1={y(chosen.low)}
        y2={y(chosen.high)}
      />
      <circle
        className="jp-al-Curve-point"
        cx={x(chosen.nLabels)}
        cy={y(chosen.accuracy)}
        r={4}
      />
    </svg>
  );
}

/** Returns where the accuracy axis starts: a tenth below all that is drawn, so that small gains show. */
function accuracyFloor(
  points: readonly ICurveValue[],
  baseline: readonly IBaselineValue[]
): number {
  const lows = [
    ...points.map(point => point.low),
    ...baseline.map(point => point.accuracy)
  ];
  const least = lows.reduce((low, each) => Math.min(low, each), 0.8);
  return Math.max(0, Math.floor(least * 10 + 1e-9) / 10);
}

/** Returns round numbers of labels that fit under the axis. */
function wholeTicks(
  domain: readonly [number, number],
  width: number
): number[] {
  const found = ticks(domain, Math.max(2, Math.floor(width / 55)));
  return found.filter(tick => Number.isInteger(tick));
}
