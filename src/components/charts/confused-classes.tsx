import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IConfusionReply } from '../../api/types';
import { Bar } from './bar';
import { count } from './format';

/** What the table of confused classes shows. */
export interface IConfusedClassesProps {
  /** The pairs that are confused most often, first. */
  confused: readonly IConfusionReply[];
  trans: TranslationBundle;
}

/** A table with bars: which two classes people give to the same samples, and how many. */
export function ConfusedClasses(
  props: IConfusedClassesProps
): JSX.Element | null {
  const { confused, trans } = props;
  if (confused.length === 0) {
    return null;
  }
  const most = Math.max(...confused.map(each => each.n));
  return (
    <table
      className="jp-al-Balance"
      aria-label={trans.__('Classes taken for each other')}
    >
      <thead>
        <tr>
          <th scope="col">{trans.__('Confused')}</th>
          <th scope="col">{trans.__('Samples')}</th>
        </tr>
      </thead>
      <tbody>
        {confused.map(({ labels: [one, other], n }) => {
          const pair = trans.__('%1 and %2', one, other);
          return (
            <tr key={pair}>
              <th scope="row" title={pair}>
                {pair}
              </th>
              <td>
                {count(n)}
                <Bar part={n / most} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
