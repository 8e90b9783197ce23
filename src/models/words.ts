import type { TranslationBundle } from '@jupyterlab/translation';

import type { ILeaseReply, IMetricsReply } from '../api/types';

/**
 * What the model does at the moment, in a few words.
 */
export interface IModelWords {
  text: string;
  /** Shares from 0 to 1 while a round runs. */
  progress: number | null;
  isTrouble: boolean;
}

/**
 * Say what the order of the samples comes from, or that the model learns or failed.
 */
export function modelWords(
  metrics: IMetricsReply,
  trans: TranslationBundle
): IModelWords {
  const { last_round: round } = metrics;
  if (round?.state === 'running') {
    const text = trans.__('model learning…');
    return { text, progress: round.progress, isTrouble: false };
  }
  if (round?.state === 'failed') {
    const reason = (round.error ?? '').replace(/\.$/, '');
    const text = trans.__(
      'last training failed: %1 · the earlier order is kept',
      reason
    );
    return { text, progress: null, isTrouble: true };
  }
  return { text: orderWords(metrics, trans), progress: null, isTrouble: false };
}

/**
 * Say what the samples are ordered by.
 */
export function orderWords(
  metrics: IMetricsReply,
  trans: TranslationBundle
): string {
  const { order } = metrics;
  if (order.by === 'random') {
    return randomWords(metrics, trans);
  }
  const since =
    order.labels_since === 0
      ? trans.__('just now')
      : trans._n('%1 label ago', '%1 labels ago', order.labels_since);
  return trans._n(
    'ordered by the model trained on %1 label, %2',
    'ordered by the model trained on %1 labels, %2',
    order.n_labels,
    since
  );
}

function randomWords(
  { order, labels }: IMetricsReply,
  trans: TranslationBundle
): string {
  if (labels === 0) {
    return trans.__(
      'start anywhere: the model joins in once two classes have labels'
    );
  }
  return Object.keys(order.needs).length > 0
    ? trans.__('choosing at random until two classes have labels')
    : trans.__('choosing at random until the model has learned');
}

/**
 * Say why a sample was chosen, as far as the person may know before labeling it.
 */
export function whyWords(
  lease: ILeaseReply,
  metrics: IMetricsReply | null,
  trans: TranslationBundle,
  isMulti = false
): string {
  if (lease.source === 'review') {
    return trans.__(
      'This sample comes again: people disagree about it, or the model doubts its label.'
    );
  }
  const shares = Object.entries(lease.prediction ?? {}).sort(
    ([, a], [, b]) => b - a
  );
  if (isMulti && shares.length > 0 && metrics) {
    return unsureWords(lease, shares, metrics, trans);
  }
  if (shares.length >= 2 && metrics) {
    const [[first, p], [second, q]] = shares;
    return trans.__(
      'The model hesitates between %1 (%2 %) and %3 (%4 %). Rank %5 of %6.',
      first,
      Math.round(p * 100),
      second,
      Math.round(q * 100),
      (lease.rank + 1).toLocaleString(),
      metrics.n_samples.toLocaleString()
    );
  }
  if (metrics?.order.by === 'random') {
    return trans.__(
      'Samples are chosen at random until the model has learned.'
    );
  }
  return trans.__(
    'Hidden while labeling, so that it does not steer your answer. Most samples are those the model is least sure about; some are drawn at random to measure it.'
  );
}

/** Each class is a question of its own: name those whose answer is nearest to a coin's. */
function unsureWords(
  lease: ILeaseReply,
  shares: [string, number][],
  metrics: IMetricsReply,
  trans: TranslationBundle
): string {
  const unsure = [...shares]
    .sort(([, a], [, b]) => Math.abs(a - 0.5) - Math.abs(b - 0.5))
    .slice(0, 2)
    .map(([name, share]) =>
      trans.__('%1 (%2 %)', name, Math.round(share * 100))
    );
  return trans.__(
    'The model is least sure about %1. Rank %2 of %3.',
    unsure.join(', '),
    (lease.rank + 1).toLocaleString(),
    metrics.n_samples.toLocaleString()
  );
}

/**
 * Say why more labels would likely change little, in the words of the first rules that say so.
 */
export function adviceWords(
  metrics: IMetricsReply,
  trans: TranslationBundle
): string {
  const reasons = metrics.advice.votes
    .filter(vote => vote.says === 'stop')
    .slice(0, 2)
    .map(vote => vote.because);
  return trans.__(
    'More labels would likely change little. %1',
    reasons.join(' ')
  );
}
