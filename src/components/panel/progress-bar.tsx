import React from 'react';

import { share } from '../charts';

/** A bar with a number. */
export interface IProgressBarProps {
  /** What advances, for screen readers. */
  label: string;
  /** From 0 to 1. */
  value: number;
  /** What stands beside the bar; the percentage without it. */
  text?: string;
}

/** How far something is, as a bar and as a number. */
export function ProgressBar(props: IProgressBarProps): JSX.Element {
  const { label, value, text } = props;
  const part = Math.min(1, Math.max(0, value));
  return (
    <div className="jp-al-Bar">
      <div
        className="jp-al-Bar-track"
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(part * 100)}
        aria-valuetext={text ?? share(part)}
      >
        <div
          className="jp-al-Bar-fill"
          style={{ width: `${(part * 100).toFixed(1)}%` }}
        />
      </div>
      <span className="jp-al-Bar-text" aria-hidden="true">
        {text ?? share(part)}
      </span>
    </div>
  );
}
