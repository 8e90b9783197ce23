import { Signal, type ISignal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';

import { ApiError } from '../api/request';
import type { Client } from '../api/client';
import type { IClaimReply, ILeaseReply } from '../api/types';
import { HeldSamples, type IHeldSample } from './held-samples';
import type { Outbox } from './outbox';

/**
 * Why there is no sample to show.
 *
 * `loading`: it is on its way; `missing`: no such project; `failed`: it could not be made;
 * `forbidden`: this person may not label; `lost`: no server answers; otherwise the server's word.
 */
export type Emptiness =
  | 'loading'
  | 'missing'
  | 'failed'
  | 'forbidden'
  | 'lost'
  | NonNullable<IClaimReply['empty_because']>;

/** The most samples ever asked for at once: the contract's limit. */
const LARGEST_CLAIM = 50;
/** Leases of a view in which nothing was pressed for this long run out. */
const IDLE = 30 * 60 * 1000;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15000;

/**
 * The samples that one view holds: leased ahead, prolonged while the person works, given back.
 *
 * What the caller does (`take`, `change`, `putBack`) is there when the call returns; `changed` tells
 * of what came from the server.
 */
export class SampleStream implements IDisposable {
  constructor(private _options: SampleStream.IOptions) {
    this._ahead = _options.ahead ?? 4;
    this._lastAct = _options.now();
  }

  /**
   * Emitted when the server's reply, or its silence, has changed something.
   */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /**
   * Emitted when the server has no sample for this view, with its reason; null: not just yet.
   */
  get ranDry(): ISignal<this, IClaimReply['empty_because']> {
    return this._ranDry;
  }

  /**
   * Emitted when the server refuses samples, with its words where no state tells of it.
   */
  get refused(): ISignal<this, string | null> {
    return this._refused;
  }

  /**
   * All samples held, the current one first; the others are laid out ahead.
   */
  get held(): readonly IHeldSample[] {
    return this._held.all;
  }

  /**
   * The sample to label now.
   */
  get current(): IHeldSample | null {
    return this._held.current;
  }

  /**
   * Why there is no current sample; null while there is one.
   */
  get emptiness(): Emptiness | null {
    if (this.current) {
      return null;
    }
    return this._lost ? 'lost' : this._emptiness;
  }

  /**
   * When the first sample that others hold comes back.
   */
  get backAt(): Date | null {
    return this._backAt;
  }

  /**
   * Whether the last request found no server, or one in trouble.
   */
  get lost(): boolean {
    return this._lost;
  }

  /**
   * How many samples to hold beside the current one.
   */
  get ahead(): number {
    return this._ahead;
  }
  set ahead(value: number) {
    this._ahead = value;
    this.fill();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * Leave the current sample: it does not come back unless it was put back.
   */
  take(): IHeldSample | null {
    const held = this._held.take();
    if (this.current === null) {
      this._emptiness = 'loading';
    }
    return held;
  }

  /**
   * Make a sample that was taken the current one again.
   */
  putBack(held: IHeldSample): void {
    this._held.putBack(held);
  }

  /**
   * Change what the person has entered for the current sample; false without one.
   */
  change(change: (held: IHeldSample) => IHeldSample): boolean {
    return this._held.change(change);
  }

  /**
   * Say that the person is there: leases that ran out meanwhile are asked for again.
   */
  touch(): void {
    const wasIdle = this._isIdle();
    this._lastAct = this._options.now();
    if (wasIdle) {
      void this.claim();
    }
  }

  /**
   * Ask for samples when fewer are held than wanted.
   */
  fill(): void {
    if (this.held.length < this._ahead + 1) {
      // In a task of its own: first the next sample is painted.
      this._claimLater(0);
    }
  }

  /**
   * Ask for samples now, whatever the last attempts met.
   */
  lookAgain(): Promise<void> {
    this._pause = FIRST_PAUSE;
    return this.claim();
  }

  /**
   * Ask for as many samples as are wanted and the answers on their way will free.
   */
  async claim(): Promise<void> {
    if (this._isDisposed) {
      return;
    }
    if (this._isClaiming) {
      this._claimAgain = true;
      return;
    }
    const { client, clientId, outbox, project } = this._options;
    clearTimeout(this._claimTimer);
    this._isClaiming = true;
    this._claimAgain = false;
    try {
      const wanted = this._ahead + 1 + outbox.waiting;
      const reply = await client.claim(project, {
        size: Math.min(wanted, LARGEST_CLAIM),
        client: clientId
      });
      this._isClaiming = false;
      this._receive(reply);
    } catch (reason) {
      this._isClaiming = false;
      this._claimFailed(reason);
    }
    this._emit();
  }

  /**
   * Give the samples held back, as the page ends.
   *
   * @param keepalive - whether the request must outlive the page
   */
  release(keepalive = false): void {
    const { client, project } = this._options;
    const leases = this.held.map(({ lease }) => reference(lease));
    if (leases.length > 0) {
      client.release(project, { leases }, keepalive).catch(() => undefined);
    }
  }

  /**
   * Give back what is held and stop.
   */
  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    clearTimeout(this._claimTimer);
    clearTimeout(this._extendTimer);
    this.release();
    Signal.clearData(this);
  }

  private _receive(reply: IClaimReply): void {
    if (this._lost) {
      this._options.outbox.resend();
    }
    this._lost = false;
    this._pause = FIRST_PAUSE;
    if (this._isDisposed) {
      return;
    }
    this._held.add(reply.leases, id => this._options.outbox.holds(id));
    this._backAt = reply.back_at ? new Date(reply.back_at) : null;
    this._planExtension();
    if (this._claimAgain) {
      void this.claim();
    } else if (this.current === null) {
      this._becomeEmpty(reply.empty_because);
    }
  }

  private _becomeEmpty(because: IClaimReply['empty_because']): void {
    this._emptiness = because ?? 'loading';
    const pause = { preparing: 1000, loading: 300 }[this._emptiness as string];
    this._claimLater(pause ?? 10000);
    this._ranDry.emit(because);
  }

  private _claimFailed(reason: unknown): void {
    const status = reason instanceof ApiError ? reason.status : 0;
    const word = reason instanceof ApiError ? reason.word : '';
    let message: string | null = null;
    this._lost = !(reason instanceof ApiError) || reason.isTemporary;
    if (status === 404) {
      this._emptiness = 'missing';
    } else if (word === 'not_allowed') {
      this._emptiness = 'forbidden';
    } else if (word === 'project_failed') {
      this._emptiness = 'failed';
    } else if (!this._lost) {
      message = reason instanceof Error ? reason.message : String(reason);
    }
    this._claimLater(this._pause);
    this._pause = Math.min(this._pause * 2, LONGEST_PAUSE);
    this._refused.emit(message);
  }

  private _claimLater(pause: number): void {
    clearTimeout(this._claimTimer);
    this._claimTimer = setTimeout(() => void this.claim(), pause);
  }

  /**
   * Prolong the leases at half of what is left of them, by this computer's clock; a clock that is
   * wrong only makes it more frequent than needed, or bounded by two minutes.
   */
  private _planExtension(): void {
    clearTimeout(this._extendTimer);
    if (this.current === null || this._isDisposed) {
      return;
    }
    const now = this._options.now();
    const left = this.held.map(
      ({ lease }) => Date.parse(lease.expires_at) - now
    );
    const half = Math.min(...left) / 2;
    const pause = Math.min(Math.max(half, 10000), 120000);
    this._extendTimer = setTimeout(() => void this._extend(), pause);
  }

  private async _extend(): Promise<void> {
    if (this._isIdle()) {
      return;
    }
    const { client, project } = this._options;
    const asked = this.held.map(({ lease }) => lease);
    try {
      const reply = await client.extend(project, {
        leases: asked.map(reference)
      });
      this._held.prolong(asked, reply.leases);
      this._emit();
    } catch {
      // The next attempt, or the claim after the next answer, sees to it.
    }
    this._planExtension();
    this.fill();
  }

  private _isIdle(): boolean {
    return this._options.now() - this._lastAct > IDLE;
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private _ahead: number;
  private _backAt: Date | null = null;
  private _changed = new Signal<this, void>(this);
  private _claimAgain = false;
  private _claimTimer: ReturnType<typeof setTimeout> | undefined;
  private _emptiness: Emptiness = 'loading';
  private _extendTimer: ReturnType<typeof setTimeout> | undefined;
  private _held = new HeldSamples();
  private _isClaiming = false;
  private _isDisposed = false;
  private _lastAct: number;
  private _lost = false;
  private _pause = FIRST_PAUSE;
  private _ranDry = new Signal<this, IClaimReply['empty_because']>(this);
  private _refused = new Signal<this, string | null>(this);
}

/**
 * The namespace for `SampleStream` statics.
 */
export namespace SampleStream {
  /**
   * The options of a stream.
   */
  export interface IOptions {
    /**
     * The name of the project.
     */
    project: string;
    client: Pick<Client, 'claim' | 'extend' | 'release'>;
    /**
     * A UUID of this view: two views of one person hold different samples.
     */
    clientId: string;
    /**
     * Takes the answers; what it still holds is not handed out here again.
     */
    outbox: Outbox;
    /**
     * How many samples to hold beside the current one; default 4.
     */
    ahead?: number;
    /**
     * Milliseconds since 1970.
     */
    now: () => number;
  }
}

function reference({ sample_id, token }: ILeaseReply): {
  sample_id: number;
  token: string;
} {
  return { sample_id, token };
}
