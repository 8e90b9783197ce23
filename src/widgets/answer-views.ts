import type { TranslationBundle } from '@jupyterlab/translation';

import type { IOwnAnnotationReply } from '../api/types';
import type { IAnswerView } from '../components/labeling/answer-list';
import { pictureOf, rowOf, textOf } from '../components/labeling/display';
import { labelText } from '../models/labeling-classes';

/** How much of a text is read in a list. */
const LONGEST = 300;

/**
 * Answers as they are listed: with the beginning of the sample's text, or its picture.
 */
export function answerViews(
  answers: readonly IOwnAnnotationReply[],
  trans: TranslationBundle
): IAnswerView[] {
  return answers.map(({ id, label, sample_key, display }) => ({
    id,
    label: labelText(label, trans),
    sampleKey: sample_key,
    text: wordsOf(display)?.slice(0, LONGEST) ?? null,
    picture: pictureOf(display)?.url ?? null
  }));
}

function wordsOf(display: IOwnAnnotationReply['display']): string | null {
  const row = rowOf(display);
  return row
    ? row.map(([name, value]) => `${name}: ${String(value)}`).join(' · ')
    : textOf(display);
}
