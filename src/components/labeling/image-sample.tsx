import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useRef, useState } from 'react';

import type { IPicture } from './display';

interface IZoom {
  scale: number;
  x: number;
  y: number;
}

/** The whole picture. */
const FIT: IZoom = { scale: 1, x: 0, y: 0 };
const MOST = 40;
const STEP = 1.25;
/** Pictures whose longer side has fewer pixels than this are enlarged without blur. */
const SMALL = 64;
/** The keys that zoom, as printed. */
export const ZOOM_KEYS = '+ −';

/**
 * A picture as large as fits. The wheel zooms at the pointer, `+` and `-` at the middle, a drag moves,
 * a double click fits. The original is fetched when somebody looks closer.
 */
export function ImageSample(props: {
  picture: IPicture;
  /** The address of a larger one, where there is one. */
  originalUrl?: string;
  name: string;
  trans: TranslationBundle;
}): JSX.Element {
  const { picture, originalUrl, name, trans } = props;
  const frame = useRef<HTMLDivElement>(null);
  const [zoom, setZoom] = useState(FIT);
  const [size, setSize] = useState({
    width: picture.width,
    height: picture.height
  });
  useEffect(() => {
    const element = frame.current;
    // React's own wheel listener is passive and could not keep the page from scrolling.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const box = element!.getBoundingClientRect();
      const x = event.clientX - box.left - box.width / 2;
      const y = event.clientY - box.top - box.height / 2;
      const factor = event.deltaY < 0 ? STEP : 1 / STEP;
      setZoom(old => zoomAt(old, factor, x, y));
    };
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, []);
  useEffect(() => {
    const view = frame.current?.closest('.jp-al-View');
    const onKeyDown = (event: Event) => {
      const factor = factorOf(event as KeyboardEvent);
      const isWaiting = frame.current?.closest('.jp-al-mod-waiting');
      if (factor !== null && !isWaiting) {
        event.preventDefault();
        setZoom(old => zoomAt(old, factor, 0, 0));
      }
    };
    view?.addEventListener('keydown', onKeyDown);
    return () => view?.removeEventListener('keydown', onKeyDown);
  }, []);
  const original = useOriginal(zoom.scale > 1 ? originalUrl : undefined);
  const longest = Math.max(size.width ?? 0, size.height ?? 0);
  const isSmall = longest > 0 && longest < SMALL;
  const onPointerMove = (event: React.PointerEvent) => {
    if (event.buttons === 1 && zoom.scale > 1) {
      const { movementX, movementY } = event;
      setZoom(old => ({ ...old, x: old.x + movementX, y: old.y + movementY }));
    }
  };
  return (
    <div
      ref={frame}
      className={
        zoom.scale > 1 ? 'jp-al-Image jp-al-mod-zoomed' : 'jp-al-Image'
      }
      title={trans.__('Scroll or press + and − to zoom, double-click to fit')}
      onDoubleClick={() => setZoom(FIT)}
      onPointerMove={onPointerMove}
    >
      <img
        className={isSmall ? 'jp-al-mod-crisp' : undefined}
        src={original ?? picture.url}
        alt={trans.__('Sample %1', name)}
        draggable={false}
        style={{
          ...(isSmall ? enlarged(longest) : {}),
          transform: `translate(${zoom.x}px, ${zoom.y}px) scale(${zoom.scale})`
        }}
        onLoad={event => {
          const { naturalWidth, naturalHeight } = event.currentTarget;
          setSize({ width: naturalWidth, height: naturalHeight });
        }}
      />
    </div>
  );
}

/**
 * The address of the original once it is loaded, so that nothing flickers; stays when one looks back.
 */
function useOriginal(url: string | undefined): string | null {
  const [loaded, setLoaded] = useState<string | null>(null);
  useEffect(() => {
    if (url === undefined) {
      return;
    }
    const image = new Image();
    image.onload = () => setLoaded(url);
    image.src = url;
    return () => {
      image.onload = null;
    };
  }, [url]);
  return loaded;
}

/**
 * How much a key zooms; null for any other key, and while somebody types.
 */
function factorOf(event: KeyboardEvent): number | null {
  const { key, ctrlKey, metaKey, altKey, target } = event;
  const types = (target as Element | null)?.matches(
    'input, textarea, select, [contenteditable]'
  );
  if (ctrlKey || metaKey || altKey || types) {
    return null;
  }
  return key === '+' || key === '=' ? STEP : key === '-' ? 1 / STEP : null;
}

/**
 * The size of a small picture: larger than this, an eye sees squares and no longer a shape.
 */
function enlarged(longest: number): React.CSSProperties {
  const size = Math.max(256, longest * 12);
  return { maxHeight: size, maxWidth: size };
}

/**
 * Zoom so that the point under the pointer stays where it is.
 *
 * @param x - the pointer, in pixels from the middle of the frame
 * @param y - the same, downwards
 */
export function zoomAt(
  old: IZoom,
  factor: number,
  x: number,
  y: number
): IZoom {
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
