import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IAccuracyReply, IMetricsReply } from '../../api/types';
import { accuracy } from '../charts';

/** How well each class is recognized. */
export interface IClassFiguresProps {
  classes: readonly string[];
  figures: IMetricsReply['per_class'];
  trans: TranslationBundle;
}

/** Precision and recall of each class in plain words, from the random checks. */
export function ClassFigures(props: IClassFiguresProps): JSX.Element | null {
  const { classes, figures, trans } = props;
  const known = classes.filter(name => figures[name]);
  if (known.length === 0) {
    return null;
  }
  return (
    <details className="jp-al-Chart-table">
      <summary>{trans.__('How well the model knows each class')}</summary>
      <table aria-label={trans.__('How well the model knows each class')}>
        <thead>
          <tr>
            <th scope="col">{trans.__('Class')}</th>
            <th
              scope="col"
              title={trans.__(
                'Recall: of the random checks that are of this class, how many the model finds.'
              )}
            >
              {trans.__('Found')}
            </th>
            <th
              scope="col"
              title={trans.__(
                'Precision: of the random checks that the model says are of this class, how many are.'
              )}
            >
              {trans.__('Right when said')}
            </th>
          </tr>
        </thead>
        <tbody>
          {known.map(name => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{figure(figures[name].recall, trans)}</td>
              <td>{figure(figures[name].precision, trans)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function figure(
  value: IAccuracyReply | null,
  trans: TranslationBundle
): string {
  return value
    ? trans._n('%2 of %1', '%2 of %1', value.n, accuracy(value))
    : trans.__('no check yet');
}
