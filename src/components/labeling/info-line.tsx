import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { KeyCap } from './key-cap';

/**
 * What is said between the sample and the buttons.
 */
export interface IInfoLineProps {
  /** Why this sample was chosen, or what the answer was that was undone. */
  words: string | null;
  /** Whether the words are about why it was chosen. */
  isExplained: boolean;
  whyKey?: string;
  /** What went wrong last. */
  notice: string | null;
  /** Answers that the server refused, in its words. */
  refused: readonly { key: string; label: string; message: string }[];
  /** Why more labels would change little; null without that advice. Shown beside a sample only. */
  advice: string | null;
  exportMenu?: React.ReactNode;
  hasSample: boolean;
  onWhy: () => void;
  onRetry: () => void;
  onDiscard: (key: string) => void;
  onKeepGoing: () => void;
  trans: TranslationBundle;
}

/**
 * One line that keeps its place: a refused answer, an advice, or why this sample was chosen.
 */
export function InfoLine(props: IInfoLineProps): JSX.Element {
  const { words, notice, refused, hasSample, trans } = props;
  return (
    <div className="jp-al-Info">
      {refused.length > 0 ? (
        <Refusal {...props} />
      ) : notice ? (
        <span className="jp-al-Error" role="alert">
          {notice}
        </span>
      ) : props.advice && hasSample ? (
        <Advice {...props} />
      ) : (
        <span role="status">{words}</span>
      )}
      {hasSample && (
        <button
          type="button"
          className="jp-al-Link jp-al-Why"
          aria-expanded={props.isExplained}
          aria-keyshortcuts={props.whyKey}
          onClick={props.onWhy}
        >
          {trans.__('why this one?')} <KeyCap name={props.whyKey} />
        </button>
      )}
    </div>
  );
}

function Refusal(props: IInfoLineProps): JSX.Element {
  const { refused, onRetry, onDiscard, trans } = props;
  const [{ key, label, message }] = refused;
  return (
    <span className="jp-al-Error" role="alert">
      {trans._n(
        '%1 answer was refused and is kept here: %2 (%3)',
        '%1 answers were refused and are kept here: %2 (%3)',
        refused.length,
        message,
        label
      )}{' '}
      <button type="button" className="jp-al-Link" onClick={onRetry}>
        {trans.__('send again')}
      </button>{' '}
      <button
        type="button"
        className="jp-al-Link"
        onClick={() => onDiscard(key)}
      >
        {trans.__('give it up')}
      </button>
    </span>
  );
}

function Advice(props: IInfoLineProps): JSX.Element {
  const { advice, exportMenu, onKeepGoing, trans } = props;
  return (
    <span className="jp-al-Advice" role="status">
      <span className="jp-al-Advice-words">{advice}</span>
      <button type="button" className="jp-al-Link" onClick={onKeepGoing}>
        {trans.__('keep going')}
      </button>
      {exportMenu}
    </span>
  );
}
