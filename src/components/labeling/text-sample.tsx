import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

/**
 * A text in a readable measure. It is text and nothing else: markup in it stays as typed.
 */
export function TextSample(props: {
  text: string;
  trans: TranslationBundle;
}): JSX.Element {
  const { text, trans } = props;
  const isShort = text.length < 240;
  if (text.trim() === '') {
    // Else one would wait for a sample that is there already.
    return <p className="jp-al-Blank">{trans.__('This text is empty.')}</p>;
  }
  return (
    <div
      className={isShort ? 'jp-al-Text jp-al-mod-short' : 'jp-al-Text'}
      dir="auto"
    >
      {text}
    </div>
  );
}
