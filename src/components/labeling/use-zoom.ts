import { useEffect, useRef, useState, type RefObject } from 'react';

/**
 * How close one looks at a picture: by how much it is enlarged, and how far its middle is from the
 * frame's, in pixels.
 */
export interface IZoom {
  scale: number;
  x: number;
  y: number;
}

/** Changes what is seen, given what was. */
type Change = (next: (old: IZoom) => IZoom) => void;

/** The whole picture. */
const FIT: IZoom = { scale: 1, x: 0, y: 0 };
const MOST = 40;
const STEP = 1.25;
/** How much closer a double click or a double tap brings one. */
const CLOSER = 3;
/** How far an arrow key moves, in pixels. */
const STRIDE = 64;
/** Where the picture goes so that one looks in the direction of the key. */
const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [STRIDE, 0],
  ArrowRight: [-STRIDE, 0],
  ArrowUp: [0, STRIDE],
  ArrowDown: [0, -STRIDE]
};

/**
 * Let a person look closer at what is in a frame of the labeling view: by wheel, two fingers,
 * double click or `+` and `-`; a drag, a finger or an arrow key moves.
 */
export function useZoom(frame: RefObject<HTMLElement>): IZoom {
  const now = useRef(FIT);
  const [zoom, setZoom] = useState(FIT);
  useEffect(() => {
    const change: Change = next => {
      now.current = next(now.current);
      setZoom(now.current);
    };
    const isZoomed = () => now.current.scale > 1;
    const element = frame.current!;
    const ends = [
      listenToMouse(element, change, isZoomed),
      listenToFingers(element, change, isZoomed),
      listenToKeys(element, change, isZoomed)
    ];
    return () => ends.forEach(end => end());
  }, [frame]);
  return zoom;
}

function listenToMouse(
  frame: HTMLElement,
  change: Change,
  isZoomed: () => boolean
): () => void {
  return listen(frame, {
    wheel: event => {
      const { deltaY } = event as WheelEvent;
      event.preventDefault();
      const { x, y } = placeIn(frame, event as WheelEvent);
      change(old => zoomAt(old, deltaY < 0 ? STEP : 1 / STEP, x, y));
    },
    dblclick: event => {
      const { x, y } = placeIn(frame, event as MouseEvent);
      change(old => (isZoomed() ? FIT : zoomAt(old, CLOSER, x, y)));
    },
    mousemove: event => {
      const { buttons, movementX, movementY } = event as MouseEvent;
      if (buttons === 1 && isZoomed()) {
        change(old => moved(old, movementX, movementY));
      }
    }
  });
}

/** One finger moves what is enlarged, and scrolls the page as ever what is not; two zoom. */
function listenToFingers(
  frame: HTMLElement,
  change: Change,
  isZoomed: () => boolean
): () => void {
  let before: IFingers | null = null;
  const onStart = (event: Event) => {
    before = fingersIn(frame, event as TouchEvent);
    if (before.span > 0) {
      // Else the browser would take two fingers for itself.
      event.preventDefault();
    }
  };
  return listen(frame, {
    touchstart: onStart,
    touchend: onStart,
    touchmove: event => {
      const last = before;
      const fingers = fingersIn(frame, event as TouchEvent);
      if (!last || (fingers.span === 0 && !isZoomed())) {
        return;
      }
      event.preventDefault();
      before = fingers;
      const { x, y, span } = fingers;
      const factor = span > 0 && last.span > 0 ? span / last.span : 1;
      change(old => moved(zoomAt(old, factor, x, y), x - last.x, y - last.y));
    }
  });
}

function listenToKeys(
  frame: HTMLElement,
  change: Change,
  isZoomed: () => boolean
): () => void {
  const view = frame.closest<HTMLElement>('.jp-al-View');
  return listen(view, {
    keydown: event => {
      const { key, ctrlKey, metaKey, altKey, target } = event as KeyboardEvent;
      const types = (target as Element | null)?.matches(
        'input, textarea, select, [contenteditable]'
      );
      const isWaiting = frame.closest('.jp-al-mod-waiting');
      if (ctrlKey || metaKey || altKey || types || isWaiting) {
        return;
      }
      const factor =
        key === '+' || key === '=' ? STEP : key === '-' ? 1 / STEP : null;
      if (factor !== null) {
        event.preventDefault();
        change(old => zoomAt(old, factor, 0, 0));
      } else if (key in ARROWS && isZoomed()) {
        event.preventDefault();
        change(old => moved(old, ...ARROWS[key]));
      }
    }
  });
}

/** Listen until the returned function is called; React's own listeners can't prevent scrolling. */
function listen(
  element: HTMLElement | null,
  listeners: Record<string, (event: Event) => void>
): () => void {
  const all = Object.entries(listeners);
  all.forEach(([name, on]) =>
    element?.addEventListener(name, on, { passive: false })
  );
  return () =>
    all.forEach(([name, on]) => element?.removeEventListener(name, on));
}

/** Where the fingers are, and how far apart; 0 for a single one. */
interface IFingers {
  x: number;
  y: number;
  span: number;
}

function fingersIn(frame: HTMLElement, event: TouchEvent): IFingers {
  const [one, two] = [...event.touches].map(touch => placeIn(frame, touch));
  if (!two) {
    return { ...(one ?? { x: 0, y: 0 }), span: 0 };
  }
  return {
    x: (one.x + two.x) / 2,
    y: (one.y + two.y) / 2,
    span: Math.hypot(one.x - two.x, one.y - two.y)
  };
}

/** Where something is, in pixels from the middle of the frame. */
function placeIn(
  frame: HTMLElement,
  at: { clientX: number; clientY: number }
): { x: number; y: number } {
  const box = frame.getBoundingClientRect();
  return {
    x: at.clientX - box.left - box.width / 2,
    y: at.clientY - box.top - box.height / 2
  };
}

/** Zoom so that what is at a place of the frame stays there. */
function zoomAt(old: IZoom, factor: number, x: number, y: number): IZoom {
  const scale = Math.min(Math.max(old.scale * factor, 1), MOST);
  if (scale === 1) {
    return FIT;
  }
  const ratio = scale / old.scale;
  return {
    scale,
    x: x - (x - old.x) * ratio,
    y: y - (y - old.y) * ratio
  };
}

/** Move what is enlarged. */
function moved(old: IZoom, x: number, y: number): IZoom {
  return old.scale === 1 ? old : { ...old, x: old.x + x, y: old.y + y };
}
