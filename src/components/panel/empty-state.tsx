import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { LoopPicture } from './loop-picture';
import { Notice } from './notice';

/** What is offered when there is no project. */
export interface IEmptyStateProps {
  /** Whether the demo project is being made. */
  isBusy: boolean;
  /** Why the demo project could not be made. */
  error: string | null;
  onNew: () => void;
  onDemo: () => void;
  trans: TranslationBundle;
}

/** What this is, and two ways to begin. */
export function EmptyState(props: IEmptyStateProps): JSX.Element {
  const { isBusy, error, onNew, onDemo, trans } = props;
  return (
    <div className="jp-al-Empty">
      <p>
        {trans.__(
          'Label the samples that teach your model most. It learns in the background while you label, and says how good it is.'
        )}
      </p>
      <LoopPicture trans={trans} />
      <button
        type="button"
        className="jp-al-Button jp-al-mod-accept"
        onClick={onNew}
      >
        {trans.__('Label a file…')}
      </button>
      <button
        type="button"
        className="jp-al-Button"
        disabled={isBusy}
        onClick={onDemo}
      >
        {isBusy
          ? trans.__('Preparing the digits…')
          : trans.__('Try it with handwritten digits')}
      </button>
      {error && (
        <Notice kind="error" trans={trans}>
          {error}
        </Notice>
      )}
      <p className="jp-al-Hint">
        {trans.__(
          'You can also right-click a file in the file browser and choose “Label with active learning…”.'
        )}
      </p>
    </div>
  );
}
