import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

/**
 * How the answers on their way fare.
 */
export interface IOutboxView {
  waiting: number;
  /** Whether the server can't be reached. */
  lost: boolean;
  /** Whether answers survive the end of the page. */
  isKept: boolean;
}

/**
 * "All answers saved", or how many wait. Trouble is read out, the coming and going of each answer
 * is not.
 */
export function OutboxLine(props: {
  outbox: IOutboxView;
  onRetry: () => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { outbox, onRetry, trans } = props;
  const { waiting, lost, isKept } = outbox;
  const isTrouble = lost || !isKept;
  return (
    <div
      className={isTrouble ? 'jp-al-Outbox jp-al-mod-trouble' : 'jp-al-Outbox'}
    >
      <span className="jp-al-Dot" aria-hidden="true" />
      <span aria-hidden={isTrouble}>{words(outbox, trans)}</span>
      <span role="status" className="jp-al-Unseen">
        {isTrouble ? words(outbox, trans) : ''}
      </span>
      {lost && waiting > 0 && (
        <button type="button" className="jp-al-Link" onClick={onRetry}>
          {trans.__('send now')}
        </button>
      )}
    </div>
  );
}

function words(outbox: IOutboxView, trans: TranslationBundle): string {
  const { waiting, lost, isKept } = outbox;
  if (waiting > 0 && !isKept) {
    return trans._n(
      '%1 waiting to be sent; this browser cannot keep it: leave the page open',
      '%1 waiting to be sent; this browser cannot keep them: leave the page open',
      waiting
    );
  }
  if (lost && waiting > 0) {
    return trans._n(
      'Lost the server; %1 answer is kept here and waits to be sent',
      'Lost the server; %1 answers are kept here and wait to be sent',
      waiting
    );
  }
  if (lost) {
    return trans.__('Lost the server; answers are kept here');
  }
  if (waiting > 0) {
    return trans.__('saving…');
  }
  return trans.__('all answers saved');
}
