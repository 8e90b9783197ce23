import type { IDisposable } from '@lumino/disposable';

import type { Bundle } from '../../extension-points';

export type { Bundle };

/**
 * Draws a MIME bundle into an element until the returned object is disposed.
 */
export type RenderMime = (bundle: Bundle, host: HTMLElement) => IDisposable;

/**
 * The MIME type of a row: a list of pairs of name and value.
 */
export const ROW = 'application/vnd.jupyterlab-al.row+json';

/**
 * The MIME type of what is known about an image: its size.
 */
export const IMAGE = 'application/vnd.jupyterlab-al.image+json';

/**
 * The MIME type of a series of numbers.
 */
export const SERIES = 'application/vnd.jupyterlab-al.series+json';

/**
 * A series: its values, and their places where some of a long one are left out.
 */
export interface ISeries {
  length: number;
  values: readonly unknown[];
  at?: readonly number[];
}

/**
 * The MIME type of what is known about a sound: its type, length and loudness.
 */
export const AUDIO = 'application/vnd.jupyterlab-al.audio+json';

/**
 * What is known about a sound; its bytes are fetched by the player.
 */
export interface ISound {
  mime: string;
  seconds: number | null;
  /** Loudness over time, from 0 to 1. */
  peaks: readonly number[] | null;
}

/**
 * A picture ready for an `img` element.
 */
export interface IPicture {
  url: string;
  width: number | null;
  height: number | null;
  /** Whether there is a larger one to ask for. */
  hasOriginal: boolean;
}

/**
 * The picture of a bundle, or null.
 */
export function pictureOf(bundle: Bundle): IPicture | null {
  const mime = Object.keys(bundle).find(key => key.startsWith('image/'));
  if (mime === undefined || typeof bundle[mime] !== 'string') {
    return null;
  }
  const data = bundle[mime];
  const isMarkup = mime === 'image/svg+xml' && data.trimStart().startsWith('<');
  const size = (bundle[IMAGE] ?? {}) as {
    width?: number;
    height?: number;
    original?: boolean;
  };
  return {
    url: isMarkup
      ? `data:${mime},${encodeURIComponent(data)}`
      : `data:${mime};base64,${data}`,
    width: size.width ?? null,
    height: size.height ?? null,
    hasOriginal: size.original === true
  };
}

/**
 * The names and values of a row, or null.
 */
export function rowOf(bundle: Bundle): [string, unknown][] | null {
  const row = bundle[ROW];
  return Array.isArray(row) ? (row as [string, unknown][]) : null;
}

/**
 * The sound of a bundle, or null.
 */
export function soundOf(bundle: Bundle): ISound | null {
  const sound = bundle[AUDIO] as Partial<ISound> | undefined;
  return typeof sound?.mime === 'string' ? (sound as ISound) : null;
}

/**
 * The series of a bundle, or null.
 */
export function seriesOf(bundle: Bundle): ISeries | null {
  const series = bundle[SERIES] as Partial<ISeries> | undefined;
  return typeof series?.length === 'number' && Array.isArray(series.values)
    ? (series as ISeries)
    : null;
}

/**
 * The text of a bundle that is nothing but text, or null.
 */
export function textOf(bundle: Bundle): string | null {
  const text = bundle['text/plain'];
  return typeof text === 'string' ? text : null;
}

/**
 * Whether a bundle holds something that only a MIME renderer can draw.
 */
export function needsRenderer(bundle: Bundle): boolean {
  return Object.keys(bundle).some(
    mime => !['text/plain', AUDIO, IMAGE, ROW, SERIES].includes(mime)
  );
}
