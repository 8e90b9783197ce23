import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useLayoutEffect, useRef } from 'react';

import type { Bundle, RenderMime } from './display';
import { SampleCard } from './sample-card';

/**
 * A sample to lay out.
 */
export interface ISampleView {
  id: number;
  sampleKey: string;
  display: Bundle;
}

/**
 * The samples held, the one to label now first.
 */
export interface ISampleStageProps {
  samples: readonly ISampleView[];
  /** Called when the first sample is on screen. */
  onShown: (id: number) => void;
  contentUrl: (id: number) => string;
  originalUrl: (id: number) => string;
  renderMime?: RenderMime;
  trans: TranslationBundle;
}

/** How many samples are laid out, the visible one included. */
const LAID_OUT = 3;

/**
 * The current sample; the next ones lie under it, invisible and ready.
 */
export function SampleStage(props: ISampleStageProps): JSX.Element {
  const { samples, onShown, renderMime, trans } = props;
  const stage = useRef<HTMLDivElement>(null);
  const card = useRef<HTMLDivElement>(null);
  const current = samples[0]?.id;
  // Asked while the old card is still there: the focus goes with it when it is removed.
  const followsFocus = isFocusHere(stage.current);
  useLayoutEffect(() => {
    if (current === undefined) {
      return;
    }
    if (followsFocus) {
      // So that the sample is read out and can be scrolled with the keys.
      card.current?.focus({ preventScroll: true });
    }
    const frame = requestAnimationFrame(() => onShown(current));
    return () => cancelAnimationFrame(frame);
  }, [current, onShown]);
  return (
    <div className="jp-al-Stage" ref={stage}>
      {samples.slice(0, LAID_OUT).map((sample, index) => (
        <SampleCard
          key={sample.id}
          ref={index === 0 ? card : null}
          sampleId={sample.id}
          sampleKey={sample.sampleKey}
          display={sample.display}
          isCurrent={index === 0}
          contentUrl={props.contentUrl}
          originalUrl={props.originalUrl}
          renderMime={renderMime}
          trans={trans}
        />
      ))}
    </div>
  );
}

/**
 * Whether the focus is on or in a sample or on the view as a whole; on a button it should stay, and
 * on the notebook's cell that the view is part of.
 */
function isFocusHere(stage: HTMLElement | null): boolean {
  const focused = document.activeElement;
  if (!stage || !focused || focused === document.body) {
    return false;
  }
  const view = stage.closest('.jp-al-View')?.parentElement;
  return stage.contains(focused) || focused === view;
}
