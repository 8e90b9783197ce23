import { useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';

/** How large an element is inside, in pixels. */
export interface ISize {
  width: number;
  height: number;
}

/** Returns a ref for an element and its size, kept up to date; `fallback` until it is measured. */
export function useSize<T extends HTMLElement>(
  fallback: ISize
): [RefObject<T>, ISize] {
  const ref = useRef<T>(null);
  const [size, setSize] = useState(fallback);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element || typeof ResizeObserver === 'undefined') {
      return;
    }
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = element;
      // A hidden panel has no width: what was measured before stays right.
      if (width > 0) {
        setSize(old =>
          old.width === width && old.height === height ? old : { width, height }
        );
      }
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, size];
}
