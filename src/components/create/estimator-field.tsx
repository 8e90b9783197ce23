import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useState } from 'react';

import { Field } from '../panel/field';
import { importPath } from './choices';
import type { IEstimatorChoice } from './choices';
import { ImportPathField } from './import-path-field';

/** Choosing a model. */
export interface IEstimatorFieldProps {
  choices: readonly IEstimatorChoice[];
  /** Import path of the chosen one; null where it has none. */
  value: string | null;
  /** What an uploaded one is; null for one that has an import path. */
  uploaded?: string | null;
  hint?: string;
  problem?: string | null;
  disabled?: boolean;
  onChange: (estimator: IEstimatorChoice['estimator']) => void;
  trans: TranslationBundle;
}

const OTHER = 'other';
const UPLOADED = 'uploaded';

/** A few models by name, any other by its import path. */
export function EstimatorField(props: IEstimatorFieldProps): JSX.Element {
  const { choices, value, uploaded, hint, problem, disabled, onChange, trans } =
    props;
  const [isOther, setOther] = useState(false);
  const known = choices.findIndex(
    choice => importPath(choice.estimator) === value
  );
  const showsOther = isOther || (known < 0 && !uploaded);
  const current = uploaded ? UPLOADED : String(known);
  const choose = (chosen: string) => {
    setOther(chosen === OTHER);
    if (chosen !== OTHER && chosen !== UPLOADED) {
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
            value={showsOther ? OTHER : current}
            onChange={event => choose(event.target.value)}
          >
            {uploaded && (
              <option value={UPLOADED}>
                {trans.__('Uploaded: %1', uploaded)}
              </option>
            )}
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
          hint={trans.__('For example sklearn.naive_bayes.GaussianNB')}
          problem={problem}
          disabled={disabled}
          onChange={path => onChange({ import: path, params: {} })}
          trans={trans}
        />
      )}
    </>
  );
}
