import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useState } from 'react';

import { Field } from '../panel/field';

/** Naming something that the server imports. */
export interface IImportPathFieldProps {
  value: string;
  hint: string;
  problem?: string | null;
  disabled?: boolean;
  onChange: (path: string) => void;
  trans: TranslationBundle;
}

/** An import path; taken by Enter or on leaving the field. */
export function ImportPathField(props: IImportPathFieldProps): JSX.Element {
  const { value, hint, problem, disabled, onChange, trans } = props;
  const [path, setPath] = useState(value);
  const commit = () => {
    const typed = path.trim();
    if (typed !== '' && typed !== value) {
      onChange(typed);
    }
  };
  return (
    <Field label={trans.__('Import path')} hint={hint} problem={problem}>
      {control => (
        <input
          {...control}
          className="jp-al-Input"
          data-own-enter
          spellCheck={false}
          autoComplete="off"
          disabled={disabled}
          value={path}
          onChange={event => setPath(event.target.value)}
          onBlur={commit}
          onKeyDown={event => {
            if (event.key === 'Enter') {
              event.preventDefault();
              commit();
            }
          }}
        />
      )}
    </Field>
  );
}
