import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IColumnReply, IDisplayIn } from '../../api/types';
import { Field } from '../panel/field';
import { columnWord } from './words';

/** What of a sample is shown. */
export interface IDisplayFieldProps {
  columns: readonly IColumnReply[];
  display: IDisplayIn;
  /** The columns that a readable table shows. */
  rowColumns: readonly string[];
  problem?: string | null;
  remark?: string | null;
  onChange: (display: IDisplayIn) => void;
  trans: TranslationBundle;
}

const ROW = 'row';

/** The column that is shown, and how. */
export function DisplayField(props: IDisplayFieldProps): JSX.Element {
  const { columns, display, rowColumns, onChange, trans } = props;
  const isRow = display.kind === 'row';
  const choose = (value: string) =>
    onChange(
      value === ROW
        ? { kind: 'row', columns: [...rowColumns] }
        : {
            kind: columns[Number(value)].display,
            column: columns[Number(value)].name
          }
    );
  const chosen = columns.findIndex(each => each.name === display.column);
  return (
    <>
      <Field
        label={trans.__('Show')}
        problem={props.problem}
        remark={props.remark}
      >
        {control => (
          <select
            {...control}
            className="jp-al-Input"
            value={isRow || chosen < 0 ? ROW : String(chosen)}
            onChange={event => choose(event.target.value)}
          >
            {columns.map((column, index) => (
              <option key={column.name} value={String(index)}>
                {columnWord(column, trans)}
              </option>
            ))}
            <option value={ROW}>{trans.__('All columns, as a table')}</option>
          </select>
        )}
      </Field>
      {!isRow && (
        <Field label={trans.__('As')}>
          {control => (
            <select
              {...control}
              className="jp-al-Input"
              value={display.kind}
              onChange={event =>
                onChange({
                  ...display,
                  kind: event.target.value as IDisplayIn['kind']
                })
              }
            >
              <option value="text">{trans.__('Plain text')}</option>
              <option value="markdown">{trans.__('Markdown')}</option>
              <option value="image">{trans.__('Image')}</option>
              <option value="series">{trans.__('Line of numbers')}</option>
              <option value="mime">{trans.__('HTML or MIME bundle')}</option>
            </select>
          )}
        </Field>
      )}
    </>
  );
}
