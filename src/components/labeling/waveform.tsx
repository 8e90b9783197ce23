import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { duration } from '../charts/format';
import type { ISound } from './display';

/** What a waveform draws. */
export interface IWaveformProps {
  sound: ISound;
  name: string;
  /** The part that was played, from 0 to 1. */
  played?: number;
  /** Called with the place that was pressed, from 0 to 1. */
  onSeek?: (place: number) => void;
  trans: TranslationBundle;
}

const HEIGHT = 100;

/**
 * How loud a sound is over time; nothing where that is not known.
 */
export function Waveform(props: IWaveformProps): JSX.Element | null {
  const { sound, name, played = 0, onSeek, trans } = props;
  const peaks = sound.peaks ?? [];
  if (peaks.length === 0) {
    return null;
  }
  const bars = barsOf(peaks);
  const label =
    sound.seconds === null
      ? trans.__('Sample %1: waveform', name)
      : trans.__(
          'Sample %1: waveform, %2',
          name,
          duration(sound.seconds, trans)
        );
  return (
    <svg
      className="jp-al-Waveform"
      viewBox={`0 0 ${peaks.length} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      focusable="false"
      onClick={event => {
        const box = event.currentTarget.getBoundingClientRect();
        onSeek?.((event.clientX - box.left) / (box.width || 1));
      }}
    >
      <rect
        className="jp-al-Waveform-played"
        width={played * peaks.length}
        height={HEIGHT}
      />
      <path d={bars} />
    </svg>
  );
}

/** One bar for each step, the same above and below the middle; silence is a thin line. */
function barsOf(peaks: readonly number[]): string {
  const middle = HEIGHT / 2;
  return peaks
    .map((peak, index) => {
      const half = Math.max(0.5, Math.min(Math.max(peak, 0), 1) * middle);
      const top = Math.round((middle - half) * 10) / 10;
      return `M${index},${top}h1v${Math.round(half * 20) / 10}h-1z`;
    })
    .join('');
}
