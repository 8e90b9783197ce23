import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useRef, useState } from 'react';

import { ClassBalance } from '../charts';
import type { IClassValue } from '../charts';
import { Notice } from './notice';

/** The classes of a project. */
export interface IClassesSectionProps {
  classes: readonly IClassValue[];
  mayChange: boolean;
  isBusy: boolean;
  /** Why the last change failed. */
  error: string | null;
  onRename: (from: string, to: string) => void;
  onAdd: (name: string) => void;
  trans: TranslationBundle;
}

/** Class balance, where a class can be renamed or added. */
export function ClassesSection(props: IClassesSectionProps): JSX.Element {
  const { classes, mayChange, error, onRename, onAdd, trans } = props;
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
      {name}
    </button>
  );
  return (
    <div ref={body} className="jp-al-Section-body">
      <ClassBalance
        classes={classes}
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
              onRename(renaming, name);
            }
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
          onDone={name => name && onAdd(name)}
          trans={trans}
        />
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
  trans: TranslationBundle;
}): JSX.Element {
  const { label, action, start, taken, isBusy, onDone, trans } = props;
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
      {isTaken && (
        <span className="jp-al-Field-problem" role="alert">
          {trans.__('There is a class of that name already.')}
        </span>
      )}
    </form>
  );
}
