import type { TranslationBundle } from '@jupyterlab/translation';

import type {
  IAccuracyReply,
  IAgreementReply,
  IGainReply,
  IMetricsReply,
  IProjectReply,
  IRoundReply
} from '../../api/types';
import { count, percent, share } from '../charts';

/** The name of a project's strategy. */
export function strategyName(strategy: unknown): string {
  const name = (strategy as { name?: unknown } | null)?.name;
  return typeof name === 'string' ? name : 'default';
}

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

/** What the estimator warned of while it was fitted, in a sentence, and what to do about it. */
export function warningSentence(
  warnings: readonly string[],
  trans: TranslationBundle
): string {
  const kept = trans.__('The order and the figures of this round stand.');
  return warnings.some(each => /converge/i.test(each))
    ? trans.__(
        'The model stopped learning before it had settled. %1 If it stays so, choose another model under Settings, or set one with a larger max_iter from a notebook.',
        kept
      )
    : trans._n(
        'The model warned of something while it learned. %2',
        'The model warned of %1 things while it learned. %2',
        warnings.length,
        kept
      );
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
  strategy: unknown,
  trans: TranslationBundle
): string {
  const { order } = metrics;
  if (order.by === 'model' && strategyName(strategy) === 'random') {
    return trans.__(
      'Samples come at random, because the strategy is Random; the model only learns.'
    );
  }
  if (order.by === 'model' && order.phase === 'explore') {
    return trans.__(
      'Getting to know the data: typical samples of every kind come first, until each class has a few labels.'
    );
  }
  if (order.by === 'model' && order.labels_since === 0) {
    return trans.__(
      'Refining: the model chooses what it can learn most from. It knows all %1 labels.',
      count(order.n_labels)
    );
  }
  if (order.by === 'model') {
    return trans._n(
      'Refining: the model chooses what it can learn most from. It knows %2 labels; %1 newer one waits for the next round.',
      'Refining: the model chooses what it can learn most from. It knows %2 labels; %1 newer ones wait for the next round.',
      order.labels_since,
      count(order.n_labels)
    );
  }
  const missing = Object.keys(order.needs);
  if (metrics.labels === 0) {
    return trans.__(
      'Start with any sample: they come at random until two classes have labels. Then the model chooses.'
    );
  }
  if (missing.length > 0) {
    return trans.__(
      'Samples come at random until two classes have labels, so that the model can tell them apart; none yet for %1.',
      listed(missing)
    );
  }
  return trans.__(
    'Samples come at random until the first round is finished; then the model chooses.'
  );
}

/** The first few names of many. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown}, …` : shown;
}

/** What the accuracy means, in a sentence. */
export function accuracySentence(
  accuracy: IAccuracyReply,
  isMulti: boolean,
  trans: TranslationBundle
): string {
  if (isMulti) {
    return trans._n(
      'The model very likely gets all classes of %2 to %3 of 100 new samples right. That is what %1 random check says, which it never learns from.',
      'The model very likely gets all classes of %2 to %3 of 100 new samples right. That is what %1 random checks say, which it never learns from.',
      accuracy.n,
      percent(accuracy.low),
      percent(accuracy.high)
    );
  }
  return trans._n(
    'The model very likely gets %2 to %3 of 100 new samples right. That is what %1 random check says, which it never learns from.',
    'The model very likely gets %2 to %3 of 100 new samples right. That is what %1 random checks say, which it never learns from.',
    accuracy.n,
    percent(accuracy.low),
    percent(accuracy.high)
  );
}

/** What choosing gained against random labels, in a sentence. */
export function gainSentence(
  gain: IGainReply,
  isMulti: boolean,
  trans: TranslationBundle
): string {
  const figures = [
    count(gain.n_labels),
    share(gain.chosen),
    share(gain.random)
  ];
  const both = isMulti
    ? trans.__(
        'Learning from %1 samples that were chosen, the model gets all classes of %2 of the random checks right; from as many drawn at random, of %3',
        ...figures
      )
    : trans.__(
        'Learning from %1 samples that were chosen, the model gets %2 of the random checks right; from as many drawn at random, %3',
        ...figures
      );
  const points = (value: number) => String(Math.round(Math.abs(value) * 100));
  if (gain.low > 0) {
    return trans.__(
      '%1. Choosing gains %2 to %3 percentage points.',
      both,
      points(gain.low),
      points(gain.high)
    );
  }
  if (gain.high < 0) {
    return trans.__(
      '%1. Choosing loses %2 to %3 percentage points: try another strategy, or Random, under Settings.',
      both,
      points(gain.high),
      points(gain.low)
    );
  }
  return trans.__(
    '%1. Too few checks to tell whether choosing gains: from %2 percentage points worse to %3 better.',
    both,
    points(gain.low),
    points(gain.high)
  );
}

/** Below so many samples a figure about them is a hint and no more. */
const FEW = 20;

/** How far people agree, against what they would if they guessed. */
export function agreementSentence(
  agreement: IAgreementReply | null,
  trans: TranslationBundle
): string {
  if (!agreement) {
    return trans.__(
      'How far people agree is known once a sample has labels of two people and a round has run since.'
    );
  }
  const { n, same, value } = agreement;
  const said = trans._n(
    'Two people who label the same sample give the same answer %2 times in 100 (from %1 sample).',
    'Two people who label the same sample give the same answer %2 times in 100 (from %1 samples).',
    n,
    percent(same)
  );
  const sentences = [said, agreementVerdict(agreement, trans)];
  if (value < 1) {
    // Kappa is the part of the way from guessing to full agreement.
    const guessed = Math.max(0, (same - value) / (1 - value));
    sentences.splice(
      1,
      0,
      trans.__('If they guessed, it would be %1 times.', percent(guessed))
    );
  }
  if (n < FEW) {
    sentences.push(trans.__('These are few samples: take it as a hint.'));
  }
  return sentences.join(' ');
}

/** What the agreement beyond chance means for whoever wrote down what the classes are. */
function agreementVerdict(
  { value }: IAgreementReply,
  trans: TranslationBundle
): string {
  if (value >= 0.8) {
    return trans.__('They mean the same by the classes.');
  }
  if (value >= 0.6) {
    return trans.__('They mostly mean the same by the classes.');
  }
  if (value >= 0.2) {
    return trans.__(
      'They often mean different things: say more exactly what belongs to which class.'
    );
  }
  return trans.__(
    'That is hardly better than guessing: settle what the classes are before labeling on.'
  );
}
