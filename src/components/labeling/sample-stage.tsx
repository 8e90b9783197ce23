import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useLayoutEffect, useRef } from 'react';

import type { ICustomDrawing } from './custom-sample';
import type { Bundle, RenderMime } from './display';
import { SampleCard } from './sample-card';

/**
 * A sample to lay out.
 */
export interface ISampleView {
  id: number;
  sampleKey: string;
  display: Bundle;
  /** How another extension draws it. */
  drawing?: ICustomDrawing;
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
      if (followsFocus) {
        // The view keeps it until the next sample is there: keys go nowhere else meanwhile.
        viewOf(stage.current!)?.focus({ preventScroll: true });
      }
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
          drawing={sample.drawing}
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
 * Whether the focus is on or in a sample, on what stands in its place or on the view as a whole; on
 * a button below it should stay, and on the notebook's cell that the view is part of.
 */
function isFocusHere(stage: HTMLElement | null): boolean {
  const focused = document.activeElement;
  if (!stage || !focused || focused === document.body) {
    return false;
  }
  return (
    stage.contains(focused) ||
    focused === viewOf(stage) ||
    (focused.closest('.jp-al-Nothing') !== null &&
      viewOf(stage)!.contains(focused))
  );
}

function viewOf(stage: HTMLElement): HTMLElement | null {
  return stage.closest('.jp-al-View')?.parentElement ?? null;
}
