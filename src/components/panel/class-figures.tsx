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
              <Figure value={figures[name].recall} trans={trans} />
              <Figure value={figures[name].precision} trans={trans} />
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** A share with its interval, and below it how many checks it rests on. */
function Figure(props: {
  value: IAccuracyReply | null;
  trans: TranslationBundle;
}): JSX.Element {
  const { value, trans } = props;
  if (!value) {
    return <td className="jp-al-Hint">{trans.__('no check yet')}</td>;
  }
  return (
    <td>
      {accuracy(value)}{' '}
      <small>{trans._n('of %1 check', 'of %1 checks', value.n)}</small>
    </td>
  );
}
