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

/** What the slider offers, from cheap errors to dear ones. */
const COSTS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** The advice in a line, what an error costs, and each rule's reason. */
export function AdviceSection(props: IAdviceSectionProps): JSX.Element {
  const { advice, trans } = props;
  return (
    <>
      <p className="jp-al-Sentence">
        <strong>{adviceWord(advice, trans)}</strong>
      </p>
      <ErrorCost {...props} />
      {advice.votes.length > 0 && (
        <ul className="jp-al-Votes" aria-label={trans.__('Reasons')}>
          {advice.votes.map(vote => (
            <li key={vote.rule}>
              <span className={`jp-al-Vote jp-al-mod-${vote.says}`}>
                {voteWord(vote.says, trans)}
              </span>{' '}
              {vote.because}
            </li>
          ))}
        </ul>
      )}
    </>
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
  if (advice.votes.every(vote => vote.says === 'unknown')) {
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
