import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useRef, useState } from 'react';

import type { ISound } from './display';
import { Waveform } from './waveform';

/** The keys that the browser's player uses itself. */
const PLAYER_KEYS = [
  ' ',
  'Enter',
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'ArrowDown',
  'Home',
  'End'
];

/**
 * Whether a key is pressed in a player that uses it.
 */
export function isOfPlayer({ key, target }: KeyboardEvent): boolean {
  return target instanceof HTMLAudioElement && PLAYER_KEYS.includes(key);
}

/**
 * A sound with the browser's player and, where it is known, its waveform.
 */
export function AudioSample(props: {
  sound: ISound;
  url: string;
  name: string;
  trans: TranslationBundle;
}): JSX.Element {
  const { sound, url, name, trans } = props;
  const player = useRef<HTMLAudioElement>(null);
  const [played, setPlayed] = useState(0);
  const [isBroken, setBroken] = useState(false);
  useEffect(() => {
    const element = player.current;
    // A player that is taken off the page goes on playing.
    return () => element?.pause();
  }, []);
  const onSeek = (place: number) => {
    const element = player.current;
    if (element && Number.isFinite(element.duration)) {
      element.currentTime = place * element.duration;
    }
  };
  return (
    <div
      className="jp-al-Audio"
      onKeyDown={event => {
        // In the player, Enter presses its button and submits nothing.
        if (isOfPlayer(event.nativeEvent)) {
          event.stopPropagation();
        }
      }}
    >
      <Waveform
        sound={sound}
        name={name}
        played={played}
        onSeek={onSeek}
        trans={trans}
      />
      <audio
        ref={player}
        controls
        controlsList="nodownload"
        preload="auto"
        src={url}
        aria-label={trans.__('Sample %1', name)}
        onTimeUpdate={event => {
          const { currentTime, duration } = event.currentTarget;
          setPlayed(duration > 0 ? currentTime / duration : 0);
        }}
        onError={() => setBroken(true)}
      />
      {isBroken && (
        <p className="jp-al-Hint" role="status">
          {trans.__('This browser can not play the sound.')}
        </p>
      )}
    </div>
  );
}
