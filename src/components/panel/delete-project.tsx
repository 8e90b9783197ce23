import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useState } from 'react';

import { count } from '../charts';
import { Notice } from './notice';

/** Deleting a project. */
export interface IDeleteProjectProps {
  name: string;
  nAnnotations: number;
  isBusy: boolean;
  error: string | null;
  onDelete: (confirm: string) => void;
  trans: TranslationBundle;
}

/** The one act that can't be undone: it asks for the project's name. */
export function DeleteProject(props: IDeleteProjectProps): JSX.Element {
  const { name, nAnnotations, isBusy, error, onDelete, trans } = props;
  const [isAsking, setAsking] = useState(false);
  const [typed, setTyped] = useState('');
  if (!isAsking) {
    return (
      <button
        type="button"
        className="jp-al-Button jp-al-mod-warn"
        onClick={() => setAsking(true)}
      >
        {trans.__('Delete…')}
      </button>
    );
  }
  return (
    <form
      className="jp-al-Delete"
      onSubmit={event => {
        event.preventDefault();
        if (typed === name && !isBusy) {
          onDelete(typed);
        }
      }}
    >
      <label>
        <span>
          {trans._n(
            'This deletes the project with its %2 label for good. The data file stays. Type the name “%3” to confirm.',
            'This deletes the project with its %2 labels for good. The data file stays. Type the name “%3” to confirm.',
            nAnnotations,
            count(nAnnotations),
            name
          )}
        </span>
        <input
          className="jp-al-Input"
          autoFocus
          autoComplete="off"
          value={typed}
          onChange={event => setTyped(event.target.value)}
        />
      </label>
      <span className="jp-al-Buttons">
        <button
          type="submit"
          className="jp-al-Button jp-al-mod-warn"
          disabled={typed !== name || isBusy}
        >
          {trans.__('Delete for good')}
        </button>
        <button
          type="button"
          className="jp-al-Button"
          onClick={() => {
            setAsking(false);
            setTyped('');
          }}
        >
          {trans.__('Keep it')}
        </button>
      </span>
      {error && (
        <Notice kind="error" trans={trans}>
          {error}
        </Notice>
      )}
    </form>
  );
}
