import { Signal, type ISignal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';

import type { Client } from '../api/client';
import type { IHint, IProjectEvents } from '../api/events';
import type {
  IClaimReply,
  IMetricsReply,
  IOwnAnnotationReply,
  IProjectReply
} from '../api/types';
import type { IHeldSample } from './held-samples';
import type { Outbox } from './outbox';
import { ProjectFigures } from './project-figures';
import { SampleActs } from './sample-acts';
import { SampleStream, type Emptiness } from './sample-stream';

/**
 * What the model asks of the server itself; answers go through the outbox.
 */
export type ILabelingClient = Pick<
  Client,
  | 'project'
  | 'metrics'
  | 'claim'
  | 'extend'
  | 'release'
  | 'review'
  | 'patchProject'
  | 'ownAnnotations'
>;

/**
 * One person labeling one project in one view.
 *
 * What the person does (`acts`) goes to the outbox, while the stream holds a few leased samples
 * ahead, and the figures tell how far the project is.
 */
export class LabelingModel implements IDisposable {
  constructor(private _options: LabelingModel.IOptions) {
    const { client, events, newKey, outbox, project } = _options;
    const now = _options.now ?? Date.now;
    this._figures = new ProjectFigures(project, client);
    this._stream = new SampleStream({ ..._options, now });
    this._acts = new SampleActs({
      stream: this._stream,
      outbox,
      project: () => this.project,
      newKey,
      now
    });
    this._acts.advanced.connect(this._onAdvanced, this);
    this._acts.changed.connect(this._emit, this);
    this._figures.changed.connect(this._onFigures, this);
    this._stream.changed.connect(this._emit, this);
    this._stream.ranDry.connect(this._onRanDry, this);
    this._stream.refused.connect(this._onRefused, this);
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
    return this._figures.project;
  }

  /**
   * The figures, once they were read.
   */
  get metrics(): IMetricsReply | null {
    return this._figures.metrics;
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
    return this._stream.current;
  }

  /**
   * All samples held, the current one first; the others are laid out ahead.
   */
  get held(): readonly IHeldSample[] {
    return this._stream.held;
  }

  /**
   * Why there is no current sample; null while there is one.
   */
  get emptiness(): Emptiness | null {
    return this._stream.emptiness;
  }

  /**
   * When the first sample that others hold comes back.
   */
  get backAt(): Date | null {
    return this._stream.backAt;
  }

  /**
   * Whether no server answers at the moment.
   */
  get lost(): boolean {
    return this._stream.lost || this.outbox.lost;
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
    return this._figures.stored;
  }

  /**
   * How many acts of this sitting can be undone.
   */
  get undoable(): number {
    return this._acts.undoable;
  }

  /**
   * This person's last answers that stand, newest first; null until they were read.
   */
  get answers(): readonly IOwnAnnotationReply[] | null {
    return this._answers;
  }

  /**
   * What was chosen last, and how many choices were made in this sitting.
   */
  get lastChoice(): { labels: readonly string[]; count: number } {
    return this._acts.lastChoice;
  }

  /**
   * How many keys wait for a sample.
   */
  get waitingKeys(): number {
    return this._acts.waitingKeys;
  }

  /**
   * What went wrong last, in words, until the next act.
   */
  get notice(): string | null {
    return this._notice;
  }

  /**
   * How many samples come back for review, once that was asked for; null after the next act.
   */
  get comingBack(): number | null {
    return this._comingBack;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * How many samples to hold beside the current one.
   */
  get ahead(): number {
    return this._stream.ahead;
  }
  set ahead(value: number) {
    this._stream.ahead = value;
  }

  /**
   * Say that a sample is on screen: from now on keys apply to it.
   */
  markShown(sampleId: number): void {
    this._acts.markShown(sampleId);
  }

  /**
   * Choose the class of a key: label and advance, or toggle in a multi-label project.
   */
  chooseSlot(slot: string): void {
    this._acts.chooseSlot(slot);
  }

  /**
   * Choose a class by its name.
   */
  choose(label: string): void {
    this._acts.choose(label);
  }

  /**
   * Submit the toggled classes of a multi-label project; none is an answer too.
   */
  submit(): void {
    this._acts.submit();
  }

  /**
   * Answer with these classes, whatever is toggled on.
   *
   * @throws Error when the project has no such class, or takes another number of them.
   */
  answer(classes: readonly string[]): void {
    this._acts.answer(classes);
  }

  /**
   * Pass the sample on to others.
   */
  skip(): void {
    this._acts.skip();
  }

  /**
   * Mark the sample as one to look at again, or take the mark away.
   */
  toggleFlag(): void {
    this._acts.toggleFlag();
  }

  /**
   * Set the remark that goes with the answer.
   */
  comment(text: string): void {
    this._acts.comment(text);
  }

  /**
   * Take back the last act: a key that still waits, otherwise the last answer or skip, whose
   * sample is shown again with the answer marked.
   */
  undo(): void {
    this._acts.undo();
  }

  /**
   * Read this person's last answers, of earlier sittings too.
   */
  async readAnswers(): Promise<void> {
    this._answers = null;
    try {
      const reply = await this._options.client.ownAnnotations(this.name);
      this._answers = reply.annotations;
    } catch (reason) {
      this._notice = reason instanceof Error ? reason.message : String(reason);
    }
    this._emit();
  }

  /**
   * Take back one of the answers that were read, whose sample is shown again with it marked.
   */
  reopen(answer: IOwnAnnotationReply): void {
    this._notice = null;
    this._acts.reopen(answer);
  }

  /**
   * Add a class for everybody and choose it for the current sample.
   *
   * @throws ApiError when the server refuses.
   */
  async addClass(name: string): Promise<void> {
    this._stream.touch();
    const sample = this._currentId();
    const label = name.trim();
    if (label === '') {
      return;
    }
    await this._figures.addClass(label);
    if (sample !== null && this._currentId() === sample) {
      this.choose(label);
    }
    this._emit();
  }

  /**
   * Look for samples again now.
   */
  lookAgain(): void {
    this._stream.touch();
    this.outbox.retry();
    void this._figures.refreshProject();
    void this._stream.lookAgain();
  }

  /**
   * Let a paused or archived project go on.
   */
  async resume(): Promise<void> {
    try {
      await this._figures.resume();
    } catch (reason) {
      this._notice = reason instanceof Error ? reason.message : String(reason);
    }
    this.lookAgain();
  }

  /**
   * Let samples that people disagree about and doubtful labels come back, before all others.
   */
  async review(): Promise<void> {
    this._stream.touch();
    this._notice = null;
    try {
      const { queued } = await this._options.client.review(this.name);
      this._comingBack = queued;
      void this._stream.claim();
    } catch (reason) {
      this._notice = reason instanceof Error ? reason.message : String(reason);
    }
    void this._figures.refreshMetrics();
    this._emit();
  }

  /**
   * Give the samples held back, as the page ends.
   *
   * @param keepalive - whether the request must outlive the page
   */
  release(keepalive = false): void {
    this._stream.release(keepalive);
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
    this._figures.dispose();
    this._stream.dispose();
    Signal.clearData(this);
  }

  private async _start(): Promise<void> {
    await Promise.all([this._figures.refreshProject(), this._stream.claim()]);
    void this._figures.refreshMetrics();
  }

  private _currentId(): number | null {
    return this.current?.lease.sample_id ?? null;
  }

  private _onFigures(): void {
    this._acts.runWaiting();
    this._emit();
  }

  private _onAdvanced(): void {
    this._notice = null;
    this._comingBack = null;
  }

  private _onRanDry(
    _: SampleStream,
    because: IClaimReply['empty_because']
  ): void {
    if (because !== null) {
      this._acts.forgetWaiting();
    }
    if (because === 'preparing') {
      void this._figures.refreshProject();
    }
    this._figures.askForMetrics();
  }

  private _onRefused(_: SampleStream, message: string | null): void {
    this._notice = message ?? this._notice;
    if (this.current === null) {
      this._acts.forgetWaiting();
    }
  }

  private _onHint(hint: IHint): void {
    if (hint.kind !== 'annotation') {
      void this._figures.refreshProject();
    }
    this._figures.askForMetrics();
    const ends = ['all_labeled', 'held_by_others', 'paused', 'budget'];
    const isEmpty = this.current === null;
    if (
      isEmpty &&
      (hint.kind === 'project' || ends.includes(this.emptiness!))
    ) {
      void this._stream.claim();
    }
  }

  private _onOutboxChanged(): void {
    const isBack = this._wasOutboxLost && !this.outbox.lost;
    this._wasOutboxLost = this.outbox.lost;
    if (isBack) {
      void this._stream.claim();
    }
    this._emit();
  }

  private _onAcknowledged(): void {
    this._figures.count(1);
  }

  private _onUndone(_: Outbox, sampleId: number | null): void {
    this._figures.count(sampleId === null ? 0 : -1);
    // The sample is ours again and comes first: take its new lease.
    void this._stream.claim();
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private _acts: SampleActs;
  private _answers: readonly IOwnAnnotationReply[] | null = null;
  private _changed = new Signal<this, void>(this);
  private _comingBack: number | null = null;
  private _figures: ProjectFigures;
  private _isDisposed = false;
  private _notice: string | null = null;
  private _stream: SampleStream;
  private _subscription: IDisposable;
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
