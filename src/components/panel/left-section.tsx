import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IUtilityHistogramReply } from '../../api/types';
import { UtilityHistogram, count } from '../charts';

/** What the samples without a label are worth. */
export interface ILeftSectionProps {
  utilities: IUtilityHistogramReply;
  trans: TranslationBundle;
}

/** How much the samples to choose from would teach, in a sentence and a picture. */
export function LeftSection(props: ILeftSectionProps): JSX.Element {
  const { utilities, trans } = props;
  const n = utilities.counts.reduce((sum, each) => sum + each, 0);
  return (
    <>
      <p className="jp-al-Sentence">
        {trans._n(
          'How much a label of the %1 sample that the model can choose would teach it, by its own guess in the last round (random checks are drawn from others):',
          'How much a label of each of the %2 samples that the model can choose from would teach it, by its own guess in the last round (random checks are drawn from others):',
          n,
          count(n)
        )}
      </p>
      <UtilityHistogram utilities={utilities} trans={trans} />
    </>
  );
}
