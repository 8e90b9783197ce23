import { useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';

/** Returns a ref for an element and its width in pixels, kept up to date; `fallback` until it is measured. */
export function useWidth<T extends HTMLElement>(
  fallback: number
): [RefObject<T>, number] {
  const ref = useRef<T>(null);
  const [width, setWidth] = useState(fallback);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element || typeof ResizeObserver === 'undefined') {
      return;
    }
    const measure = () => {
      // A hidden panel has no width: what was measured before stays right.
      if (element.clientWidth > 0) {
        setWidth(element.clientWidth);
      }
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}
