import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useState } from 'react';

import type { IRoundReply } from '../../api/types';
import { ago, count, duration, fullAccuracy } from '../charts';
import { Notice } from './notice';
import { ProgressBar } from './progress-bar';
import { phaseWord, roundWord, warningSentence } from './words';

/** The rounds of a project, newest first. */
export interface IRoundsSectionProps {
  rounds: readonly IRoundReply[];
  now: number;
  mayChange: boolean;
  /** Why the last cancel failed. */
  error: string | null;
  onCancel: (id: string) => void;
  trans: TranslationBundle;
}

/** So many rounds are shown at once. */
const SHOWN = 5;

/** What each round took and gave. */
export function RoundsSection(props: IRoundsSectionProps): JSX.Element {
  const { rounds, error, trans } = props;
  const [all, setAll] = useState(false);
  const last = lastFinished(rounds);
  if (rounds.length === 0) {
    return (
      <p className="jp-al-Chart-empty">
        {trans.__('No round yet. The first starts by itself.')}
      </p>
    );
  }
  return (
    <>
      {error && (
        <Notice kind="error" trans={trans}>
          {error}
        </Notice>
      )}
      <ol className="jp-al-Rounds" aria-label={trans.__('Rounds')}>
        {(all ? rounds : rounds.slice(0, SHOWN)).map(round => (
          <Round
            key={round.id}
            round={round}
            isLast={round.id === last?.id}
            {...props}
          />
        ))}
      </ol>
      {rounds.length > SHOWN && (
        <button
          type="button"
          className="jp-al-Link"
          aria-expanded={all}
          onClick={() => setAll(!all)}
        >
          {all
            ? trans.__('Show fewer rounds')
            : trans.__('Show the last %1 rounds', rounds.length)}
        </button>
      )}
    </>
  );
}

/** What went wrong last, in a few words that are seen while the section is folded, too. */
export function roundsNote(
  rounds: readonly IRoundReply[],
  trans: TranslationBundle
): string | undefined {
  if (rounds[0]?.state === 'failed') {
    return trans.__('the last one failed');
  }
  return lastFinished(rounds)?.warnings.length
    ? trans.__('the model warned')
    : undefined;
}

/** The round of the model that stands: what an earlier one warned of matters no longer. */
function lastFinished(rounds: readonly IRoundReply[]): IRoundReply | undefined {
  return rounds.find(each => each.state === 'finished');
}

function Round(
  props: IRoundsSectionProps & { round: IRoundReply; isLast: boolean }
): JSX.Element {
  const { round, isLast, now, mayChange, onCancel, trans } = props;
  const seconds = Object.values(round.seconds).reduce((a, b) => a + b, 0);
  const isOpen = round.state === 'queued' || round.state === 'running';
  return (
    <li className={`jp-al-Round jp-al-mod-${round.state}`}>
      <span className="jp-al-Round-line">
        <time dateTime={round.created_at}>
          {ago(round.created_at, now, trans)}
        </time>
        <span>
          {trans._n(
            '%2 label',
            '%2 labels',
            round.n_labels,
            count(round.n_labels)
          )}
        </span>
        {seconds > 0 && (
          <span title={breakdown(round, trans)}>
            {duration(seconds, trans)}
          </span>
        )}
        <span className="jp-al-Round-result">
          {round.accuracy
            ? fullAccuracy(round.accuracy, trans)
            : roundWord(round.state, trans)}
        </span>
      </span>
      {isOpen && (
        <span className="jp-al-Round-open">
          <ProgressBar
            label={
              round.phase ? phaseWord(round.phase, trans) : trans.__('Waiting')
            }
            value={round.progress}
          />
          {mayChange && (
            <button
              type="button"
              className="jp-al-Button jp-al-mod-small"
              onClick={() => onCancel(round.id)}
            >
              {trans.__('Cancel round')}
            </button>
          )}
        </span>
      )}
      {scoredShare(round, trans)}
      {isLast && round.warnings.length > 0 && (
        <Notice kind="warning" detail={round.warnings.join('\n')} trans={trans}>
          {warningSentence(round.warnings, trans)}
        </Notice>
      )}
      {round.error && <span className="jp-al-Round-error">{round.error}</span>}
    </li>
  );
}

/** How much of the pool was scored, where there was no time for all of it. */
function scoredShare(
  { n_scored: scored, n_candidates: all }: IRoundReply,
  trans: TranslationBundle
): JSX.Element | null {
  if (scored === null || all === null || scored >= all) {
    return null;
  }
  return (
    <span className="jp-al-Hint">
      {trans.__('Scored %1 of %2', count(scored), count(all))}
    </span>
  );
}

/** Where the seconds of a round went. */
function breakdown(round: IRoundReply, trans: TranslationBundle): string {
  return Object.entries(round.seconds)
    .map(
      ([phase, seconds]) =>
        `${phaseWord(phase, trans)}: ${duration(seconds, trans)}`
    )
    .join('\n');
}
