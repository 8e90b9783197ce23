import { Signal, type ISignal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';

import { ApiError } from '../api/request';
import type { Client } from '../api/client';
import type { IHint, IProjectEvents } from '../api/events';
import type {
  IClaimReply,
  ILeaseReply,
  IMetricsReply,
  IProjectReply
} from '../api/types';
import { slotsOf } from './class-slots';
import type { Outbox } from './outbox';

/**
 * What the model asks of the server itself; answers go through the outbox.
 */
export type ILabelingClient = Pick<
  Client,
  'project' | 'metrics' | 'claim' | 'extend' | 'release' | 'patchProject'
>;

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

/**
 * A sample that this view holds, with what the person has entered so far.
 */
export interface IHeldSample {
  lease: ILeaseReply;
  /** Classes toggled on, in multi-label projects. */
  selection: string[];
  flagged: boolean;
  comment: string;
  /** The answer that was undone, to be marked. */
  earlier: string[];
}

interface IPastAct {
  key: string;
  kind: 'answer' | 'skip';
  held: IHeldSample;
  label: string[];
}

/** The most samples ever asked for at once: the contract's limit. */
const LARGEST_CLAIM = 50;
/** Leases of a view in which nothing was pressed for this long run out. */
const IDLE = 30 * 60 * 1000;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15000;
/** Metrics are read at most this often. */
const METRICS_PAUSE = 1500;
/** How many keys may wait for samples that are on their way. */
const MOST_WAITING_KEYS = 20;

/**
 * One person labeling one project in one view.
 *
 * Holds a few leased samples ahead, takes answers at once and hands them to the outbox. What is
 * pressed while the next sample is still on its way waits for it, and is applied when that sample
 * is on screen (`markShown`).
 */
export class LabelingModel implements IDisposable {
  constructor(private _options: LabelingModel.IOptions) {
    const { events, outbox, project } = _options;
    this._ahead = _options.ahead ?? 4;
    this._lastAct = this._now();
    outbox.changed.connect(this._onOutboxChanged, this);
    outbox.acknowledged.connect(this._onAcknowledged, this);
    outbox.undone.connect(this._onUndone, this);
    this._subscription = events.subscribe(project, hint => this._onHint(hint));
    void this._start();
  }

  /**
   * Emitted when anything that a view shows has changed.
   */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /**
   * The name of the project.
   */
  get name(): string {
    return this._options.project;
  }

  /**
   * The project, once it was read.
   */
  get project(): IProjectReply | null {
    return this._project;
  }

  /**
   * The figures, once they were read.
   */
  get metrics(): IMetricsReply | null {
    return this._metrics;
  }

  /**
   * The answers on their way.
   */
  get outbox(): Outbox {
    return this._options.outbox;
  }

  /**
   * The sample to label now.
   */
  get current(): IHeldSample | null {
    return this._held[0] ?? null;
  }

  /**
   * All samples held, the current one first; the others are laid out ahead.
   */
  get held(): readonly IHeldSample[] {
    return this._held;
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
   * Whether no server answers at the moment.
   */
  get lost(): boolean {
    return this._lost || this.outbox.lost;
  }

  /**
   * The number of labeled samples, those included that are still on their way.
   */
  get labeled(): number {
    return Math.max(0, this.stored + this.outbox.waitingLabels);
  }

  /**
   * The number of labeled samples that the server holds, as far as is known here.
   */
  get stored(): number {
    const known = this._metrics?.n_labeled ?? this._project?.n_labeled ?? 0;
    return known + this._uncounted;
  }

  /**
   * How many acts of this sitting can be undone.
   */
  get undoable(): number {
    return this._past.length;
  }

  /**
   * What was chosen last, and how many choices were made in this sitting.
   */
  get lastChoice(): { labels: readonly string[]; count: number } {
    return this._lastChoice;
  }

  /**
   * How many keys wait for a sample.
   */
  get waitingKeys(): number {
    return this._waiting.length;
  }

  /**
   * What went wrong last, in words, until the next act.
   */
  get notice(): string | null {
    return this._notice;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * How many samples to hold beside the current one.
   */
  get ahead(): number {
    return this._ahead;
  }
  set ahead(value: number) {
    this._ahead = value;
    this._fill();
  }

  /**
   * Say that a sample is on screen: from now on keys apply to it.
   */
  markShown(sampleId: number): void {
    if (this.current?.lease.sample_id !== sampleId) {
      return;
    }
    if (this._shown !== sampleId) {
      this._shown = sampleId;
      this._shownAt = this._now();
    }
    this._runWaiting();
  }

  /**
   * Choose the class of a key: label and advance, or toggle in a multi-label project.
   */
  chooseSlot(slot: string): void {
    this._whenShown(() => {
      const classes = this._project?.classes ?? [];
      const label = classes[slotsOf(classes).indexOf(slot)];
      if (label !== undefined) {
        this._choose(label);
      }
    });
  }

  /**
   * Choose a class by its name.
   */
  choose(label: string): void {
    this._whenShown(() => this._choose(label));
  }

  /**
   * Submit the toggled classes of a multi-label project; none is an answer too.
   */
  submit(): void {
    this._whenShown(() => {
      if (this._project?.multi_label && this.current) {
        this._answer(this.current.selection);
      }
    });
  }

  /**
   * Pass the sample on to others.
   */
  skip(): void {
    this._whenShown(() => {
      const held = this._advance('skip', []);
      if (held) {
        const { sample_id, token } = held.lease;
        this.outbox.skip(this._past[this._past.length - 1].key, {
          sample_id,
          token
        });
        this._fill();
      }
    });
  }

  /**
   * Mark the sample as one to look at again, or take the mark away.
   */
  toggleFlag(): void {
    this._whenShown(() =>
      this._change(held => ({ ...held, flagged: !held.flagged }))
    );
  }

  /**
   * Set the remark that goes with the answer.
   */
  comment(text: string): void {
    this._change(held => ({ ...held, comment: text }));
  }

  /**
   * Take back the last act: a key that still waits, otherwise the last answer or skip, whose
   * sample is shown again with the answer marked.
   */
  undo(): void {
    this._touch();
    if (this._waiting.pop()) {
      this._emit();
      return;
    }
    const act = this._past.pop();
    if (!act) {
      return;
    }
    const { held, label } = act;
    this._done.delete(held.lease.sample_id);
    this.outbox.undo(act.key);
    const multi = this._project?.multi_label ?? false;
    this._held = [
      { ...held, earlier: label, selection: multi ? label : [] },
      ...this._held.filter(
        other => other.lease.sample_id !== held.lease.sample_id
      )
    ];
    this._shown = null;
    this._emit();
  }

  /**
   * Add a class for everybody and choose it for the current sample.
   *
   * @throws ApiError when the server refuses.
   */
  async addClass(name: string): Promise<void> {
    this._touch();
    const sample = this.current?.lease.sample_id;
    const label = name.trim();
    if (label === '') {
      return;
    }
    if (!this._project?.classes.includes(label)) {
      // Read first: others may have added classes since.
      const { classes } = await this._options.client.project(this.name);
      this._project = classes.includes(label)
        ? { ...this._project!, classes }
        : await this._options.client.patchProject(this.name, {
            classes: [...classes, label]
          });
    }
    if (this.current && this.current.lease.sample_id === sample) {
      this.choose(label);
    }
    this._emit();
  }

  /**
   * Look for samples again now.
   */
  lookAgain(): void {
    this._touch();
    this._pause = FIRST_PAUSE;
    this.outbox.retry();
    void this._refreshProject();
    void this._claim();
  }

  /**
   * Let a paused or archived project go on.
   */
  async resume(): Promise<void> {
    try {
      this._project = await this._options.client.patchProject(this.name, {
        state: 'active'
      });
    } catch (reason) {
      this._notice = reason instanceof Error ? reason.message : String(reason);
    }
    this.lookAgain();
  }

  /**
   * Give the samples held back, as the page ends.
   *
   * @param keepalive - whether the request must outlive the page
   */
  release(keepalive = false): void {
    const leases = this._held.map(({ lease }) => ({
      sample_id: lease.sample_id,
      token: lease.token
    }));
    if (leases.length > 0) {
      this._options.client
        .release(this.name, { leases }, keepalive)
        .catch(() => undefined);
    }
  }

  /**
   * Give back what is held and stop; answers on their way stay in the outbox.
   */
  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._subscription.dispose();
    clearTimeout(this._claimTimer);
    clearTimeout(this._extendTimer);
    clearTimeout(this._metricsTimer);
    this.release();
    Signal.clearData(this);
  }

  // --- acts ---

  private _whenShown(act: () => void): void {
    this._touch();
    const { current } = this;
    const isShown = current !== null && current.lease.sample_id === this._shown;
    if (isShown && this._waiting.length === 0) {
      act();
    } else if (
      (current !== null || this.emptiness === 'loading') &&
      this._waiting.length < MOST_WAITING_KEYS
    ) {
      this._waiting.push(act);
      this._emit();
    }
  }

  /**
   * Apply the keys that waited, as long as the sample that they are for is on screen.
   */
  private _runWaiting(): void {
    while (this.current && this.current.lease.sample_id === this._shown) {
      const act = this._waiting.shift();
      if (!act) {
        return;
      }
      act();
    }
  }

  private _choose(label: string): void {
    if (!this._project?.multi_label) {
      this._answer([label]);
      return;
    }
    this._change(held => ({
      ...held,
      selection: held.selection.includes(label)
        ? held.selection.filter(other => other !== label)
        : [...held.selection, label]
    }));
  }

  private _answer(label: string[]): void {
    const seconds = (this._now() - this._shownAt) / 1000;
    const held = this._advance('answer', label);
    if (!held) {
      return;
    }
    this.outbox.add({
      key: this._past[this._past.length - 1].key,
      sample_id: held.lease.sample_id,
      token: held.lease.token,
      label: this._project?.multi_label ? label : label[0],
      flagged: held.flagged,
      comment: held.comment.trim() === '' ? null : held.comment.trim(),
      seconds: Math.max(0, Math.round(seconds * 1000) / 1000)
    });
    this._fill();
  }

  /**
   * Move on to the next sample and remember the one that was left.
   */
  private _advance(
    kind: IPastAct['kind'],
    label: string[]
  ): IHeldSample | null {
    const [held, ...rest] = this._held;
    if (!held) {
      return null;
    }
    this._held = rest;
    this._shown = null;
    this._notice = null;
    const { count } = this._lastChoice;
    this._lastChoice = { labels: label, count: count + 1 };
    this._done.add(held.lease.sample_id);
    this._past.push({ key: this._options.newKey(), kind, held, label });
    if (rest.length === 0) {
      this._emptiness = 'loading';
    }
    this._emit();
    return held;
  }

  private _change(change: (held: IHeldSample) => IHeldSample): void {
    this._touch();
    const [held, ...rest] = this._held;
    if (held) {
      this._held = [change(held), ...rest];
      this._emit();
    }
  }

  private _touch(): void {
    const wasIdle = this._now() - this._lastAct > IDLE;
    this._lastAct = this._now();
    if (wasIdle) {
      void this._claim();
    }
  }

  // --- samples ---

  private async _start(): Promise<void> {
    await Promise.all([this._refreshProject(), this._claim()]);
    void this._refreshMetrics();
  }

  private _fill(): void {
    if (this._held.length < this._ahead + 1) {
      // In a task of its own: first the next sample is painted.
      this._claimLater(0);
    }
  }

  private async _claim(): Promise<void> {
    if (this._isDisposed) {
      return;
    }
    if (this._isClaiming) {
      this._claimAgain = true;
      return;
    }
    clearTimeout(this._claimTimer);
    this._isClaiming = true;
    this._claimAgain = false;
    try {
      const wanted = this._ahead + 1 + this.outbox.waiting;
      const reply = await this._options.client.claim(this.name, {
        size: Math.min(wanted, LARGEST_CLAIM),
        client: this._options.clientId
      });
      this._isClaiming = false;
      this._receive(reply);
    } catch (reason) {
      this._isClaiming = false;
      this._claimFailed(reason);
    }
    this._emit();
  }

  private _receive(reply: IClaimReply): void {
    if (this._lost) {
      this.outbox.resend();
    }
    this._lost = false;
    this._pause = FIRST_PAUSE;
    if (this._isDisposed) {
      return;
    }
    const fresh = reply.leases.filter(lease => !this._renew(lease));
    this._held = [...this._held, ...fresh.map(hold)];
    this._backAt = reply.back_at ? new Date(reply.back_at) : null;
    this._planExtension();
    if (this._claimAgain) {
      void this._claim();
    } else if (this._held.length === 0) {
      this._becomeEmpty(reply);
    }
  }

  /**
   * Take over the new token of a sample that is held; true also for one that was just answered.
   */
  private _renew(lease: ILeaseReply): boolean {
    if (this._done.has(lease.sample_id) || this.outbox.holds(lease.sample_id)) {
      return true;
    }
    const index = this._held.findIndex(
      held => held.lease.sample_id === lease.sample_id
    );
    if (index < 0) {
      return false;
    }
    // The display stays the same object, so that nothing is drawn anew.
    const { token, expires_at } = lease;
    const held = this._held[index];
    const renewed = { ...held, lease: { ...held.lease, token, expires_at } };
    this._held = this._held.map(other => (other === held ? renewed : other));
    return true;
  }

  private _becomeEmpty(reply: IClaimReply): void {
    this._emptiness = reply.empty_because ?? 'loading';
    if (reply.empty_because !== null) {
      this._waiting = [];
    }
    if (reply.empty_because === 'preparing') {
      void this._refreshProject();
    }
    const pause = { preparing: 1000, loading: 300 }[this._emptiness as string];
    this._claimLater(pause ?? 10000);
    this._askForMetrics();
  }

  private _claimFailed(reason: unknown): void {
    const status = reason instanceof ApiError ? reason.status : 0;
    const word = reason instanceof ApiError ? reason.word : '';
    this._lost = !(reason instanceof ApiError) || reason.isTemporary;
    if (status === 404) {
      this._emptiness = 'missing';
    } else if (status === 403) {
      this._emptiness = 'forbidden';
    } else if (word === 'project_failed') {
      this._emptiness = 'failed';
    } else if (!this._lost) {
      this._notice = reason instanceof Error ? reason.message : String(reason);
    }
    if (this.current === null) {
      this._waiting = [];
    }
    this._claimLater(this._pause);
    this._pause = Math.min(this._pause * 2, LONGEST_PAUSE);
  }

  private _claimLater(pause: number): void {
    clearTimeout(this._claimTimer);
    this._claimTimer = setTimeout(() => void this._claim(), pause);
  }

  /**
   * Prolong the leases at half of what is left of them, by this computer's clock; a clock that is
   * wrong only makes it more frequent than needed, or bounded by two minutes.
   */
  private _planExtension(): void {
    clearTimeout(this._extendTimer);
    if (this._held.length === 0 || this._isDisposed) {
      return;
    }
    const left = this._held.map(
      ({ lease }) => Date.parse(lease.expires_at) - this._now()
    );
    const half = Math.min(...left) / 2;
    const pause = Math.min(Math.max(half, 10000), 120000);
    this._extendTimer = setTimeout(() => void this._extend(), pause);
  }

  private async _extend(): Promise<void> {
    if (this._now() - this._lastAct > IDLE) {
      return;
    }
    const asked = this._held.map(({ lease }) => lease);
    try {
      const reply = await this._options.client.extend(this.name, {
        leases: asked.map(({ sample_id, token }) => ({ sample_id, token }))
      });
      const ends = new Map(
        reply.leases.map(lease => [lease.sample_id, lease.expires_at])
      );
      const gone = new Set(
        asked
          .map(lease => lease.sample_id)
          .filter(sampleId => !ends.has(sampleId))
      );
      // The sample on screen stays: its answer is taken with or without a lease.
      this._held = this._held
        .filter(({ lease }, i) => i === 0 || !gone.has(lease.sample_id))
        .map(held => prolonged(held, ends.get(held.lease.sample_id)));
      this._emit();
    } catch {
      // The next attempt, or the claim after the next answer, sees to it.
    }
    this._planExtension();
    this._fill();
  }

  // --- what others and the worker do ---

  private _onHint(hint: IHint): void {
    if (hint.kind !== 'annotation') {
      void this._refreshProject();
    }
    this._askForMetrics();
    const waits = ['all_labeled', 'held_by_others', 'paused', 'budget'];
    const isIdle = this.current === null && waits.includes(this._emptiness);
    if (isIdle || (hint.kind === 'project' && this.current === null)) {
      void this._claim();
    }
  }

  private _askForMetrics(): void {
    if (this._metricsTimer === undefined && !this._isDisposed) {
      this._metricsTimer = setTimeout(() => {
        this._metricsTimer = undefined;
        void this._refreshMetrics();
      }, METRICS_PAUSE);
    }
  }

  private async _refreshMetrics(): Promise<void> {
    const counted = this._uncounted;
    try {
      const metrics = await this._options.client.metrics(this.name);
      this._metrics = metrics;
      this._uncounted -= counted;
      this._emit();
      const state = metrics.last_round?.state;
      if (state === 'running' || state === 'queued') {
        this._askForMetrics();
      }
    } catch {
      // Figures are a courtesy: the next hint asks again.
    }
  }

  private async _refreshProject(): Promise<void> {
    try {
      this._project = await this._options.client.project(this.name);
      this._emit();
    } catch {
      // The claim that goes beside it says what is wrong.
    }
  }

  private _onOutboxChanged(): void {
    const isBack = this._wasOutboxLost && !this.outbox.lost;
    this._wasOutboxLost = this.outbox.lost;
    if (isBack) {
      void this._claim();
    }
    this._emit();
  }

  private _onAcknowledged(): void {
    this._uncounted += 1;
    this._askForMetrics();
  }

  private _onUndone(_: Outbox, sampleId: number | null): void {
    this._uncounted -= sampleId === null ? 0 : 1;
    this._askForMetrics();
    // The sample is ours again and comes first: take its new lease.
    void this._claim();
  }

  private _now(): number {
    return (this._options.now ?? Date.now)();
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
  /** Samples answered or skipped in this sitting and not undone. */
  private _done = new Set<number>();
  private _emptiness: Emptiness = 'loading';
  private _extendTimer: ReturnType<typeof setTimeout> | undefined;
  private _held: IHeldSample[] = [];
  private _isClaiming = false;
  private _isDisposed = false;
  private _lastAct: number;
  private _lastChoice: { labels: readonly string[]; count: number } = {
    labels: [],
    count: 0
  };
  private _lost = false;
  private _metrics: IMetricsReply | null = null;
  private _metricsTimer: ReturnType<typeof setTimeout> | undefined;
  private _notice: string | null = null;
  private _past: IPastAct[] = [];
  private _pause = FIRST_PAUSE;
  private _project: IProjectReply | null = null;
  private _shown: number | null = null;
  private _shownAt = 0;
  private _subscription: IDisposable;
  /** Acknowledged labels (less undone ones) that the figures read last don't count yet. */
  private _uncounted = 0;
  private _waiting: (() => void)[] = [];
  private _wasOutboxLost = false;
}

/**
 * The namespace for `LabelingModel` statics.
 */
export namespace LabelingModel {
  /**
   * The options of a labeling model.
   */
  export interface IOptions {
    /**
     * The name of the project.
     */
    project: string;
    client: ILabelingClient;
    events: IProjectEvents;
    /**
     * Takes the answers; shared by all views of the project.
     */
    outbox: Outbox;
    /**
     * A UUID of this view: two views of one person hold different samples.
     */
    clientId: string;
    /**
     * Makes the UUID of an act.
     */
    newKey: () => string;
    /**
     * How many samples to hold beside the current one; default 4.
     */
    ahead?: number;
    /**
     * Milliseconds since 1970; default: this computer's clock.
     */
    now?: () => number;
  }
}

function hold(lease: ILeaseReply): IHeldSample {
  return { lease, selection: [], flagged: false, comment: '', earlier: [] };
}

function prolonged(held: IHeldSample, end: string | undefined): IHeldSample {
  return end === undefined
    ? held
    : { ...held, lease: { ...held.lease, expires_at: end } };
}
