import { Signal, type ISignal } from '@lumino/signaling';

import type { IOwnAnnotationReply, IProjectReply } from '../api/types';
import { slotsOf } from './class-slots';
import { heldBefore, type IHeldSample } from './held-samples';
import type { Outbox } from './outbox';
import type { SampleStream } from './sample-stream';
import { WaitingActs } from './waiting-acts';

interface IPastAct {
  key: string;
  kind: 'answer' | 'skip';
  held: IHeldSample;
  label: string[];
}

/**
 * What a person does with the samples of one view, one after the other, and takes back.
 *
 * Answers are taken at once and handed to the outbox. What is pressed while the next sample is still
 * on its way waits for it, and is applied when that sample is on screen (`markShown`).
 */
export class SampleActs {
  constructor(private _options: SampleActs.IOptions) {
    this._waiting = new WaitingActs(_options.now);
  }

  /**
   * Emitted when anything has changed that a view shows.
   */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /**
   * Emitted when a sample was answered or skipped, before `changed`.
   */
  get advanced(): ISignal<this, void> {
    return this._advanced;
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
    return this._waiting.count;
  }

  /**
   * Say that a sample is on screen: from now on keys apply to it.
   */
  markShown(sampleId: number): void {
    if (this._currentId() === sampleId) {
      this._waiting.markShown(sampleId);
      this.runWaiting();
    }
  }

  /**
   * Carry out the keys that waited for the sample on screen, or for the project to be known.
   */
  runWaiting(): void {
    this._waiting.run(() => this._actableId());
  }

  /**
   * Forget the keys that wait: no sample comes.
   */
  forgetWaiting(): void {
    this._waiting.clear();
  }

  /**
   * Choose the class of a key: label and advance, or toggle in a multi-label project.
   */
  chooseSlot(slot: string): void {
    if (this._project && this._classOf(slot) === undefined) {
      return;
    }
    this._whenShown(() => {
      const label = this._classOf(slot);
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
    if (this._project && !this._project.multi_label) {
      return;
    }
    this._whenShown(() => {
      const { current } = this._options.stream;
      if (this._project?.multi_label && current) {
        this._answer(current.selection);
      }
    });
  }

  /**
   * Answer with these classes, whatever is toggled on.
   *
   * @throws Error when the project has no such class, or takes another number of them.
   */
  answer(classes: readonly string[]): void {
    const { classes: known = [], multi_label: isMulti } = this._project ?? {};
    const unknown = classes.find(name => !known.includes(name));
    if (unknown !== undefined) {
      throw new Error(`“${unknown}” is no class of this project.`);
    }
    if (!isMulti && classes.length !== 1) {
      throw new Error('This project takes one class a sample.');
    }
    this._whenShown(() =>
      this._answer(known.filter(name => classes.includes(name)))
    );
  }

  /**
   * Pass the sample on to others.
   */
  skip(): void {
    this._whenShown(() => {
      const act = this._advance('skip', []);
      if (act) {
        const { sample_id, token } = act.held.lease;
        this._options.outbox.skip(act.key, { sample_id, token });
        this._options.stream.fill();
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
    this._options.stream.touch();
    if (this._waiting.dropLast()) {
      this._changed.emit();
      return;
    }
    const act = this._past.pop();
    if (act) {
      this._takeBack(act);
    }
  }

  /**
   * Take back an answer, also of an earlier sitting, whose sample is shown again with it marked.
   */
  reopen(answer: IOwnAnnotationReply): void {
    const { id, key, label } = answer;
    this._options.stream.touch();
    this._waiting.clear();
    const past = this._past.find(act => act.key === key);
    this._past = this._past.filter(act => act !== past);
    this._options.outbox.remember(key, id);
    this._takeBack(
      past ?? {
        key,
        kind: 'answer',
        held: heldBefore(answer),
        label: typeof label === 'string' ? [label] : label
      }
    );
  }

  private get _project(): IProjectReply | null {
    return this._options.project();
  }

  private _currentId(): number | null {
    return this._options.stream.current?.lease.sample_id ?? null;
  }

  /**
   * The sample that acts are carried out on: what a key means is known once the project is.
   */
  private _actableId(): number | null {
    return this._project === null ? null : this._currentId();
  }

  private _classOf(slot: string): string | undefined {
    const { _project: project } = this;
    return project?.classes[slotsOf(project).indexOf(slot)];
  }

  private _whenShown(act: () => void): void {
    const { stream } = this._options;
    stream.touch();
    if (this._waiting.isShown(this._actableId()) && this.waitingKeys === 0) {
      act();
    } else if (stream.current !== null || stream.emptiness === 'loading') {
      if (this._waiting.add(act)) {
        this._changed.emit();
      }
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
    const { outbox, stream } = this._options;
    const seconds = this._waiting.secondsShown;
    const act = this._advance('answer', label);
    if (!act) {
      return;
    }
    const { flagged, comment, lease } = act.held;
    outbox.add({
      key: act.key,
      sample_id: lease.sample_id,
      token: lease.token,
      label: this._project?.multi_label ? label : label[0],
      flagged,
      comment: comment.trim() === '' ? null : comment.trim(),
      seconds: Math.max(0, Math.round(seconds * 1000) / 1000)
    });
    stream.fill();
  }

  /**
   * Move on to the next sample and remember what was done with the one that was left.
   */
  private _advance(kind: IPastAct['kind'], label: string[]): IPastAct | null {
    const held = this._options.stream.take();
    if (!held) {
      return null;
    }
    const act = { key: this._options.newKey(), kind, held, label };
    this._waiting.markLeft();
    this._lastChoice = { labels: label, count: this._lastChoice.count + 1 };
    this._past.push(act);
    this._advanced.emit();
    this._changed.emit();
    return act;
  }

  private _takeBack(act: IPastAct): void {
    const { outbox, stream } = this._options;
    const { held, kind, label } = act;
    const isAnswer = kind === 'answer';
    const isMulti = this._project?.multi_label ?? false;
    outbox.undo(act.key);
    const before = this._currentId();
    stream.putBack({
      ...held,
      earlier: isAnswer ? label : null,
      selection: isMulti && isAnswer ? label : held.selection
    });
    // One that has come back by itself is on screen already, and isn't drawn anew.
    if (this._currentId() !== before) {
      this._waiting.markLeft();
    }
    this._changed.emit();
  }

  private _change(change: (held: IHeldSample) => IHeldSample): void {
    const { stream } = this._options;
    stream.touch();
    if (stream.change(change)) {
      this._changed.emit();
    }
  }

  private _advanced = new Signal<this, void>(this);
  private _changed = new Signal<this, void>(this);
  private _lastChoice: { labels: readonly string[]; count: number } = {
    labels: [],
    count: 0
  };
  private _past: IPastAct[] = [];
  private _waiting: WaitingActs;
}

/**
 * The namespace for `SampleActs` statics.
 */
export namespace SampleActs {
  /**
   * The options of the acts.
   */
  export interface IOptions {
    stream: SampleStream;
    outbox: Outbox;
    /**
     * The project, once it was read.
     */
    project: () => IProjectReply | null;
    /**
     * Makes the UUID of an act.
     */
    newKey: () => string;
    /**
     * Milliseconds since 1970.
     */
    now: () => number;
  }
}
