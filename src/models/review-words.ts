import type { TranslationBundle } from '@jupyterlab/translation';

import type { IMetricsReply } from '../api/types';

/**
 * How many samples people disagree about, or the model doubts the label of.
 */
export function reviewable(metrics: IMetricsReply | null): number {
  return metrics ? metrics.disputed + metrics.suspected : 0;
}

/**
 * Whether there is anything to review.
 */
export function isReviewable(metrics: IMetricsReply | null): boolean {
  return reviewable(metrics) > 0;
}

/**
 * What there is to review, or what asking for it came to; null while that is unknown.
 *
 * @param comingBack - how many samples were asked for; null before anybody asked
 * @param hasSample - whether one of them is there
 */
export function reviewWords(
  metrics: IMetricsReply | null,
  comingBack: number | null,
  trans: TranslationBundle,
  hasSample = true
): string | null {
  if (comingBack !== null && comingBack > 0) {
    const words = trans._n(
      '%1 sample comes back: label it anew.',
      '%1 samples come back: label them anew.',
      comingBack
    );
    return hasSample
      ? words
      : `${words} ${trans.__('Those that you skipped go to other people.')}`;
  }
  if (isReviewable(metrics) && comingBack === null) {
    return reviewableWords(metrics!, trans);
  }
  return metrics === null && comingBack === null
    ? null
    : nothingWords(metrics, trans);
}

function reviewableWords(
  { disputed, suspected }: IMetricsReply,
  trans: TranslationBundle
): string {
  const words: string[] = [];
  if (disputed > 0) {
    words.push(
      trans._n(
        'People disagree about %1 sample.',
        'People disagree about %1 samples.',
        disputed
      )
    );
  }
  if (suspected > 0) {
    words.push(
      trans._n(
        'The model doubts %1 label, which may well be right.',
        'The model doubts %1 labels; many of them will be right.',
        suspected
      )
    );
  }
  return words.join(' ');
}

/** That there is nothing, and why the model finds no mistakes where it can't look. */
function nothingWords(
  metrics: IMetricsReply | null,
  trans: TranslationBundle
): string {
  const note = metrics?.review_note;
  if (note) {
    return trans.__(
      'Nothing to review: nobody disagrees about a sample. %1',
      note
    );
  }
  return metrics?.order.by === 'random'
    ? trans.__('Nothing to review: nobody disagrees about a sample.')
    : trans.__(
        'Nothing to review: nobody disagrees about a sample, and the model doubts no label.'
      );
}
