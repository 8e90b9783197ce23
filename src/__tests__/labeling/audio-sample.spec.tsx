import { fireEvent, render, screen } from '@testing-library/react';
import React from 'react';

import { AUDIO } from '../../components/labeling/display';
import { LabelingView } from '../../components/labeling/labeling-view';
import { aSample, props, show } from './show-view';

describe('AudioSample', () => {
  const sound = { mime: 'audio/wav', seconds: 2.5, peaks: [0, 0.5, 1] };
  const pause = jest
    .spyOn(window.HTMLMediaElement.prototype, 'pause')
    .mockImplementation();

  it('has a player for its bytes and a waveform', () => {
    const { container } = show({
      samples: [aSample(7, { [AUDIO]: sound })]
    });

    const player = container.querySelector('audio')!;
    expect(player.getAttribute('src')).toBe('/content/7');
    expect(player.controls).toBe(true);
    expect(
      screen.getByRole('img', { name: 'Sample 7: waveform, 2.5 s' })
    ).toBeTruthy();
    expect(
      container
        .querySelector('.jp-al-Waveform > path')!
        .getAttribute('d')!
        .match(/M/g)
    ).toHaveLength(3);
  });

  it('has only a player where nothing is known of its loudness', () => {
    const { container } = show({
      samples: [
        aSample(7, { [AUDIO]: { ...sound, seconds: null, peaks: null } })
      ]
    });

    expect(container.querySelector('audio')).toBeTruthy();
    expect(screen.queryByRole('img', { name: /waveform/ })).toBeNull();
  });

  it('jumps to where the waveform is pressed', () => {
    const { container } = show({
      samples: [aSample(7, { [AUDIO]: sound })]
    });
    const player = container.querySelector('audio')!;
    Object.defineProperty(player, 'duration', { value: 2.5 });
    const waveform = screen.getByRole('img', { name: /waveform/ });
    waveform.getBoundingClientRect = () =>
      ({ left: 100, width: 200 }) as DOMRect;

    fireEvent.click(waveform, { clientX: 200 });

    expect(player.currentTime).toBe(1.25);
  });

  it('stops when the next sample comes, which takes the focus', () => {
    pause.mockClear();
    const given = props({
      samples: [
        aSample(7, { [AUDIO]: sound }),
        aSample(8, { 'text/plain': 'next' })
      ]
    });
    const { container, rerender } = render(<LabelingView {...given} />);
    const player = container.querySelector('audio')!;
    player.tabIndex = 0;
    player.focus();

    rerender(<LabelingView {...given} samples={[given.samples[1]]} />);

    expect(pause).toHaveBeenCalled();
    expect(document.activeElement).toBe(
      screen.getByRole('article', { name: 'Sample 8' })
    );
  });

  it('keeps the keys of the player to itself and lets those of classes through', () => {
    const pressed: string[] = [];
    const { container } = show({
      samples: [aSample(7, { [AUDIO]: sound })]
    });
    const listen = (event: KeyboardEvent) => pressed.push(event.key);
    document.addEventListener('keydown', listen);

    for (const key of [' ', 'Enter', 'ArrowLeft', '1', 's']) {
      fireEvent.keyDown(container.querySelector('audio')!, { key });
    }

    document.removeEventListener('keydown', listen);
    expect(pressed).toEqual(['1', 's']);
  });

  it('says so when the browser can not play it', () => {
    const { container } = show({
      samples: [aSample(7, { [AUDIO]: sound })]
    });

    fireEvent.error(container.querySelector('audio')!);

    expect(
      screen.getByText('This browser can not play the sound.')
    ).toBeTruthy();
  });
});
