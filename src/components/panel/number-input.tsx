import React, { useEffect, useState } from 'react';

import type { IControlProps } from './field';

/** A whole number that is taken when the person has finished typing. */
export interface INumberInputProps {
  control: IControlProps;
  value: number;
  min: number;
  max: number;
  disabled?: boolean;
  onCommit: (value: number) => void;
}

/** A number field; Enter or leaving it commits, Escape gives up, and nonsense is put back. */
export function NumberInput(props: INumberInputProps): JSX.Element {
  const { control, value, min, max, disabled, onCommit } = props;
  const [text, setText] = useState(String(value));
  useEffect(() => setText(String(value)), [value]);
  const commit = () => {
    const typed = Number(text);
    if (text.trim() === '' || !Number.isFinite(typed)) {
      setText(String(value));
      return;
    }
    const taken = Math.round(Math.min(max, Math.max(min, typed)));
    setText(String(taken));
    if (taken !== value) {
      onCommit(taken);
    }
  };
  return (
    <input
      {...control}
      type="number"
      className="jp-al-Input"
      // No min and max: a browser's own validation would block a dialog before the value is mended.
      step="any"
      aria-valuemin={min}
      aria-valuemax={max}
      data-own-enter
      disabled={disabled}
      value={text}
      onChange={event => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={event => {
        if (event.key === 'Enter') {
          event.preventDefault();
          commit();
        } else if (event.key === 'Escape') {
          setText(String(value));
        }
      }}
    />
  );
}
