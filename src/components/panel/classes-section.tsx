import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useState } from 'react';

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
  const renderName = (name: string) =>
    renaming === name ? (
      <NameForm
        label={trans.__('New name of %1', name)}
        action={trans.__('Rename')}
        start={name}
        taken={taken.filter(each => each !== name)}
        onDone={to => {
          setRenaming(null);
          if (to !== null && to !== name) {
            onRename(name, to);
          }
        }}
        trans={trans}
      />
    ) : (
      <button
        type="button"
        className="jp-al-Link jp-al-ClassName"
        title={trans.__('Rename %1', name)}
        aria-label={trans.__('Rename %1', name)}
        onClick={() => setRenaming(name)}
      >
        {name}
      </button>
    );
  return (
    <>
      <ClassBalance
        classes={classes}
        renderName={mayChange ? renderName : undefined}
        trans={trans}
      />
      {mayChange && (
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
    </>
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
        className="jp-al-Button jp-al-mod-small"
        disabled={trimmed === '' || isTaken || isBusy}
      >
        {action}
      </button>
      {isTaken && (
        <span className="jp-al-Field-problem" role="alert">
          {trans.__('There is a class of that name already.')}
        </span>
      )}
    </form>
  );
}
