import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IUtilityHistogramReply } from '../../api/types';
import { count } from './format';

/** What the picture of the utilities shows. */
export interface IUtilityHistogramProps {
  utilities: IUtilityHistogramReply;
  trans: TranslationBundle;
}

const HEIGHT = 48;

/** Room for a bar and the gap behind it. */
const STEP = 10;
const GAP = 2;

/** The least that can be seen of a bar that is not empty. */
const LEAST = 1.5;

/** How many samples teach how much: a bar for each step from little to much. */
export function UtilityHistogram(props: IUtilityHistogramProps): JSX.Element {
  const { utilities, trans } = props;
  const { counts } = utilities;
  const most = Math.max(1, ...counts);
  const width = counts.length * STEP;
  return (
    <figure className="jp-al-Histogram">
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        preserveAspectRatio="none"
        width="100%"
        height={HEIGHT}
        role="img"
        aria-label={summary(counts, trans)}
      >
        {counts.map((n, place) => {
          const height = n ? Math.max(LEAST, (n / most) * HEIGHT) : 0;
          return (
            <rect
              key={place}
              x={place * STEP}
              y={HEIGHT - height}
              width={STEP - GAP}
              height={height}
            >
              <title>{trans._n('%1 sample', '%2 samples', n, count(n))}</title>
            </rect>
          );
        })}
      </svg>
      <figcaption aria-hidden="true">
        <span>{trans.__('little')}</span>
        <span>{trans.__('much')}</span>
      </figcaption>
    </figure>
  );
}

/** What the picture says, in a sentence. */
function summary(counts: readonly number[], trans: TranslationBundle): string {
  const upper = counts
    .slice(Math.ceil(counts.length / 2))
    .reduce((sum, n) => sum + n, 0);
  const all = counts.reduce((sum, n) => sum + n, 0);
  return trans.__(
    'Of %1 samples, %2 are in the upper half of what a label teaches.',
    count(all),
    count(upper)
  );
}
