import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useState } from 'react';

import { CurvePlot } from './curve-plot';
import { CurveTable } from './curve-table';
import { accuracy } from './format';
import { HEIGHT, MARGIN } from './layout';
import { linear, nearest } from './scale';
import { useSize } from './use-size';
import type { IBaselineValue, ICurveValue } from './values';

/** What the learning curve shows. */
export interface ILearningCurveProps {
  /** Measured rounds, by rising number of labels. */
  points: readonly ICurveValue[];
  /** The random baseline, drawn as a thin dashed line. */
  baseline?: readonly IBaselineValue[];
  /** Random checks that are labeled: without any there is no accuracy. */
  checks?: number;
  /** Whether a sample is right only when all its classes are. */
  isMulti?: boolean;
  trans: TranslationBundle;
}

/**
 * Accuracy by number of labels with its 95 % interval.
 *
 * The pointer and the arrow keys read single values; a table says all of it in text.
 */
export function LearningCurve(props: ILearningCurveProps): JSX.Element {
  const { points, checks = 0, trans } = props;
  if (points.length > 0) {
    return <Curve {...props} />;
  }
  return (
    <p className="jp-al-Chart-empty">
      {checks === 0
        ? trans.__(
            'No accuracy yet. It is measured on random checks, and none is labeled so far.'
          )
        : trans.__('No accuracy yet. The next round measures it.')}
    </p>
  );
}

/** The curve of at least one point. */
function Curve(props: ILearningCurveProps): JSX.Element {
  const { points, baseline = [], isMulti = false, trans } = props;
  const [ref, { width }] = useSize<HTMLDivElement>({ width: 280, height: 0 });
  const [read, setRead] = useState<number | null>(null);
  const last = points.length - 1;
  const index = Math.min(read ?? last, last);
  const value = points[index];
  const domain = labelDomain(points, baseline);
  const inner = [MARGIN.left, Math.max(width - MARGIN.right, 80)] as const;

  const readAt = (clientX: number, left: number) => {
    const target = linear(inner, domain)(clientX - left);
    setRead(
      nearest(
        points.map(point => point.nLabels),
        target
      )
    );
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const next = step(event.key, index, last);
    if (next !== null) {
      event.preventDefault();
      event.stopPropagation();
      setRead(next);
    }
  };

  return (
    <div className="jp-al-Chart">
      <div
        ref={ref}
        className="jp-al-Chart-plot"
        role="slider"
        tabIndex={0}
        aria-label={trans.__('Learning curve: accuracy by number of labels')}
        aria-valuemin={1}
        aria-valuemax={points.length}
        aria-valuenow={index + 1}
        aria-valuetext={reading(value, trans)}
        onKeyDown={onKeyDown}
        onBlur={() => setRead(null)}
        onPointerMove={event =>
          readAt(
            event.clientX,
            event.currentTarget.getBoundingClientRect().left
          )
        }
        onPointerLeave={() => setRead(null)}
      >
        <CurvePlot
          points={points}
          baseline={baseline}
          width={inner[1] + MARGIN.right}
          height={HEIGHT}
          domain={domain}
          read={index}
        />
      </div>
      <p className="jp-al-Chart-reading">{reading(value, trans)}</p>
      <p className="jp-al-Chart-legend">
        {isMulti
          ? trans.__(
              'Line: share of the random checks of which the model gets all classes right. Band: where its true share lies, 19 times in 20.'
            )
          : trans.__(
              'Line: share of the random checks that the model gets right. Band: where its true share lies, 19 times in 20.'
            )}
      </p>
      {baseline.length > 0 && (
        <p className="jp-al-Chart-legend">
          <span className="jp-al-Chart-dash" aria-hidden="true" />
          {trans.__('What random labels would have given')}
        </p>
      )}
      <details className="jp-al-Chart-table">
        <summary>{trans.__('As a table')}</summary>
        <CurveTable points={points} baseline={baseline} trans={trans} />
      </details>
    </div>
  );
}

/** Returns one point in words, with its interval. */
function reading(value: ICurveValue, trans: TranslationBundle): string {
  return trans._n(
    '%1 label: %2',
    '%1 labels: %2',
    value.nLabels,
    accuracy({ value: value.accuracy, low: value.low, high: value.high })
  );
}

/** Returns the first and the last number of labels that is drawn. */
function labelDomain(
  points: readonly ICurveValue[],
  baseline: readonly IBaselineValue[]
): [number, number] {
  const all = [...points, ...baseline].map(point => point.nLabels);
  return [
    all.reduce((least, each) => Math.min(least, each)),
    all.reduce((most, each) => Math.max(most, each))
  ];
}

/** Returns the index that a key leads to, or null when the key does something else. */
function step(key: string, index: number, last: number): number | null {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return Math.max(0, index - 1);
    case 'ArrowRight':
    case 'ArrowUp':
      return Math.min(last, index + 1);
    case 'PageDown':
      return Math.max(0, index - 10);
    case 'PageUp':
      return Math.min(last, index + 10);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}
