import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useId, useRef, useState } from 'react';

/**
 * An answer that was given earlier.
 */
export interface IAnswerView {
  id: string;
  /** Its classes, in words. */
  label: string;
  sampleKey: string;
  /** What the sample says; null where it says nothing. */
  text: string | null;
  /** The address of its picture; null without one. */
  picture: string | null;
}

/**
 * The last answers, newest first; null until they are known.
 */
export interface IAnswerListProps {
  answers: readonly IAnswerView[] | null;
  onReopen: (id: string) => void;
  onClose: () => void;
  trans: TranslationBundle;
}

/**
 * Type a part of an answer or of its sample, choose with the arrows, and Enter shows the sample again.
 */
export function AnswerList(props: IAnswerListProps): JSX.Element {
  const { answers, onReopen, onClose, trans } = props;
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const chosen = useRef<HTMLLIElement>(null);
  const id = useId();
  useEffect(() => input.current?.focus(), []);
  const found = holding(answers ?? [], typed);
  const position = Math.min(active, found.length - 1);
  useEffect(() => {
    // In a block: browsers may return a promise, which is no clean-up.
    chosen.current?.scrollIntoView?.({ block: 'nearest' });
  });
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setActive(Math.min(Math.max(position + step, 0), found.length - 1));
    } else if (event.key === 'Enter' && found[position] !== undefined) {
      event.preventDefault();
      onReopen(found[position].id);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      onClose();
    }
  };
  return (
    <div className="jp-al-Filter jp-al-Answers">
      <input
        ref={input}
        type="text"
        role="combobox"
        className="jp-al-Input"
        aria-label={trans.__('Find one of your answers')}
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={
          found.length > 0 ? `${id}-${position}` : undefined
        }
        placeholder={trans.__('Type a class or a word of the sample')}
        value={typed}
        onChange={event => {
          setTyped(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={id} role="listbox" aria-label={trans.__('Your last answers')}>
        {found.map((answer, index) => (
          <li
            key={answer.id}
            id={`${id}-${index}`}
            ref={index === position ? chosen : undefined}
            role="option"
            dir="auto"
            aria-selected={index === position}
            onClick={() => onReopen(answer.id)}
          >
            <strong>{answer.label}</strong>
            {answer.picture && <img src={answer.picture} alt="" />}
            <span>{answer.text ?? answer.sampleKey}</span>
          </li>
        ))}
        {answers !== null && found.length === 0 && (
          <li className="jp-al-Hint">
            {answers.length === 0
              ? trans.__('You have answered nothing here so far.')
              : trans.__('None of your last answers is like that.')}
          </li>
        )}
      </ul>
      <p className="jp-al-Hint">
        {trans.__(
          'Enter takes the answer back and shows its sample again. Escape goes back.'
        )}
      </p>
    </div>
  );
}

/**
 * Those that hold what was typed in their answer, key or text.
 */
function holding(
  answers: readonly IAnswerView[],
  typed: string
): readonly IAnswerView[] {
  const part = typed.trim().toLocaleLowerCase();
  return answers.filter(({ label, sampleKey, text }) =>
    [label, sampleKey, text ?? ''].some(each =>
      each.toLocaleLowerCase().includes(part)
    )
  );
}
