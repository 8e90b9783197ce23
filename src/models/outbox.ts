import { Signal, type ISignal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';

import { ApiError } from '../api/request';
import type { Client } from '../api/client';
import type { IAnnotationIn, IAnnotationReply, ILeaseRef } from '../api/types';

/**
 * What the outbox asks of the server.
 */
export type IOutboxClient = Pick<Client, 'annotate' | 'skip' | 'undo'>;

/**
 * Where entries outlive the page; `localStorage` fits.
 */
export type IOutboxStorage = Pick<
  Storage,
  'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'
>;

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

const PREFIX = 'jupyterlab_al:outbox';
const BATCH = 50;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15000;

/**
 * The answers of one project that the server has not acknowledged yet.
 *
 * They are sent in the order given, each under a key of its own, so that a repeat is harmless, and
 * kept in the browser's storage until the server has said that it holds them. A refused answer
 * stays, with the reason, until the person decides.
 */
export class Outbox implements IDisposable {
  constructor(private _options: Outbox.IOptions) {
    this._entries = this._load();
    if (this._entries.length > 0) {
      this._drainLater(0);
    }
  }

  /**
   * Emitted when anything of the state changed.
   */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /**
   * Emitted with each answer that the server holds now.
   */
  get acknowledged(): ISignal<this, IAnnotationReply> {
    return this._acknowledged;
  }

  /**
   * Emitted with the sample of each undo that the server has carried out.
   */
  get undone(): ISignal<this, number | null> {
    return this._undone;
  }

  /**
   * How many acts wait to be sent or for their acknowledgment.
   */
  get waiting(): number {
    return this._entries.filter(entry => !isRefused(entry)).length;
  }

  /**
   * What the waiting acts will add to the number of labels.
   */
  get waitingLabels(): number {
    return this._entries.reduce((sum, entry) => sum + worth(entry), 0);
  }

  /**
   * The answers that the server refused.
   */
  get refused(): IRefusal[] {
    return this._entries.filter(isRefused).map(entry => ({
      key: entry.key,
      sampleId: entry.body.sample_id,
      label: entry.body.label,
      message: entry.error ?? ''
    }));
  }

  /**
   * Whether the last attempt found no server, or one in trouble.
   */
  get lost(): boolean {
    return this._lost;
  }

  /**
   * Whether answers survive the end of the page; false when the browser's storage is full or off.
   */
  get isKept(): boolean {
    return this._isKept;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * Whether an answer for this sample is on its way.
   */
  holds(sampleId: number): boolean {
    return this._entries.some(
      entry => entry.kind === 'annotate' && entry.body.sample_id === sampleId
    );
  }

  /**
   * Take an answer; `body.key` names it from now on.
   */
  add(body: IAnnotationIn): void {
    this._push({
      kind: 'annotate',
      key: body.key,
      order: this._nextOrder(),
      body,
      undone: false,
      attempted: false,
      error: null
    });
  }

  /**
   * Take a skip; `key` names it from now on.
   */
  skip(key: string, lease: ILeaseRef): void {
    this._push({
      kind: 'skip',
      key,
      order: this._nextOrder(),
      lease,
      attempted: false
    });
  }

  /**
   * Undo the act that was given under `key`: withdraw it if it was never sent, otherwise undo it
   * at the server.
   */
  undo(key: string): void {
    const entry = this._entries.find(entry => entry.key === key);
    if (entry && entry.kind !== 'undo' && !entry.attempted) {
      this._remove(entry);
    } else if (entry?.kind === 'annotate' && entry.error !== null) {
      this._remove(entry);
    } else if (entry?.kind === 'annotate') {
      entry.undone = true;
      this._store(entry);
    } else {
      const id = this._ids.get(key);
      if (id !== undefined) {
        this._push(this._undoEntry(key, id, this._nextOrder()));
        return;
      }
    }
    this._changed.emit();
  }

  /**
   * Send what waits now, and what was refused again.
   */
  retry(): void {
    for (const entry of this._entries.filter(isRefused)) {
      entry.error = null;
      this._store(entry);
    }
    this.resend();
    this._changed.emit();
  }

  /**
   * Send what waits now rather than after the pause: the server is back.
   */
  resend(): void {
    this._pause = FIRST_PAUSE;
    this._drainLater(0);
  }

  /**
   * Give up a refused answer.
   */
  discard(key: string): void {
    const entry = this._entries.find(entry => entry.key === key);
    if (entry && isRefused(entry)) {
      this._remove(entry);
      this._changed.emit();
    }
  }

  /**
   * Stop sending; what waits stays in the storage.
   */
  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    clearTimeout(this._timer);
    Signal.clearData(this);
  }

  private async _drain(): Promise<void> {
    if (this._isDraining || this._isDisposed) {
      return;
    }
    this._isDraining = true;
    try {
      for (;;) {
        const head = this._entries.find(entry => !isRefused(entry));
        if (!head || this._isDisposed) {
          break;
        }
        await this._send(head);
        this._lost = false;
        this._pause = FIRST_PAUSE;
        this._changed.emit();
      }
    } catch {
      this._lost = true;
      this._drainLater(this._pause * (0.75 + Math.random() / 2));
      this._pause = Math.min(this._pause * 2, LONGEST_PAUSE);
      this._changed.emit();
    } finally {
      this._isDraining = false;
    }
  }

  /**
   * Send the first entry; throws only what another attempt may mend.
   */
  private async _send(head: OutboxEntry): Promise<void> {
    const { project, client } = this._options;
    switch (head.kind) {
      case 'annotate':
        return this._sendAnswers(head);
      case 'skip':
        head.attempted = true;
        await harmless(client.skip(project, { leases: [head.lease] }));
        this._remove(head);
        return;
      case 'undo': {
        const reply = await harmless(client.undo(project, head.id));
        this._remove(head);
        this._undone.emit(reply?.sample_id ?? null);
        return;
      }
    }
  }

  private async _sendAnswers(head: IAnswerEntry): Promise<void> {
    const batch = this._batch(head);
    batch.forEach(entry => (entry.attempted = true));
    try {
      const reply = await this._options.client.annotate(this._options.project, {
        annotations: batch.map(entry => entry.body)
      });
      reply.annotations.forEach((annotation, index) =>
        this._acknowledge(batch[index], annotation)
      );
      this._limit = BATCH;
    } catch (reason) {
      if (mayPass(reason)) {
        throw reason;
      }
      if (batch.length > 1) {
        // One of them is refused and took the others with it: find out which.
        this._limit = 1;
        return;
      }
      head.error = words(reason);
      this._store(head);
    }
  }

  /**
   * The answers that may travel with the first one: no undo or skip stands between them.
   */
  private _batch(head: IAnswerEntry): IAnswerEntry[] {
    const batch: IAnswerEntry[] = [];
    for (const entry of this._entries.slice(this._entries.indexOf(head))) {
      if (entry.kind !== 'annotate' || batch.length === this._limit) {
        break;
      }
      if (entry.error === null) {
        batch.push(entry);
      }
    }
    return batch;
  }

  private _acknowledge(
    entry: IAnswerEntry,
    annotation: IAnnotationReply
  ): void {
    this._ids.set(entry.key, annotation.id);
    if (entry.undone) {
      // In its place, so that a later answer to the same sample comes after the undo.
      const undo = this._undoEntry(entry.key, annotation.id, entry.order);
      this._entries[this._entries.indexOf(entry)] = undo;
      this._forget(entry);
      this._store(undo);
    } else {
      this._remove(entry);
    }
    this._acknowledged.emit(annotation);
  }

  private _undoEntry(key: string, id: string, order: number): IUndoEntry {
    return { kind: 'undo', key: `undo-${key}`, order, id };
  }

  private _push(entry: OutboxEntry): void {
    this._entries.push(entry);
    this._store(entry);
    this._changed.emit();
    if (!this._lost) {
      // In a task of its own: it is kept already, and the next sample is to be painted first.
      this._drainLater(0);
    }
  }

  private _remove(entry: OutboxEntry): void {
    this._entries = this._entries.filter(other => other !== entry);
    this._forget(entry);
  }

  private _drainLater(pause: number): void {
    clearTimeout(this._timer);
    this._timer = setTimeout(() => void this._drain(), pause);
  }

  private _nextOrder(): number {
    const last = this._entries[this._entries.length - 1];
    return Math.max(Date.now(), last ? last.order + 1 : 0);
  }

  // --- the browser's storage: one item an entry, so that two tabs never overwrite each other ---

  private _storageKey(key: string): string {
    return `${storagePrefix(this._options.scope)}${this._options.project}:${key}`;
  }

  private _store(entry: OutboxEntry): void {
    try {
      this._options.storage.setItem(
        this._storageKey(entry.key),
        JSON.stringify(entry)
      );
      this._isKept = true;
    } catch {
      this._isKept = false;
    }
  }

  private _forget(entry: OutboxEntry): void {
    try {
      this._options.storage.removeItem(this._storageKey(entry.key));
    } catch {
      // A storage that is off holds nothing to forget.
    }
  }

  private _load(): OutboxEntry[] {
    const prefix = this._storageKey('');
    const found = storageKeys(this._options.storage, prefix).map(key =>
      parse(this._options.storage.getItem(key))
    );
    return found
      .filter(entry => entry !== null)
      .sort((a, b) => a.order - b.order);
  }

  private _entries: OutboxEntry[] = [];
  private _ids = new Map<string, string>();
  private _isDraining = false;
  private _isDisposed = false;
  private _isKept = true;
  private _lost = false;
  private _limit = BATCH;
  private _pause = FIRST_PAUSE;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _changed = new Signal<this, void>(this);
  private _acknowledged = new Signal<this, IAnnotationReply>(this);
  private _undone = new Signal<this, number | null>(this);
}

/**
 * The namespace for `Outbox` statics.
 */
export namespace Outbox {
  /**
   * The options of an outbox.
   */
  export interface IOptions {
    project: string;
    client: IOutboxClient;
    storage: IOutboxStorage;
    /**
     * What tells servers apart that share an origin: the base URL.
     */
    scope: string;
  }
}

/**
 * The projects for which the storage holds unacknowledged acts.
 */
export function storedProjects(
  storage: IOutboxStorage,
  scope: string
): string[] {
  const prefix = storagePrefix(scope);
  const names = storageKeys(storage, prefix).map(key => {
    const rest = key.slice(prefix.length);
    return rest.slice(0, rest.lastIndexOf(':'));
  });
  return [...new Set(names)];
}

function storagePrefix(scope: string): string {
  return `${PREFIX}:${scope}:`;
}

function storageKeys(storage: IOutboxStorage, prefix: string): string[] {
  try {
    return Array.from({ length: storage.length }, (_, i) => storage.key(i))
      .filter(key => key !== null)
      .filter(key => key.startsWith(prefix));
  } catch {
    return [];
  }
}

function parse(text: string | null): OutboxEntry | null {
  try {
    const entry = JSON.parse(text ?? 'null') as OutboxEntry | null;
    if (entry && entry.kind !== 'undo') {
      // The page that stored it may have sent it.
      entry.attempted = true;
    }
    return entry;
  } catch {
    return null;
  }
}

function isRefused(entry: OutboxEntry): entry is IAnswerEntry {
  return entry.kind === 'annotate' && entry.error !== null;
}

function worth(entry: OutboxEntry): number {
  if (entry.kind === 'undo') {
    return -1;
  }
  return entry.kind === 'annotate' && !entry.error && !entry.undone ? 1 : 0;
}

/**
 * Whether another attempt may pass: the server is away, in trouble, or wants a new log-in
 * (Jupyter's own 403, which has no sentence of ours).
 */
function mayPass(reason: unknown): boolean {
  if (!(reason instanceof ApiError)) {
    return true;
  }
  const { status, message } = reason;
  return reason.isTemporary || (status === 403 && message === 'Forbidden');
}

/**
 * The reply, or null when the server refuses for good an act that costs nothing to lose.
 */
async function harmless<T>(reply: Promise<T>): Promise<T | null> {
  try {
    return await reply;
  } catch (reason) {
    if (mayPass(reason)) {
      throw reason;
    }
    return null;
  }
}

function words(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
