import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

/** Something a person should know. */
export interface INoticeProps {
  kind: 'error' | 'warning' | 'info';
  /** The first words; the kind in a word without it. */
  lead?: string;
  /** What happened, what was kept, and what to do, in that order. */
  children: React.ReactNode;
  /** Technical detail; folds out and can be copied. */
  detail?: string;
  trans: TranslationBundle;
}

/** A message in the place that it is about; errors are announced. */
export function Notice(props: INoticeProps): JSX.Element {
  const { kind, lead, children, detail, trans } = props;
  return (
    <div
      className={`jp-al-Notice jp-al-mod-${kind}`}
      role={kind === 'error' ? 'alert' : 'status'}
    >
      <strong className="jp-al-Notice-kind">
        {lead ?? kindWord(kind, trans)}
      </strong>{' '}
      {children}
      {detail && (
        <details>
          <summary>{trans.__('Technical detail')}</summary>
          <pre tabIndex={0}>{detail}</pre>
        </details>
      )}
    </div>
  );
}

function kindWord(
  kind: INoticeProps['kind'],
  trans: TranslationBundle
): string {
  switch (kind) {
    case 'error':
      return trans.__('Not done:');
    case 'warning':
      return trans.__('Note:');
    default:
      return '';
  }
}
