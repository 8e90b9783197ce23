import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import React, { useLayoutEffect, useRef, useState } from 'react';

/**
 * Draws one sample in the way of another extension.
 */
export interface ICustomDrawing {
  /** Who draws. */
  id: string;
  draw: (host: HTMLElement) => IDisposable | Promise<IDisposable>;
}

/**
 * A sample drawn by another extension; where that fails, what went wrong and the sample as the view
 * itself shows it.
 */
export function CustomSample(props: {
  drawing: ICustomDrawing;
  children: React.ReactNode;
  trans: TranslationBundle;
}): JSX.Element {
  const { drawing, children, trans } = props;
  const host = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  // Passive clean-up would run when the node is gone already.
  useLayoutEffect(() => {
    setProblem(null);
    return drawn(drawing, host.current!, setProblem);
  }, [drawing]);
  return (
    <>
      <div className="jp-al-Custom" ref={host} hidden={problem !== null} />
      {problem !== null && (
        <>
          <p className="jp-al-Error" role="alert">
            {trans.__(
              '%1 could not draw this sample: %2 You can label it or skip it all the same.',
              drawing.id,
              problem.replace(/\.?$/, '.')
            )}
          </p>
          {children}
        </>
      )}
    </>
  );
}

/** Draw, now or once it is ready, and return what clears it away. */
function drawn(
  drawing: ICustomDrawing,
  host: HTMLElement,
  onProblem: (message: string) => void
): () => void {
  let isGone = false;
  let made: IDisposable | null = null;
  const keep = (drawn: IDisposable) => {
    made = drawn;
    if (isGone) {
      clear(drawing.id, made);
    }
  };
  const fail = (reason: unknown) => {
    console.error(`${drawing.id} could not draw a sample:`, reason);
    if (!isGone) {
      onProblem(reason instanceof Error ? reason.message : String(reason));
    }
  };
  try {
    const drawn = drawing.draw(host);
    if (drawn instanceof Promise) {
      drawn.then(keep).catch(fail);
    } else {
      keep(drawn);
    }
  } catch (reason) {
    fail(reason);
  }
  return () => {
    isGone = true;
    if (made) {
      clear(drawing.id, made);
    }
    host.replaceChildren();
  };
}

function clear(id: string, made: IDisposable): void {
  try {
    made.dispose();
  } catch (reason) {
    console.error(`${id} could not clear a sample away:`, reason);
  }
}
