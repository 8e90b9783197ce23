import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IDatasetIn, IDisplayIn, IInspectReply } from '../../api/types';
import { Field } from '../panel/field';

/** What can be chosen of an array. */
export interface IArrayFieldsProps {
  inspection: IInspectReply;
  display: IDisplayIn;
  problem?: string | null;
  onArray: (name: string) => void;
  onDisplay: (display: IDisplayIn) => void;
  trans: TranslationBundle;
}

/** Which array of a file that holds several, and how rows of numbers are shown. */
export function ArrayFields(props: IArrayFieldsProps): JSX.Element {
  const { inspection, display, onArray, onDisplay, trans } = props;
  const dataset = inspection.proposal.dataset as IDatasetIn | undefined;
  const isRows = display.kind === 'series' || display.kind === 'row';
  return (
    <>
      {inspection.arrays.length > 0 && (
        <Field label={trans.__('Array')}>
          {control => (
            <select
              {...control}
              className="jp-al-Input"
              value={dataset?.array ?? ''}
              onChange={event => onArray(event.target.value)}
            >
              {inspection.arrays.map(name => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      {isRows && (
        <Field label={trans.__('Show')} problem={props.problem}>
          {control => (
            <select
              {...control}
              className="jp-al-Input"
              value={display.kind}
              onChange={event =>
                onDisplay({ kind: event.target.value as IDisplayIn['kind'] })
              }
            >
              <option value="series">
                {trans.__('A line: each row is a series')}
              </option>
              <option value="row">{trans.__('The numbers, as a table')}</option>
            </select>
          )}
        </Field>
      )}
    </>
  );
}
