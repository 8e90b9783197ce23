import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { KeyCap } from './key-cap';
import { OutboxLine, type IOutboxView } from './outbox-line';

/**
 * The keys of all acts, as printed.
 */
export interface IActionKeys {
  skip?: string;
  flag?: string;
  comment?: string;
  undo?: string;
  answers?: string;
  submit?: string;
  find?: string;
  add?: string;
  why?: string;
  help?: string;
  play?: string;
  zoom?: string;
}

/**
 * What can be done with a sample beside labeling it.
 */
export interface IActionBarProps {
  keys: IActionKeys;
  isMulti: boolean;
  /** How many classes are toggled on, in multi-label projects. */
  nChosen: number;
  hasSample: boolean;
  isFlagged: boolean;
  hasComment: boolean;
  isCommenting: boolean;
  canUndo: boolean;
  showsAnswers: boolean;
  outbox: IOutboxView;
  onSubmit: () => void;
  onSkip: () => void;
  onFlag: () => void;
  onComment: () => void;
  onUndo: () => void;
  onAnswers: () => void;
  onHelp: () => void;
  onRetry: () => void;
  trans: TranslationBundle;
}

/**
 * Skip, flag, comment and undo, always at the same place.
 */
export function ActionBar(props: IActionBarProps): JSX.Element {
  const { keys, hasSample, trans } = props;
  return (
    <div
      className="jp-al-Actions"
      role="group"
      aria-label={trans.__('Actions')}
    >
      {props.isMulti && (
        <Act
          name={submitWords(props.nChosen, trans)}
          widest={submitWords(0, trans)}
          keyCap={keys.submit}
          isOff={!hasSample}
          isMain
          onAct={props.onSubmit}
        />
      )}
      <Act
        name={trans.__('skip')}
        keyCap={keys.skip}
        isOff={!hasSample}
        onAct={props.onSkip}
      />
      <Act
        name={props.isFlagged ? trans.__('flagged') : trans.__('flag')}
        keyCap={keys.flag}
        isOff={!hasSample}
        isPressed={props.isFlagged}
        onAct={props.onFlag}
      />
      <Act
        name={props.hasComment ? trans.__('commented') : trans.__('comment')}
        keyCap={keys.comment}
        isOff={!hasSample}
        isExpanded={props.isCommenting}
        onAct={props.onComment}
      />
      <Act
        name={trans.__('undo')}
        keyCap={keys.undo}
        isOff={!props.canUndo}
        onAct={props.onUndo}
      />
      <Act
        name={trans.__('answers')}
        keyCap={keys.answers}
        isExpanded={props.showsAnswers}
        onAct={props.onAnswers}
      />
      <OutboxLine outbox={props.outbox} onRetry={props.onRetry} trans={trans} />
      <Act name={trans.__('keys')} keyCap={keys.help} onAct={props.onHelp} />
    </div>
  );
}

/** What Enter says: the classes that are on, or that none of them fits. */
function submitWords(nChosen: number, trans: TranslationBundle): string {
  return nChosen === 0
    ? trans.__('none of these')
    : trans.__('submit %1', nChosen);
}

function Act(props: {
  name: string;
  /** The longest name that it can have: it keeps the room for that. */
  widest?: string;
  keyCap?: string;
  isOff?: boolean;
  isMain?: boolean;
  isPressed?: boolean;
  isExpanded?: boolean;
  onAct: () => void;
}): JSX.Element {
  return (
    <button
      type="button"
      className={props.isMain ? 'jp-al-Act jp-mod-accept' : 'jp-al-Act'}
      aria-disabled={props.isOff ?? false}
      aria-pressed={props.isPressed}
      aria-expanded={props.isExpanded}
      aria-keyshortcuts={props.keyCap}
      onClick={() => {
        // Not `disabled`: a button that turns off under the focus would drop it.
        if (!props.isOff) {
          props.onAct();
        }
      }}
    >
      <KeyCap name={props.keyCap} />
      <span className="jp-al-Act-name" data-widest={props.widest}>
        {props.name}
      </span>
    </button>
  );
}
