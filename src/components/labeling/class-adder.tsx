import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useRef, useState } from 'react';

/**
 * A field for a new class.
 */
export interface IClassAdderProps {
  /** Whether the field takes the focus as it appears. */
  takesFocus: boolean;
  /** Add the class and give it to the sample; rejects with a sentence for people. */
  onAdd: (name: string) => Promise<void>;
  onClose: () => void;
  trans: TranslationBundle;
}

/**
 * Name a new class; Enter adds it and gives it to the sample.
 */
export function ClassAdder(props: IClassAdderProps): JSX.Element {
  const { takesFocus, onAdd, onClose, trans } = props;
  const [name, setName] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (takesFocus) {
      input.current?.focus();
    }
  }, [takesFocus]);
  const add = async () => {
    setBusy(true);
    setError(null);
    try {
      await onAdd(name);
      setName('');
      onClose();
    } catch (reason) {
      setError(reason instanceof Error ? reason.message : String(reason));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="jp-al-Adder"
      onSubmit={event => {
        event.preventDefault();
        void add();
      }}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onClose();
        }
      }}
    >
      <input
        ref={input}
        type="text"
        className="jp-al-Input"
        dir="auto"
        aria-label={trans.__('New class')}
        aria-invalid={error !== null}
        placeholder={trans.__('New class for this sample')}
        maxLength={200}
        value={name}
        onChange={event => setName(event.target.value)}
      />
      <button
        type="submit"
        className="jp-al-Button"
        disabled={isBusy || name.trim() === ''}
      >
        {trans.__('Add and label')}
      </button>
      {error && (
        <span className="jp-al-Error" role="alert">
          {error}
        </span>
      )}
    </form>
  );
}
