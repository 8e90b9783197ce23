import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useId, useRef, useState } from 'react';

import type { IClassView } from './class-buttons';

/**
 * A list of many classes.
 */
export interface IClassFilterProps {
  classes: readonly IClassView[];
  /** Whether choosing a class toggles it and the list stays open. */
  isMulti: boolean;
  onChoose: (label: string) => void;
  onClose: () => void;
  trans: TranslationBundle;
}

/**
 * Type a part of a class's name, choose with the arrows, take it with Enter. The classes used most
 * come first.
 */
export function ClassFilter(props: IClassFilterProps): JSX.Element {
  const { classes, isMulti, onChoose, onClose, trans } = props;
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const [order] = useState(() => mostUsed(classes));
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => input.current?.focus(), []);
  const found = matching(order, typed);
  const on = new Set(classes.filter(each => each.isOn).map(each => each.label));
  const position = Math.min(active, found.length - 1);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const last = found.length - 1;
      setActive(Math.min(Math.max(position + step, 0), last));
    } else if (event.key === 'Enter' && found[position] !== undefined) {
      event.preventDefault();
      setTyped('');
      onChoose(found[position]);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      onClose();
    }
  };
  return (
    <div className="jp-al-Filter">
      <input
        ref={input}
        type="text"
        role="combobox"
        className="jp-al-Input"
        dir="auto"
        aria-label={trans.__('Find a class')}
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={
          found.length > 0 ? `${id}-${position}` : undefined
        }
        placeholder={trans.__('Type a part of its name')}
        value={typed}
        onChange={event => {
          setTyped(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={id} role="listbox" aria-label={trans.__('Classes')}>
        {found.map((label, index) => (
          <li
            key={label}
            id={`${id}-${index}`}
            role="option"
            dir="auto"
            aria-selected={index === position}
            aria-checked={isMulti ? on.has(label) : undefined}
            onClick={() => onChoose(label)}
          >
            {isMulti && (
              <span className="jp-al-Filter-mark" aria-hidden="true">
                {on.has(label) ? '✓' : ''}
              </span>
            )}
            {label}
          </li>
        ))}
        {found.length === 0 && (
          <li className="jp-al-Hint">{trans.__('No class is named so.')}</li>
        )}
      </ul>
      {isMulti && (
        <p className="jp-al-Hint">
          {trans.__(
            'Enter puts a class on or off. Escape goes back to the sample, where Enter submits.'
          )}
        </p>
      )}
    </div>
  );
}

function mostUsed(classes: readonly IClassView[]): string[] {
  return [...classes]
    .sort((a, b) => b.count - a.count)
    .map(({ label }) => label);
}

/**
 * Names that begin with what was typed come before those that hold it further on.
 */
export function matching(labels: readonly string[], typed: string): string[] {
  const part = typed.trim().toLocaleLowerCase();
  const place = (label: string) => label.toLocaleLowerCase().indexOf(part);
  return [
    ...labels.filter(label => place(label) === 0),
    ...labels.filter(label => place(label) > 0)
  ];
}
