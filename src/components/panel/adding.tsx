import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IProjectReply } from '../../api/types';
import { Notice } from './notice';
import { ProgressBar } from './progress-bar';
import { phaseWord } from './words';

/** Samples that are added to a project that people label meanwhile: how far, or why not. */
export function Adding(props: {
  project: IProjectReply;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { project, trans } = props;
  const { preparing, error } = project;
  if (preparing) {
    return (
      <div className="jp-al-Training" role="status">
        <span>
          {trans.__('Adding samples: %1', phaseWord(preparing.phase, trans))}
        </span>
        <ProgressBar
          label={trans.__('Adding samples')}
          value={preparing.progress}
        />
      </div>
    );
  }
  return error ? (
    <Notice kind="warning" trans={trans}>
      {error}
    </Notice>
  ) : null;
}
