import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useId } from 'react';

import type { IColumnReply, IFeaturesIn } from '../../api/types';
import { Field } from '../panel/field';
import { ImportPathField } from './import-path-field';
import { columnWord } from './words';

/** What the model learns from. */
export interface IFeaturesFieldProps {
  columns: readonly IColumnReply[];
  features: IFeaturesIn;
  /** The column that holds the answer; the model must not see it. */
  labelColumn: string | null;
  problem?: string | null;
  remark?: string | null;
  onChange: (features: IFeaturesIn) => void;
  trans: TranslationBundle;
}

const COLUMNS = 'columns';
const MODEL = 'model';

/** The words of one column, what a model makes of them, or numbers and categories of several. */
export function FeaturesField(props: IFeaturesFieldProps): JSX.Element {
  const { features, labelColumn, onChange, trans } = props;
  const columns = props.columns.filter(each => each.name !== labelColumn);
  const usual = columns
    .filter(each => each.type !== 'text' && each.type !== 'other')
    .map(each => each.name);
  const texts = columns.filter(each => each.type === 'text');
  const isModel = features.kind === 'embedding';
  const isText = features.kind === 'text';
  const chosen = columns.findIndex(each => each.name === features.column);
  const choose = (value: string) => {
    if (value === COLUMNS) {
      onChange({ kind: 'columns', columns: usual });
    } else if (value === MODEL) {
      const shown = texts.find(each => each.name === features.column);
      const { name } = shown ?? texts[0];
      onChange({ kind: 'embedding', column: name, model: null });
    } else {
      onChange({ kind: 'text', column: columns[Number(value)].name });
    }
  };
  return (
    <>
      <Field
        label={trans.__('Learn from')}
        problem={isModel ? null : props.problem}
        remark={props.remark}
      >
        {control => (
          <select
            {...control}
            className="jp-al-Input"
            value={
              isModel ? MODEL : isText && chosen >= 0 ? String(chosen) : COLUMNS
            }
            onChange={event => choose(event.target.value)}
          >
            {columns.map(
              (column, index) =>
                (hasWords(column) || (isText && index === chosen)) && (
                  <option key={column.name} value={String(index)}>
                    {trans.__('The words of %1', columnWord(column, trans))}
                  </option>
                )
            )}
            <option value={COLUMNS}>
              {trans.__('Numbers, categories and dates of columns')}
            </option>
            {texts.length > 0 && (
              <option value={MODEL}>
                {trans.__('What a model of yours makes of texts…')}
              </option>
            )}
          </select>
        )}
      </Field>
      {isModel && <ModelFields {...props} columns={texts} />}
      {!isText && !isModel && (
        <ColumnBoxes
          columns={columns}
          chosen={features.columns ?? usual}
          onChange={names => onChange({ kind: 'columns', columns: names })}
          trans={trans}
        />
      )}
    </>
  );
}

/** Whether a column holds words: a number has none. */
function hasWords({ type }: IColumnReply): boolean {
  return type === 'text' || type === 'category' || type === 'other';
}

/** The texts that a model reads, and the model. */
function ModelFields(props: IFeaturesFieldProps): JSX.Element {
  const { columns, features, problem, onChange, trans } = props;
  return (
    <>
      <Field label={trans.__('Texts')}>
        {control => (
          <select
            {...control}
            className="jp-al-Input"
            value={features.column ?? ''}
            onChange={event =>
              onChange({ ...features, column: event.target.value })
            }
          >
            {columns.map(each => (
              <option key={each.name} value={each.name}>
                {each.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <ImportPathField
        value={features.model ?? ''}
        hint={trans.__(
          'For example my_models:Encoder. It reads each text once, in the background; who operates the server allows its module.'
        )}
        problem={problem}
        onChange={model => onChange({ ...features, model })}
        trans={trans}
      />
    </>
  );
}

/** One box for each column that the model may see. */
function ColumnBoxes(props: {
  columns: readonly IColumnReply[];
  chosen: readonly string[];
  onChange: (names: string[]) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { columns, chosen, onChange, trans } = props;
  const id = useId();
  return (
    <fieldset className="jp-al-Boxes" aria-describedby={`${id}-none`}>
      <legend>{trans.__('Columns to learn from')}</legend>
      {columns.map(column => (
        <label key={column.name}>
          <input
            type="checkbox"
            checked={chosen.includes(column.name)}
            onChange={event =>
              onChange(
                columns
                  .map(each => each.name)
                  .filter(name =>
                    name === column.name
                      ? event.target.checked
                      : chosen.includes(name)
                  )
              )
            }
          />
          {columnWord(column, trans)}
        </label>
      ))}
      {chosen.length === 0 && (
        <p id={`${id}-none`} className="jp-al-Field-problem" role="alert">
          {trans.__('Choose at least one column.')}
        </p>
      )}
    </fieldset>
  );
}
