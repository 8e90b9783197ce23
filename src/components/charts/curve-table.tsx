import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { count, percent, share } from './format';
import type { IBaselineValue, ICurveValue } from './values';

/** What the table says. */
export interface ICurveTableProps {
  points: readonly ICurveValue[];
  baseline: readonly IBaselineValue[];
  trans: TranslationBundle;
}

/** The learning curve in text, one row a round. */
export function CurveTable(props: ICurveTableProps): JSX.Element {
  const { points, baseline, trans } = props;
  const random = new Map(baseline.map(each => [each.nLabels, each.accuracy]));
  return (
    <table aria-label={trans.__('Learning curve')}>
      <thead>
        <tr>
          <th scope="col">{trans.__('Labels')}</th>
          <th scope="col">{trans.__('Accuracy')}</th>
          <th scope="col">{trans.__('95 % interval')}</th>
          {baseline.length > 0 && <th scope="col">{trans.__('Random')}</th>}
        </tr>
      </thead>
      <tbody>
        {points.map((point, index) => (
          <tr key={index}>
            <td>{count(point.nLabels)}</td>
            <td>{share(point.accuracy)}</td>
            <td>
              {percent(point.low)}–{percent(point.high)}
            </td>
            {baseline.length > 0 && <td>{randomAt(random, point.nLabels)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Returns the baseline at exactly that many labels, or a dash. */
function randomAt(random: Map<number, number>, nLabels: number): string {
  const value = random.get(nLabels);
  return value === undefined ? '–' : share(value);
}
