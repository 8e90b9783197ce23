import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IAdviceReply, IVote } from '../../api/types';

/** Whether more labels would help. */
export interface IAdviceSectionProps {
  advice: IAdviceReply;
  trans: TranslationBundle;
}

/** The advice in a line, and each rule's reason. */
export function AdviceSection(props: IAdviceSectionProps): JSX.Element {
  const { advice, trans } = props;
  return (
    <>
      <p className="jp-al-Sentence">
        <strong>{adviceWord(advice, trans)}</strong>
      </p>
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
