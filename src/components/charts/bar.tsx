import React from 'react';

/** One bar of a table; the number beside it says the same. */
export function Bar(props: { part: number; predicted?: boolean }): JSX.Element {
  const width = Math.min(100, Math.max(0, props.part * 100));
  return (
    <svg
      className={`jp-al-Balance-bar${props.predicted ? ' jp-al-mod-predicted' : ''}`}
      width="100%"
      height="6"
      aria-hidden="true"
      focusable="false"
    >
      <rect width={`${width.toFixed(1)}%`} height="6" />
    </svg>
  );
}
