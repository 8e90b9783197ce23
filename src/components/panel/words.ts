import type { TranslationBundle } from '@jupyterlab/translation';

import type {
  IGainReply,
  IMetricsReply,
  IProjectReply,
  IRoundReply
} from '../../api/types';
import { count, share } from '../charts';

/** A project's state in a word; nothing for the one that is usual. */
export function stateWord(
  state: IProjectReply['state'],
  trans: TranslationBundle
): string {
  switch (state) {
    case 'preparing':
      return trans.__('Preparing');
    case 'paused':
      return trans.__('Paused');
    case 'archived':
      return trans.__('Archived');
    case 'failed':
      return trans.__('Failed');
    case 'active':
      return '';
  }
}

/** A round's state in a word. */
export function roundWord(
  state: IRoundReply['state'],
  trans: TranslationBundle
): string {
  switch (state) {
    case 'queued':
      return trans.__('waiting');
    case 'running':
      return trans.__('running');
    case 'finished':
      return trans.__('finished');
    case 'failed':
      return trans.__('failed');
    case 'cancelled':
      return trans.__('cancelled');
  }
}

/** What the worker is doing, in words; a phase that is not known keeps its own name. */
export function phaseWord(phase: string, trans: TranslationBundle): string {
  const words: Record<string, string> = {
    read: trans.__('Reading the data'),
    featurize: trans.__('Computing what the model learns from'),
    start: trans.__('Starting'),
    fit: trans.__('Learning from the labels'),
    evaluate: trans.__('Measuring on the random checks'),
    score: trans.__('Looking at all samples'),
    rank: trans.__('Ordering the samples'),
    publish: trans.__('Publishing the new order')
  };
  return words[phase] ?? phase;
}

/** How the samples are ordered at the moment, in a sentence. */
export function orderSentence(
  metrics: IMetricsReply,
  trans: TranslationBundle
): string {
  const { order } = metrics;
  if (order.by === 'model' && order.phase === 'explore') {
    return trans.__(
      'Getting to know the data: typical samples come first, until each class has a few labels.'
    );
  }
  if (order.by === 'model' && order.labels_since === 0) {
    return trans.__(
      'Ordered by the model trained on all %1 labels.',
      count(order.n_labels)
    );
  }
  if (order.by === 'model') {
    return trans._n(
      'Ordered by the model trained on %2 labels, %1 label ago.',
      'Ordered by the model trained on %2 labels, %1 labels ago.',
      order.labels_since,
      count(order.n_labels)
    );
  }
  const missing = Object.keys(order.needs);
  if (metrics.labels === 0) {
    return trans.__(
      'Start anywhere: the model joins in after labels in two classes.'
    );
  }
  if (missing.length > 0) {
    return trans.__(
      'Choosing at random until two classes have labels; none yet for %1.',
      listed(missing)
    );
  }
  return trans.__('Choosing at random until the first round is finished.');
}

/** The first few names of many. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown}, …` : shown;
}

/** What choosing gained against random labels, in a sentence. */
export function gainSentence(
  gain: IGainReply,
  trans: TranslationBundle
): string {
  const both = trans.__(
    'After %1 labels, chosen ones give %2 and random ones %3',
    count(gain.n_labels),
    share(gain.chosen),
    share(gain.random)
  );
  const points = (value: number) => String(Math.round(Math.abs(value) * 100));
  if (gain.low > 0) {
    return trans.__(
      '%1: choosing gains %2 to %3 points.',
      both,
      points(gain.low),
      points(gain.high)
    );
  }
  if (gain.high < 0) {
    return trans.__(
      '%1: choosing loses %2 to %3 points. Another strategy, or Random, may serve you better.',
      both,
      points(gain.high),
      points(gain.low)
    );
  }
  return trans.__(
    '%1: too few random checks to tell whether choosing gains (from %2 points worse to %3 better).',
    both,
    points(gain.low),
    points(gain.high)
  );
}
