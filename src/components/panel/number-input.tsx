import React, { useEffect, useState } from 'react';

import type { IControlProps } from './field';

/** A number that is taken when the person has finished typing. */
export interface INumberInputProps {
  control: IControlProps;
  value: number;
  min: number;
  max: number;
  step?: number;
  disabled?: boolean;
  onCommit: (value: number) => void;
}

/** A number field; Enter or leaving it commits, Escape gives up, and nonsense is put back. */
export function NumberInput(props: INumberInputProps): JSX.Element {
  const { control, value, min, max, step = 1, disabled, onCommit } = props;
  const [text, setText] = useState(String(value));
  useEffect(() => setText(String(value)), [value]);
  const commit = () => {
    const typed = Number(text);
    if (text.trim() === '' || !Number.isFinite(typed)) {
      setText(String(value));
      return;
    }
    const bounded = Math.min(max, Math.max(min, typed));
    const taken = Number.isInteger(step) ? Math.round(bounded) : bounded;
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
      min={min}
      max={max}
      step={step}
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
