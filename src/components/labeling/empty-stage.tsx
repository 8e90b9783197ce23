import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

/**
 * Why there is no sample to label.
 */
export type EmptyKind =
  | 'loading'
  | 'missing'
  | 'failed'
  | 'forbidden'
  | 'lost'
  | 'preparing'
  | 'all_labeled'
  | 'held_by_others'
  | 'budget'
  | 'paused';

/**
 * What is said and offered in place of a sample.
 */
export interface IEmptyStageProps {
  kind: EmptyKind;
  /** The number of samples in the pool. */
  total: number;
  /** How many are not labeled yet. */
  left: number;
  /** When the first sample that others hold comes back. */
  backAt: Date | null;
  /** How far the import is, from 0 to 1. */
  preparing: { phase: string; progress: number } | null;
  /** Why the project could not be made. */
  error: string | null;
  /** Whether the project is archived rather than paused. */
  isArchived: boolean;
  isOwner: boolean;
  /** What there is to review, in words. */
  review: string | null;
  /** Whether there is anything to review. */
  canReview: boolean;
  onReview: () => void;
  onLookAgain: () => void;
  onResume: () => void;
  exportMenu?: React.ReactNode;
  trans: TranslationBundle;
}

/**
 * A headline, a sentence and what can be done.
 */
export function EmptyStage(props: IEmptyStageProps): JSX.Element {
  const { kind, preparing, trans } = props;
  const { headline, detail } = words(props);
  const isWaiting = kind === 'loading';
  return (
    <div
      className={isWaiting ? 'jp-al-Nothing jp-al-mod-late' : 'jp-al-Nothing'}
      role="status"
    >
      <h3>{headline}</h3>
      {detail && <p>{detail}</p>}
      {kind === 'all_labeled' && props.review && <p>{props.review}</p>}
      {kind === 'preparing' && preparing && (
        <progress
          className="jp-al-Progress"
          max={1}
          value={preparing.progress}
          aria-label={phaseWords(preparing.phase, trans)}
        />
      )}
      <div className="jp-al-Nothing-acts">
        <Acts {...props} />
      </div>
    </div>
  );
}

function Acts(props: IEmptyStageProps): JSX.Element | null {
  const { kind, isOwner, trans } = props;
  if (kind === 'all_labeled' || kind === 'budget') {
    return (
      <>
        {kind === 'all_labeled' && props.canReview && (
          <button
            type="button"
            className="jp-al-Button jp-mod-accept"
            onClick={props.onReview}
          >
            {trans.__('Review them')}
          </button>
        )}
        {props.exportMenu}
      </>
    );
  }
  if (kind === 'paused' && isOwner) {
    return (
      <button
        type="button"
        className="jp-al-Button jp-mod-accept"
        onClick={props.onResume}
      >
        {trans.__('Resume labeling')}
      </button>
    );
  }
  if (['held_by_others', 'lost', 'missing', 'forbidden'].includes(kind)) {
    return (
      <button
        type="button"
        className="jp-al-Button"
        onClick={props.onLookAgain}
      >
        {trans.__('Look again')}
      </button>
    );
  }
  return null;
}

interface IWords {
  headline: string;
  detail?: string;
}

function words(props: IEmptyStageProps): IWords {
  const { kind, total, trans } = props;
  switch (kind) {
    case 'loading':
      return { headline: trans.__('Fetching samples…') };
    case 'preparing':
      return {
        headline: trans.__('The samples are being prepared'),
        detail: props.preparing
          ? trans.__(
              '%1: %2 %. Labeling starts by itself.',
              phaseWords(props.preparing.phase, trans),
              Math.round(props.preparing.progress * 100)
            )
          : trans.__('Labeling starts by itself.')
      };
    case 'all_labeled':
      return {
        headline: trans._n(
          'The only sample is labeled',
          'All %2 samples are labeled',
          total,
          total.toLocaleString()
        ),
        detail: trans.__('Undo still brings back your own answers.')
      };
    case 'held_by_others':
      return heldWords(props);
    case 'budget':
      return {
        headline: trans.__('The labels asked for are given'),
        detail: trans.__('The project’s owner can raise the number.')
      };
    case 'paused':
      return pausedWords(props);
    case 'lost':
      return {
        headline: trans.__('Lost the server'),
        detail: trans.__(
          'Your answers are kept here and are sent when it is back. Trying again by itself.'
        )
      };
    case 'missing':
      return {
        headline: trans.__('There is no such project'),
        detail: trans.__(
          'It may have been deleted or renamed, or you may not be a member: ask its owner.'
        )
      };
    case 'failed':
      return {
        headline: trans.__('The project could not be made'),
        detail: props.error ?? undefined
      };
    case 'forbidden':
      return {
        headline: trans.__('You may not label in this project'),
        detail: trans.__('Its owner can make you an annotator.')
      };
  }
}

function heldWords({ left, backAt, trans }: IEmptyStageProps): IWords {
  const time = backAt?.toLocaleTimeString([], {
    hour: '2-digit',
    minute: '2-digit'
  });
  return {
    headline: trans._n(
      '%1 sample is with other people or in another tab',
      '%2 samples are with other people or in another tab',
      Math.max(left, 1),
      left.toLocaleString()
    ),
    detail: time
      ? trans.__('They come back by %1 and show up here by themselves.', time)
      : trans.__('They show up here by themselves when they come back.')
  };
}

function pausedWords(props: IEmptyStageProps): IWords {
  const { isArchived, isOwner, trans } = props;
  return {
    headline: isArchived
      ? trans.__('This project is archived')
      : trans.__('This project is paused'),
    detail: isOwner
      ? trans.__('All labels are kept.')
      : trans.__('All labels are kept. Its owner can resume it.')
  };
}

function phaseWords(phase: string, trans: TranslationBundle): string {
  switch (phase) {
    case 'read':
      return trans.__('Reading the data');
    case 'featurize':
      return trans.__('Turning samples into numbers');
    default:
      return trans.__('Preparing');
  }
}
