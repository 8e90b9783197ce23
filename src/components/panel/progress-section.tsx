import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IMetricsReply } from '../../api/types';
import { accuracy, count, duration, share, Sparkline } from '../charts';
import { Notice } from './notice';
import { ProgressBar } from './progress-bar';
import { accuracySentence, orderSentence, phaseWord } from './words';

/** How far labeling is. */
export interface IProgressSectionProps {
  metrics: IMetricsReply;
  /** How many samples are to be labeled; 0: all of them. */
  budget: number;
  /** Whether a sample can have several classes. */
  isMulti: boolean;
  /** The project's query strategy. */
  strategy: unknown;
  trans: TranslationBundle;
}

/** Labels, pace, time left, checks, and what the model does. */
export function ProgressSection(props: IProgressSectionProps): JSX.Element {
  const { metrics, budget, isMulti, trans } = props;
  const { last_round: round, throughput } = metrics;
  const isTraining = round && ['queued', 'running'].includes(round.state);
  const isPlanned = budget > 0 && budget < metrics.n_samples;
  const wanted = isPlanned ? budget : metrics.n_samples;
  const left = Math.max(0, wanted - metrics.n_labeled);
  return (
    <>
      <dl className="jp-al-Facts">
        <dt>{trans.__('Labeled')}</dt>
        <dd>
          {trans.__('%1 of %2', count(metrics.n_labeled), count(wanted))}
          {isPlanned &&
            ` ${trans.__('(there are %1 samples)', count(metrics.n_samples))}`}
        </dd>
        <dt>
          {isMulti ? trans.__('All classes right') : trans.__('Accuracy')}
        </dt>
        <dd>
          {metrics.accuracy
            ? accuracy(metrics.accuracy)
            : trans.__('not measured yet')}
        </dd>
        {metrics.macro_f1 && (
          <>
            <dt>{trans.__('Each class (mean F1)')}</dt>
            <dd>{accuracy(metrics.macro_f1)}</dd>
          </>
        )}
        <dt>{trans.__('Random checks')}</dt>
        <dd>
          {count(metrics.checks)}
          {metrics.skipped_checks > 0 &&
            ` ${trans.__('(and %1 skipped)', count(metrics.skipped_checks))}`}
        </dd>
        {metrics.skipped > 0 && (
          <>
            <dt>{trans.__('Skipped')}</dt>
            <dd>{count(metrics.skipped)}</dd>
          </>
        )}
        {throughput && (
          <>
            <dt>{trans.__('Pace')}</dt>
            <dd>
              {trans.__('%1 an hour', count(twoDigits(throughput.per_hour)))}
            </dd>
            <dt>
              {isPlanned
                ? trans.__('Planned labels in')
                : trans.__('All samples in')}
            </dt>
            <dd>
              {left === 0
                ? trans.__('done')
                : duration(left * throughput.seconds_per_label, trans)}
            </dd>
          </>
        )}
      </dl>
      {metrics.accuracy && (
        <p className="jp-al-Sentence">
          {accuracySentence(metrics.accuracy, isMulti, trans)}
        </p>
      )}
      {metrics.accuracy && metrics.skipped_checks > 0 && (
        <p className="jp-al-Sentence">
          {trans.__(
            'Checks that were skipped don’t count: if they were the hard ones, the model is a little worse than this says.'
          )}
        </p>
      )}
      {isMulti && metrics.accuracy && (
        <p className="jp-al-Sentence">
          {trans.__(
            'A sample counts as right only when the model gets every one of its classes right. F1 asks of each class by itself how much of it is found and how often it is right when said: 100 would be all. How well each class is known stands under Classes.'
          )}
        </p>
      )}
      <p className="jp-al-Sentence">
        {orderSentence(metrics, props.strategy, trans)}
      </p>
      <Changes metrics={metrics} trans={trans} />
      {isTraining && (
        <div className="jp-al-Training">
          <span>
            {round.phase
              ? phaseWord(round.phase, trans)
              : trans.__('A round waits for the worker')}
          </span>
          <ProgressBar
            label={trans.__('Progress of the round')}
            value={round.progress}
          />
        </div>
      )}
      {round?.state === 'failed' && (
        <Notice kind="warning" detail={round.error ?? undefined} trans={trans}>
          {trans.__(
            'The last training failed. All labels and the earlier order are kept. Read the detail, then try “Train now” or change the model under Settings.'
          )}
        </Notice>
      )}
    </>
  );
}

/** How many predictions the newest round changed, beside the rounds before it. */
function Changes(
  props: Pick<IProgressSectionProps, 'metrics' | 'trans'>
): JSX.Element | null {
  const { metrics, trans } = props;
  const values = metrics.curve.map(point => point.changed_share);
  const known = values.filter((value): value is number => value !== null);
  if (known.length === 0) {
    return null;
  }
  const text = trans.__(
    'In the last round the model changed its mind about %1 of the samples',
    share(known[known.length - 1])
  );
  return (
    <p className="jp-al-Sentence">
      {text} <Sparkline values={values} label={text} />
    </p>
  );
}

/** A pace is known to two digits at most. */
function twoDigits(value: number): number {
  return Number(value.toPrecision(2));
}
