import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useRef, useState } from 'react';

import type { IMergedClass } from '../../api/types';
import { ClassBalance } from '../charts';
import type { IClassValue } from '../charts';
import { Notice } from './notice';

/** The classes of a project. */
export interface IClassesSectionProps {
  classes: readonly IClassValue[];
  /** How many samples are labeled, where each can have several classes. */
  nLabeled?: number;
  mayChange: boolean;
  isBusy: boolean;
  /** Why the last change failed. */
  error: string | null;
  /** Classes that were merged into others. */
  merged: readonly IMergedClass[];
  onRename: (from: string, to: string) => void;
  onMerge: (from: string, into: string) => void;
  onSplit: (name: string) => void;
  onAdd: (name: string) => void;
  trans: TranslationBundle;
}

/** Class balance, where a class can be renamed, merged or added. */
export function ClassesSection(props: IClassesSectionProps): JSX.Element {
  const { classes, merged, mayChange, error, trans } = props;
  const [renaming, setRenaming] = useState<string | null>(null);
  const taken = classes.map(each => each.name);
  const body = useRef<HTMLDivElement>(null);
  const stopRenaming = (name: string) => {
    setRenaming(null);
    // The form is gone: the focus goes back to where it came from.
    body.current
      ?.querySelector<HTMLElement>(`[data-class="${CSS.escape(name)}"]`)
      ?.focus();
  };
  const renderName = (name: string) => (
    <button
      type="button"
      className="jp-al-Link jp-al-ClassName"
      data-class={name}
      title={trans.__('Rename %1', name)}
      aria-label={trans.__('Rename %1', name)}
      onClick={() => setRenaming(name)}
    >
      <bdi>{name}</bdi>
    </button>
  );
  return (
    <div ref={body} className="jp-al-Section-body">
      <ClassBalance
        classes={classes}
        nLabeled={props.nLabeled}
        renderName={mayChange ? renderName : undefined}
        trans={trans}
      />
      {mayChange && renaming !== null && (
        <NameForm
          key={renaming}
          label={trans.__('New name of %1', renaming)}
          action={trans.__('Rename')}
          start={renaming}
          taken={taken.filter(each => each !== renaming)}
          onDone={name => {
            stopRenaming(renaming);
            if (name !== null && name !== renaming) {
              props.onRename(renaming, name);
            }
          }}
          onMerge={into => {
            setRenaming(null);
            props.onMerge(renaming, into);
          }}
          trans={trans}
        />
      )}
      {mayChange && renaming === null && (
        <NameForm
          label={trans.__('New class')}
          action={trans.__('Add class')}
          start=""
          taken={taken}
          isBusy={props.isBusy}
          onDone={name => name && props.onAdd(name)}
          trans={trans}
        />
      )}
      {merged.length > 0 && (
        <ul className="jp-al-Merged" aria-label={trans.__('Merged classes')}>
          {merged.map(({ name, into }) => (
            <li key={name}>
              {trans.__('%1 counts as %2', name, into)}{' '}
              {mayChange && (
                <button
                  type="button"
                  className="jp-al-Link"
                  disabled={props.isBusy}
                  aria-label={trans.__('Separate %1 again', name)}
                  onClick={() => props.onSplit(name)}
                >
                  {trans.__('separate again')}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {error && (
        <Notice kind="error" trans={trans}>
          {error}
        </Notice>
      )}
    </div>
  );
}

/** A field for the name of a class; Escape gives up. */
function NameForm(props: {
  label: string;
  action: string;
  start: string;
  taken: readonly string[];
  isBusy?: boolean;
  onDone: (name: string | null) => void;
  /** Makes one class of this one and another, whose name was typed. */
  onMerge?: (into: string) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { label, action, start, taken, isBusy, onDone, onMerge, trans } = props;
  const [name, setName] = useState(start);
  const trimmed = name.trim();
  const isTaken = taken.includes(trimmed);
  return (
    <form
      className="jp-al-NameForm"
      onSubmit={event => {
        event.preventDefault();
        if (trimmed !== '' && !isTaken && !isBusy) {
          onDone(trimmed);
          setName(start);
        }
      }}
    >
      <input
        className="jp-al-Input"
        dir="auto"
        aria-label={label}
        placeholder={label}
        aria-invalid={isTaken}
        maxLength={200}
        autoFocus={start !== ''}
        onFocus={event => start !== '' && event.target.select()}
        value={name}
        onChange={event => setName(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Escape') {
            event.stopPropagation();
            setName(start);
            onDone(null);
          }
        }}
      />
      <button
        type="submit"
        className="jp-al-Button"
        disabled={trimmed === '' || isTaken || isBusy}
      >
        {action}
      </button>
      {start !== '' && (
        <button
          type="button"
          className="jp-al-Button"
          onClick={() => onDone(null)}
        >
          {trans.__('Cancel')}
        </button>
      )}
      {onMerge && !isTaken && (
        <span className="jp-al-Hint">
          {trans.__('The name of another class merges the two.')}
        </span>
      )}
      {isTaken && (
        <span className="jp-al-Field-problem" role="alert">
          {trans.__('There is a class of that name already.')}{' '}
          {onMerge && (
            <button
              type="button"
              className="jp-al-Link"
              onClick={() => onMerge(trimmed)}
            >
              {trans.__('Merge %1 into %2', start, trimmed)}
            </button>
          )}
        </span>
      )}
    </form>
  );
}
