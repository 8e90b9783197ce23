import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IMetricsReply } from '../../api/types';
import { LearningCurve, percent, share } from '../charts';
import type { IBaselineValue, ICurveValue } from '../charts';
import { gainSentence } from './words';

/** How good the model is, and whether choosing pays. */
export interface ICurveSectionProps {
  metrics: IMetricsReply;
  /** Whether a sample is right only when all its classes are. */
  isMulti: boolean;
  trans: TranslationBundle;
}

/** A reading that is known no better than this says nothing. */
const VAGUE = 0.05;

/** The learning curve beside random labels, what choosing gained, and a second reading. */
export function CurveSection(props: ICurveSectionProps): JSX.Element {
  const { metrics, isMulti, trans } = props;
  const { gain, second_reading: reading } = metrics;
  return (
    <>
      <LearningCurve
        points={curveValues(metrics)}
        baseline={baselineValues(metrics)}
        checks={metrics.checks}
        isMulti={isMulti}
        trans={trans}
      />
      {gain && (
        <p className="jp-al-Sentence">{gainSentence(gain, isMulti, trans)}</p>
      )}
      {reading && reading.standard_error <= VAGUE && (
        <p className="jp-al-Sentence">
          {trans.__(
            'A second reading of the accuracy, from %1 labels that were chosen, not random, and weighted by how likely each was to be drawn: %2, give or take %3 points.',
            reading.n,
            share(Math.min(1, Math.max(0, reading.value))),
            percent(2 * reading.standard_error)
          )}
        </p>
      )}
    </>
  );
}

/** The rounds whose accuracy was measured. */
function curveValues(metrics: IMetricsReply): ICurveValue[] {
  return metrics.curve.flatMap(({ n_labels: nLabels, accuracy, low, high }) =>
    accuracy === null || low === null || high === null
      ? []
      : [{ nLabels, accuracy, low, high }]
  );
}

/** What random labels gave, by their number; the newest round knows best. */
function baselineValues(metrics: IMetricsReply): IBaselineValue[] {
  const found = new Map<number, number>();
  metrics.curve.forEach(
    ({ gain }) => gain && found.set(gain.n_labels, gain.random)
  );
  return [...found]
    .map(([nLabels, accuracy]) => ({ nLabels, accuracy }))
    .sort((one, other) => one.nLabels - other.nLabels);
}
