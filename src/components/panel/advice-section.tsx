import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useState } from 'react';

import type { IAdviceReply, IVote } from '../../api/types';
import { language } from '../charts';

/** Whether more labels would help. */
export interface IAdviceSectionProps {
  advice: IAdviceReply;
  /** How many labels a wrong answer about one sample costs. */
  errorCost: number;
  mayChange: boolean;
  onErrorCost: (cost: number) => void;
  trans: TranslationBundle;
}

/** So many votes, the first ones, make the advice. */
const N_DECISIVE = 3;

/** Rules about what is spent; they know from the start and say nothing about the model. */
const SPENT = ['pool_labeled', 'budget'];

/** What the slider offers, from cheap errors to dear ones. */
const COSTS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** The advice in a line, what an error costs, and each rule's reason. */
export function AdviceSection(props: IAdviceSectionProps): JSX.Element {
  const { advice, trans } = props;
  const isDecidable =
    advice.votes.length > N_DECISIVE &&
    advice.votes.slice(0, N_DECISIVE).every(vote => vote.says !== 'unknown');
  const early = advice.votes.filter(vote => vote.says === 'unknown');
  return (
    <>
      <p className="jp-al-Sentence">
        <strong>{adviceWord(advice, trans)}</strong>
      </p>
      <ErrorCost {...props} />
      {isDecidable && (
        <p className="jp-al-Hint">
          {trans.__(
            'The advice is to stop once the first three reasons say so, unless accuracy is seen to rise. The others are for you to weigh.'
          )}
        </p>
      )}
      <Votes
        votes={advice.votes.filter(vote => vote.says !== 'unknown')}
        trans={trans}
      />
      {early.length > 0 && (
        <details className="jp-al-Chart-table">
          <summary>
            {trans._n(
              '%1 reason is not known yet',
              '%1 reasons are not known yet',
              early.length
            )}
          </summary>
          <Votes votes={early} trans={trans} />
        </details>
      )}
    </>
  );
}

/** What some rules say, each in a sentence. */
function Votes(props: {
  votes: readonly IVote[];
  trans: TranslationBundle;
}): JSX.Element | null {
  const { votes, trans } = props;
  if (votes.length === 0) {
    return null;
  }
  return (
    <ul className="jp-al-Votes" aria-label={trans.__('Reasons')}>
      {votes.map(vote => (
        <li key={vote.rule}>
          <span className={`jp-al-Vote jp-al-mod-${vote.says}`}>
            {voteWord(vote.says, trans)}
          </span>{' '}
          {vote.because}
        </li>
      ))}
    </ul>
  );
}

/** How much a wrong answer costs against a label: the one thing that only a person can know. */
function ErrorCost(props: IAdviceSectionProps): JSX.Element {
  const { errorCost, mayChange, onErrorCost, trans } = props;
  const [place, setPlace] = useState(nearestCost(errorCost));
  useEffect(() => setPlace(nearestCost(errorCost)), [errorCost]);
  const words = trans._n(
    'One wrong answer costs as much as %2 label',
    'One wrong answer costs as much as %2 labels',
    COSTS[place],
    COSTS[place].toLocaleString(language())
  );
  const commit = () => {
    if (COSTS[place] !== errorCost) {
      onErrorCost(COSTS[place]);
    }
  };
  return (
    <label className="jp-al-Slider">
      <span>{words}</span>
      <input
        type="range"
        min={0}
        max={COSTS.length - 1}
        step={1}
        value={place}
        disabled={!mayChange}
        aria-valuetext={words}
        onChange={event => setPlace(Number(event.target.value))}
        onPointerUp={commit}
        onKeyUp={commit}
        onBlur={commit}
      />
    </label>
  );
}

function nearestCost(cost: number): number {
  const distances = COSTS.map(each => Math.abs(Math.log(each / cost)));
  return distances.indexOf(Math.min(...distances));
}

/** The advice in a few words. */
export function adviceWord(
  advice: IAdviceReply,
  trans: TranslationBundle
): string {
  if (advice.stop) {
    return trans.__('More labels would hardly help: you could stop here.');
  }
  const learned = advice.votes.filter(vote => !SPENT.includes(vote.rule));
  if (learned.every(vote => vote.says === 'unknown')) {
    return trans.__('It is too early to say; keep labeling.');
  }
  return trans.__('Keep labeling.');
}

function voteWord(says: IVote['says'], trans: TranslationBundle): string {
  switch (says) {
    case 'stop':
      return trans.__('Stop:');
    case 'continue':
      return trans.__('Go on:');
    case 'unknown':
      return trans.__('Too early:');
  }
}
