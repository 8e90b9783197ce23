import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useState } from 'react';

import type { IControlProps } from '../panel/field';

/** A list of names. */
export interface IChipsProps {
  control: IControlProps;
  names: readonly string[];
  placeholder: string;
  onChange: (names: string[]) => void;
  trans: TranslationBundle;
}

/** Names as chips; Enter or a comma adds one, Backspace in the empty field takes the last back. */
export function Chips(props: IChipsProps): JSX.Element {
  const { control, names, placeholder, onChange, trans } = props;
  const [typed, setTyped] = useState('');
  const add = (text: string) => {
    const fresh = text
      .split(',')
      .map(each => each.trim().slice(0, 200))
      .filter(each => each !== '');
    const all = [...new Set([...names, ...fresh])];
    if (all.length > names.length) {
      onChange(all);
    }
    setTyped('');
  };
  return (
    <div className="jp-al-Chips">
      {names.length > 0 && (
        <ul aria-label={trans.__('Classes')}>
          {names.map(name => (
            <li key={name}>
              <span>{name}</span>
              <button
                type="button"
                aria-label={trans.__('Remove %1', name)}
                onClick={() => onChange(names.filter(each => each !== name))}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        {...control}
        className="jp-al-Input"
        data-own-enter
        placeholder={placeholder}
        autoComplete="off"
        value={typed}
        onChange={event => {
          const { value } = event.target;
          if (value.includes(',')) {
            add(value);
          } else {
            setTyped(value);
          }
        }}
        onBlur={() => add(typed)}
        onKeyDown={event => {
          if (event.key === 'Enter') {
            event.preventDefault();
            add(typed);
          } else if (event.key === 'Backspace' && typed === '') {
            onChange(names.slice(0, -1));
          }
        }}
      />
    </div>
  );
}
