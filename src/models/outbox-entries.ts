import type { IAnnotationIn, ILeaseRef } from '../api/types';

/**
 * An answer on its way to the server.
 */
export interface IAnswerEntry {
  kind: 'annotate';
  key: string;
  /** Position in the order of acts. */
  order: number;
  body: IAnnotationIn;
  /** Undone after it was perhaps sent: to be undone there as soon as it is acknowledged. */
  undone: boolean;
  /** Whether it was handed to the network at least once. */
  attempted: boolean;
  /** Why the server refused it for good, in the server's words. */
  error: string | null;
}

/**
 * An undo on its way to the server.
 */
export interface IUndoEntry {
  kind: 'undo';
  key: string;
  order: number;
  id: string;
}

/**
 * A skip on its way to the server.
 */
export interface ISkipEntry {
  kind: 'skip';
  key: string;
  order: number;
  lease: ILeaseRef;
  attempted: boolean;
}

/**
 * One act on its way to the server.
 */
export type OutboxEntry = IAnswerEntry | IUndoEntry | ISkipEntry;

/**
 * An answer that the server refused for good.
 */
export interface IRefusal {
  key: string;
  sampleId: number;
  label: string | string[];
  message: string;
}

/**
 * Whether an act is an answer that the server refused.
 */
export function isRefused(entry: OutboxEntry): entry is IAnswerEntry {
  return entry.kind === 'annotate' && entry.error !== null;
}

/**
 * How many labels an act adds once the server holds it.
 */
export function worth(entry: OutboxEntry): number {
  if (entry.kind === 'undo') {
    return -1;
  }
  return entry.kind === 'annotate' && !entry.error && !entry.undone ? 1 : 0;
}
