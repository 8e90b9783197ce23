import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useState } from 'react';

import { Field } from '../panel/field';
import { importPath } from './choices';
import type { IEstimatorChoice } from './choices';

/** Choosing a model. */
export interface IEstimatorFieldProps {
  choices: readonly IEstimatorChoice[];
  /** Import path of the chosen one; null where it has none. */
  value: string | null;
  hint?: string;
  problem?: string | null;
  disabled?: boolean;
  onChange: (estimator: IEstimatorChoice['estimator']) => void;
  trans: TranslationBundle;
}

const OTHER = 'other';

/** A few models by name, any other by its import path. */
export function EstimatorField(props: IEstimatorFieldProps): JSX.Element {
  const { choices, value, hint, problem, disabled, onChange, trans } = props;
  const [isOther, setOther] = useState(false);
  const known = choices.findIndex(
    choice => importPath(choice.estimator) === value
  );
  const showsOther = isOther || known < 0;
  const choose = (chosen: string) => {
    setOther(chosen === OTHER);
    if (chosen !== OTHER) {
      onChange(choices[Number(chosen)].estimator);
    }
  };
  return (
    <>
      <Field
        label={trans.__('Model')}
        hint={hint}
        problem={showsOther ? null : problem}
      >
        {control => (
          <select
            {...control}
            className="jp-al-Input"
            disabled={disabled}
            value={showsOther ? OTHER : String(known)}
            onChange={event => choose(event.target.value)}
          >
            {choices.map((choice, index) => (
              <option key={index} value={String(index)}>
                {trans.__('%1: %2', choice.title, choice.note)}
              </option>
            ))}
            <option value={OTHER}>{trans.__('Other, by import path…')}</option>
          </select>
        )}
      </Field>
      {showsOther && (
        <ImportPathField
          value={known < 0 ? (value ?? '') : ''}
          problem={problem}
          disabled={disabled}
          onChange={path => onChange({ import: path, params: {} })}
          trans={trans}
        />
      )}
    </>
  );
}

/** The import path of a class; taken by Enter or on leaving the field. */
function ImportPathField(props: {
  value: string;
  problem?: string | null;
  disabled?: boolean;
  onChange: (path: string) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { value, problem, disabled, onChange, trans } = props;
  const [path, setPath] = useState(value);
  const commit = () => {
    const typed = path.trim();
    if (typed !== '' && typed !== value) {
      onChange(typed);
    }
  };
  return (
    <Field
      label={trans.__('Import path')}
      hint={trans.__('For example sklearn.naive_bayes.GaussianNB')}
      problem={problem}
    >
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
