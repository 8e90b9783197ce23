import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IMetricsReply } from '../../api/types';
import { isReviewable, reviewWords } from '../../models/review-words';
import { ConfusedClasses } from '../charts';
import { Notice } from './notice';
import { agreementSentence } from './words';

/** How far labels can be trusted, and what can be done about it. */
export interface IQualitySectionProps {
  metrics: IMetricsReply;
  /** How many samples were asked for again; null before anybody asked. */
  comingBack: number | null;
  /** Whether the person may label now. */
  mayReview: boolean;
  isBusy: boolean;
  error: string | null;
  onReview: () => void;
  trans: TranslationBundle;
}

/** Agreement, what is confused, and what there is to review. */
export function QualitySection(props: IQualitySectionProps): JSX.Element {
  const { metrics, comingBack, error, trans } = props;
  const { agreement, review_note: note } = metrics;
  const canReview = isReviewable(metrics);
  return (
    <>
      <p className="jp-al-Sentence">{agreementSentence(agreement, trans)}</p>
      {agreement && (
        <ConfusedClasses confused={agreement.confused} trans={trans} />
      )}
      <p className="jp-al-Sentence" role="status">
        {reviewWords(metrics, comingBack, trans)}
      </p>
      {canReview && note && <p className="jp-al-Hint">{note}</p>}
      {canReview && props.mayReview && (
        <div className="jp-al-Buttons">
          <button
            type="button"
            className="jp-al-Button"
            disabled={props.isBusy}
            title={trans.__(
              'Opens the labeling view; they come before others.'
            )}
            onClick={props.onReview}
          >
            {trans.__('Review them')}
          </button>
        </div>
      )}
      {error && (
        <Notice kind="error" trans={trans}>
          {error}
        </Notice>
      )}
    </>
  );
}
