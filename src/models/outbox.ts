import { Signal, type ISignal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';

import { ApiError } from '../api/request';
import type { Client } from '../api/client';
import type { IAnnotationIn, IAnnotationReply, ILeaseRef } from '../api/types';
import { isRefused, worth } from './outbox-entries';
import type {
  IAnswerEntry,
  IRefusal,
  IUndoEntry,
  OutboxEntry
} from './outbox-entries';
import { OutboxStore } from './outbox-store';

/**
 * What the outbox asks of the server.
 */
export type IOutboxClient = Pick<Client, 'annotate' | 'skip' | 'undo'>;

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
    this._store = new OutboxStore(_options);
    this._entries = this._store.load();
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
   * Know an answer that the server has stored, so that it can be undone by its key.
   */
  remember(key: string, id: string): void {
    this._ids.set(key, id);
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
      this._keep(entry);
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
      this._keep(entry);
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
      this._keep(head);
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
      this._store.remove(entry);
      this._keep(undo);
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
    this._keep(entry);
    this._changed.emit();
    if (!this._lost) {
      // In a task of its own: it is kept already, and the next sample is to be painted first.
      this._drainLater(0);
    }
  }

  private _remove(entry: OutboxEntry): void {
    this._entries = this._entries.filter(other => other !== entry);
    this._store.remove(entry);
  }

  private _drainLater(pause: number): void {
    clearTimeout(this._timer);
    this._timer = setTimeout(() => void this._drain(), pause);
  }

  private _nextOrder(): number {
    const last = this._entries[this._entries.length - 1];
    return Math.max(Date.now(), last ? last.order + 1 : 0);
  }

  private _keep(entry: OutboxEntry): void {
    this._isKept = this._store.put(entry);
  }

  private _store: OutboxStore;
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
  export interface IOptions extends OutboxStore.IOptions {
    client: IOutboxClient;
  }
}

/**
 * Whether another attempt may pass: the server is away, in trouble, or wants a new log-in.
 */
function mayPass(reason: unknown): boolean {
  if (!(reason instanceof ApiError)) {
    return true;
  }
  return reason.isTemporary || reason.word === 'not_logged_in';
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
