import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IColumnReply } from '../../api/types';
import { Field } from '../panel/field';
import { Chips } from './chips';
import { columnWord } from './words';

/** The classes to choose from while labeling. */
export interface IClassesFieldProps {
  columns: readonly IColumnReply[];
  labelColumn: string | null;
  classes: readonly string[];
  multiLabel: boolean;
  problem?: string | null;
  labelProblem?: string | null;
  labelRemark?: string | null;
  onLabelColumn: (column: string | null) => void;
  onClasses: (classes: string[]) => void;
  onMultiLabel: (multiLabel: boolean) => void;
  trans: TranslationBundle;
}

/** Classes found in a column of labels, or typed as chips. */
export function ClassesField(props: IClassesFieldProps): JSX.Element {
  const { columns, labelColumn, classes, trans } = props;
  return (
    <>
      {columns.length > 0 && (
        <Field
          label={trans.__('Labels that are there already')}
          problem={props.labelProblem}
          remark={props.labelRemark}
        >
          {control => (
            <select
              {...control}
              className="jp-al-Input"
              value={labelColumn ?? ''}
              onChange={event =>
                props.onLabelColumn(event.target.value || null)
              }
            >
              <option value="">{trans.__('None')}</option>
              {columns.map(column => (
                <option key={column.name} value={column.name}>
                  {columnWord(column, trans)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <Field
        label={trans.__('Classes')}
        hint={hint(labelColumn, classes.length, trans)}
        problem={props.problem}
      >
        {control => (
          <Chips
            control={control}
            names={classes}
            placeholder={trans.__('Type a class, then Enter')}
            onChange={props.onClasses}
            trans={trans}
          />
        )}
      </Field>
      <label className="jp-al-Box">
        <input
          type="checkbox"
          checked={props.multiLabel}
          onChange={event => props.onMultiLabel(event.target.checked)}
        />
        {trans.__('A sample can have several classes')}
      </label>
    </>
  );
}

function hint(
  labelColumn: string | null,
  found: number,
  trans: TranslationBundle
): string {
  if (labelColumn !== null && found === 0) {
    return trans.__('They are read from the column “%1”.', labelColumn);
  }
  return trans.__('You can add more while labeling.');
}
