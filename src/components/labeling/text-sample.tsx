import React from 'react';

/**
 * A text in a readable measure. It is text and nothing else: markup in it stays as typed.
 */
export function TextSample(props: { text: string }): JSX.Element {
  const { text } = props;
  return (
    <div
      className={
        text.length < 240 ? 'jp-al-Text jp-al-mod-short' : 'jp-al-Text'
      }
      dir="auto"
    >
      {text}
    </div>
  );
}
