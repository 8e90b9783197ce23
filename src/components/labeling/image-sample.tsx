import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useRef, useState } from 'react';

import type { IPicture } from './display';
import { useZoom } from './use-zoom';

/** Pictures whose longer side has fewer pixels than this are enlarged without blur. */
const SMALL = 64;
/** The keys that zoom, as printed. */
export const ZOOM_KEYS = '+ −';

/**
 * A picture as large as fits, at which one can look closer; the original is fetched then.
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
  const zoom = useZoom(frame);
  const [size, setSize] = useState({
    width: picture.width,
    height: picture.height
  });
  const original = useOriginal(zoom.scale > 1 ? originalUrl : undefined);
  const longest = Math.max(size.width ?? 0, size.height ?? 0);
  const isSmall = longest > 0 && longest < SMALL;
  const kinds = [
    ...(isSmall ? ['jp-al-mod-crisp'] : []),
    ...(longest > 0 ? ['jp-al-mod-sized'] : [])
  ];
  return (
    <div
      ref={frame}
      className={
        zoom.scale > 1 ? 'jp-al-Image jp-al-mod-zoomed' : 'jp-al-Image'
      }
      title={trans.__(
        'Scroll, pinch or press + and − to zoom; double-click to look closer and back'
      )}
    >
      <img
        className={kinds.join(' ') || undefined}
        src={original ?? picture.url}
        alt={trans.__('Sample %1', name)}
        draggable={false}
        style={{
          ...shape(size.width ?? 0, size.height ?? 0),
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
 * What the style sheet needs to make a picture as large as fits, with the board behind it alone.
 */
function shape(width: number, height: number): React.CSSProperties {
  if (width === 0 || height === 0) {
    return {};
  }
  const longest = Math.max(width, height);
  // Larger than this, an eye sees squares of a small picture and no longer a shape.
  const most = Math.max(256, longest * 12);
  return {
    '--al-ratio': width / height,
    ...(longest < SMALL
      ? { '--al-widest': `${(most * width) / longest}px` }
      : {})
  } as React.CSSProperties;
}
