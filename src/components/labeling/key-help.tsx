import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useRef } from 'react';

import type { IActionKeys } from './action-bar';
import type { IClassView } from './class-buttons';
import { KeyCap } from './key-cap';

/**
 * The keys that work here.
 */
export interface IKeyHelpProps {
  keys: IActionKeys;
  classes: readonly IClassView[];
  /** Whether the keys of classes toggle. */
  isMulti: boolean;
  onClose: () => void;
  trans: TranslationBundle;
}

/**
 * All keys on one card; Escape closes it.
 */
export function KeyHelp(props: IKeyHelpProps): JSX.Element {
  const { keys, classes, isMulti, onClose, trans } = props;
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => card.current?.focus(), []);
  const acts: [string | undefined, string][] = [
    [keys.play, trans.__('play the sound, or pause it')],
    [keys.zoom, trans.__('zoom the picture')],
    [
      keys.submit,
      trans.__('submit the classes that are on, or that none of them fits')
    ],
    [keys.skip, trans.__('skip: leave it to others')],
    [keys.flag, trans.__('flag: to be looked at again')],
    [keys.comment, trans.__('comment on the sample')],
    [keys.undo, trans.__('undo, any number of steps')],
    [keys.answers, trans.__('your last answers: see and change them')],
    [keys.find, trans.__('find a class by typing')],
    [keys.add, trans.__('add a class')],
    [keys.why, trans.__('why this sample?')],
    [keys.help, trans.__('show or hide this card')]
  ];
  return (
    <div
      ref={card}
      className="jp-al-Help"
      role="dialog"
      aria-label={trans.__('Keys')}
      tabIndex={-1}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onClose();
        }
      }}
    >
      <h3>{trans.__('Keys')}</h3>
      {isMulti && (
        <p className="jp-al-Hint">
          {trans.__('The key of a class puts it on or off.')}
        </p>
      )}
      <dl>
        {classes
          .filter(({ keyCap }) => keyCap)
          .map(({ label, keyCap }) => (
            <Line key={`class-${label}`} keyCap={keyCap} text={label} />
          ))}
        {acts
          .filter(([keyCap]) => keyCap)
          .map(([keyCap, text]) => (
            <Line key={text} keyCap={keyCap} text={text} />
          ))}
      </dl>
      <p className="jp-al-Hint">
        {trans.__('Other keys can be set in the keyboard shortcut settings.')}
      </p>
      <button type="button" className="jp-al-Button" onClick={onClose}>
        {trans.__('Close')}
      </button>
    </div>
  );
}

function Line(props: {
  keyCap: string | undefined;
  text: string;
}): JSX.Element {
  return (
    <div className="jp-al-Help-line">
      <dt>
        {/* Read out here: this is the list of keys. */}
        <span className="jp-al-Unseen">{props.keyCap}</span>
        <KeyCap name={props.keyCap} />
      </dt>
      <dd dir="auto">{props.text}</dd>
    </div>
  );
}
