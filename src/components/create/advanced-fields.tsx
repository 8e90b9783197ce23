import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { Field } from '../panel/field';
import { NumberInput } from '../panel/number-input';
import { checksEffect, paceEffect, strategyChoices } from './choices';
import type { Errors, FormChange, IFormValues } from './view';

/** Settings that most people leave as they are. */
export interface IAdvancedFieldsProps {
  form: IFormValues;
  strategies: readonly string[];
  errors: Errors;
  onChange: (change: FormChange) => void;
  trans: TranslationBundle;
}

/** Strategy, checks, pace, queue, seed and blindness, each with its effect. */
export function AdvancedFields(props: IAdvancedFieldsProps): JSX.Element {
  const { form, errors, onChange, trans } = props;
  const strategies = strategyChoices(props.strategies, trans);
  return (
    <>
      <Field
        label={trans.__('Strategy')}
        hint={strategies.find(each => each.name === form.strategy)?.effect}
        problem={errors.strategy}
      >
        {control => (
          <select
            {...control}
            className="jp-al-Input"
            value={form.strategy}
            onChange={event => onChange({ strategy: event.target.value })}
          >
            {strategies.map(each => (
              <option key={each.name} value={each.name}>
                {each.title}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field
        label={trans.__('Random checks (percent of the samples)')}
        hint={checksEffect(form.checkShare, trans)}
        problem={errors.checkShare}
      >
        {control => (
          <NumberInput
            control={control}
            value={Math.round(form.checkShare * 100)}
            min={0}
            max={100}
            onCommit={value => onChange({ checkShare: value / 100 })}
          />
        )}
      </Field>
      <Field
        label={trans.__('Train after so many new labels')}
        hint={paceEffect(form.retrainEvery, trans)}
        problem={errors.retrainEvery}
      >
        {control => (
          <NumberInput
            control={control}
            value={form.retrainEvery}
            min={1}
            max={1_000_000}
            onCommit={retrainEvery => onChange({ retrainEvery })}
          />
        )}
      </Field>
      <Field
        label={trans.__('Queue size')}
        hint={trans.__('So many of the best samples wait in order.')}
        problem={errors.queueSize}
      >
        {control => (
          <NumberInput
            control={control}
            value={form.queueSize}
            min={1}
            max={1_000_000}
            onCommit={queueSize => onChange({ queueSize })}
          />
        )}
      </Field>
      <Field
        label={trans.__('Seed')}
        hint={trans.__('The same seed draws the same random samples again.')}
        problem={errors.seed}
      >
        {control => (
          <NumberInput
            control={control}
            value={form.seed}
            min={0}
            max={2 ** 32 - 1}
            onCommit={seed => onChange({ seed })}
          />
        )}
      </Field>
      <label className="jp-al-Box">
        <input
          type="checkbox"
          checked={form.blind}
          onChange={event => onChange({ blind: event.target.checked })}
        />
        {trans.__('Hide predictions while labeling, so that they steer nobody')}
      </label>
    </>
  );
}
