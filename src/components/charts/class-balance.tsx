import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useState } from 'react';

import { Bar } from './bar';
import { count, share } from './format';

/** One class: how many labels it has, and the share of the pool that the model gives it. */
export interface IClassValue {
  name: string;
  labeled: number;
  /** From 0 to 1; null before the first round. */
  predictedShare: number | null;
}

/** What the class balance shows. */
export interface IClassBalanceProps {
  classes: readonly IClassValue[];
  /** How many samples are labeled, where each can have several classes; else their sum. */
  nLabeled?: number;
  /** What stands in the place of a class's name, e.g. a button that renames it. */
  renderName?: (name: string) => React.ReactNode;
  trans: TranslationBundle;
}

/** So many rows are shown at once; the others fold out. */
const SHOWN = 12;

/** A table with bars: what was labeled, and what the model would predict. */
export function ClassBalance(props: IClassBalanceProps): JSX.Element {
  const { classes, renderName, trans } = props;
  const [all, setAll] = useState(false);
  if (classes.length === 0) {
    return <p className="jp-al-Chart-empty">{trans.__('No classes yet.')}</p>;
  }
  const total =
    props.nLabeled ?? classes.reduce((sum, each) => sum + each.labeled, 0);
  const most = largestShare(classes, total);
  const predicted = classes.some(each => each.predictedShare !== null);
  const shown = all ? classes : classes.slice(0, SHOWN);
  return (
    <div className="jp-al-Chart">
      <table className="jp-al-Balance" aria-label={trans.__('Class balance')}>
        <thead>
          <tr>
            <th scope="col">{trans.__('Class')}</th>
            <th scope="col">
              <span className="jp-al-Balance-key" aria-hidden="true" />
              {trans.__('Labeled')}
            </th>
            {predicted && (
              <th scope="col">
                <span
                  className="jp-al-Balance-key jp-al-mod-predicted"
                  aria-hidden="true"
                />
                {trans.__('Predicted')}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {shown.map((each, index) => (
            // By place: a class that is renamed keeps its row, and the focus in it.
            <tr key={index}>
              <th scope="row" title={each.name}>
                {renderName ? renderName(each.name) : <bdi>{each.name}</bdi>}
              </th>
              <td>
                {count(each.labeled)}
                <Bar part={total ? each.labeled / total / most : 0} />
              </td>
              {predicted && (
                <td>
                  {share(each.predictedShare ?? 0)}
                  <Bar part={(each.predictedShare ?? 0) / most} predicted />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {classes.length > SHOWN && (
        <button
          type="button"
          className="jp-al-Link"
          aria-expanded={all}
          onClick={() => setAll(!all)}
        >
          {all
            ? trans.__('Show fewer classes')
            : trans.__('Show all %1 classes', classes.length)}
        </button>
      )}
    </div>
  );
}

/** Returns the largest share that a bar has to hold, so that both kinds use one scale. */
function largestShare(classes: readonly IClassValue[], total: number): number {
  const shares = classes.flatMap(each => [
    total ? each.labeled / total : 0,
    each.predictedShare ?? 0
  ]);
  return shares.reduce((most, each) => Math.max(most, each), 0) || 1;
}
