import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { KeyCap } from './key-cap';

/**
 * A class to choose.
 */
export interface IClassView {
  label: string;
  /** The key that chooses it, as printed. */
  keyCap?: string;
  /** Toggled on, in multi-label projects. */
  isOn: boolean;
  /** The person's earlier answer, which was undone. */
  isEarlier: boolean;
  /** How many samples carry it. */
  count: number;
  /** What the model gives it, from 0 to 1, where predictions are shown. */
  share?: number;
}

/**
 * What was chosen last; the count makes two equal choices differ.
 */
export interface IChoice {
  labels: readonly string[];
  count: number;
}

/**
 * The classes as buttons.
 */
export interface IClassButtonsProps {
  classes: readonly IClassView[];
  isMulti: boolean;
  isDisabled: boolean;
  lastChoice: IChoice;
  onChoose: (label: string) => void;
  trans: TranslationBundle;
}

/**
 * One button a class with its key. In a multi-label project the buttons toggle.
 */
export function ClassButtons(props: IClassButtonsProps): JSX.Element {
  const { classes, trans } = props;
  return (
    <div
      className="jp-al-Classes"
      role="group"
      aria-label={trans.__('Classes')}
    >
      {classes.map(item => (
        <ClassButton key={item.label} item={item} {...props} />
      ))}
    </div>
  );
}

/** Names longer than this many characters are printed small, in up to three lines. */
const LONG = 28;

function ClassButton(
  props: IClassButtonsProps & { item: IClassView }
): JSX.Element {
  const { item, isMulti, isDisabled, lastChoice, onChoose, trans } = props;
  const { label, keyCap, isOn, isEarlier, share } = item;
  const wasChosen = lastChoice.labels.includes(label);
  const isLong = label.length > LONG;
  return (
    <button
      type="button"
      className={isLong ? 'jp-al-Class jp-al-mod-long' : 'jp-al-Class'}
      title={isLong ? label : undefined}
      aria-disabled={isDisabled}
      aria-pressed={isMulti ? isOn : undefined}
      aria-keyshortcuts={keyCap}
      onClick={() => onChoose(label)}
    >
      {wasChosen && <span key={lastChoice.count} className="jp-al-Flash" />}
      <KeyCap name={keyCap} />
      <span className="jp-al-Class-name" dir="auto">
        {label}
      </span>
      {share !== undefined && (
        <span className="jp-al-Class-share">{Math.round(share * 100)} %</span>
      )}
      {isEarlier && (
        <span className="jp-al-Class-earlier">
          <span aria-hidden="true">✓</span>
          <span className="jp-al-Unseen">{trans.__('your answer')}</span>
        </span>
      )}
    </button>
  );
}
