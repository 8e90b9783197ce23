import { Signal, type ISignal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';

import type { Client } from '../api/client';
import type { IMetricsReply, IProjectReply } from '../api/types';

/** Metrics are read at most this often: what others do is seen within a second. */
const METRICS_PAUSE = 900;
/** Changes in quick succession are read together. */
const GATHER = 250;
/** A project that could not be read is asked for again after so long: without its classes no key has a meaning. */
const RETRY = 2000;

/**
 * What the server says about one project: its description and its figures, read again when something
 * has changed.
 */
export class ProjectFigures implements IDisposable {
  constructor(
    private _name: string,
    private _client: Pick<Client, 'project' | 'metrics' | 'patchProject'>
  ) {}

  /**
   * Emitted when something new was read.
   */
  get changed(): ISignal<this, void> {
    return this._changed;
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
   * The number of labeled samples that the server holds, as far as is known here.
   */
  get stored(): number {
    const known = this._metrics?.n_labeled ?? this._project?.n_labeled ?? 0;
    return known + this._uncounted;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * Count labels that the server acknowledged (or undid, below zero) until the figures do.
   */
  count(labels: number): void {
    this._uncounted += labels;
    this.askForMetrics();
  }

  /**
   * Read the figures soon.
   */
  askForMetrics(): void {
    if (this._metricsTimer === undefined && !this._isDisposed) {
      const rest = this._readAt + METRICS_PAUSE - Date.now();
      this._metricsTimer = setTimeout(
        () => {
          this._metricsTimer = undefined;
          void this.refreshMetrics();
        },
        Math.max(GATHER, rest)
      );
    }
  }

  /**
   * Read the figures now, and again while a round runs.
   */
  async refreshMetrics(): Promise<void> {
    const counted = this._uncounted;
    this._readAt = Date.now();
    try {
      const metrics = await this._client.metrics(this._name);
      this._metrics = metrics;
      this._uncounted -= counted;
      this._emit();
      const state = metrics.last_round?.state;
      if (state === 'running' || state === 'queued') {
        this.askForMetrics();
      }
    } catch {
      // Figures are a courtesy: the next hint asks again.
    }
  }

  /**
   * Read the project's description.
   */
  async refreshProject(): Promise<void> {
    clearTimeout(this._projectTimer);
    try {
      this._project = await this._client.project(this._name);
      this._emit();
    } catch {
      // The claim that goes beside it says what is wrong.
      if (this._project === null && !this._isDisposed) {
        this._projectTimer = setTimeout(
          () => void this.refreshProject(),
          RETRY
        );
      }
    }
  }

  /**
   * Add a class for everybody, unless it is there.
   *
   * @throws ApiError when the server refuses.
   */
  async addClass(label: string): Promise<void> {
    if (this._project?.classes.includes(label)) {
      return;
    }
    // Read first: others may have added classes since.
    const project = await this._client.project(this._name);
    this._project = project.classes.includes(label)
      ? project
      : await this._client.patchProject(this._name, {
          classes: [...project.classes, label]
        });
  }

  /**
   * Let a paused or archived project go on.
   *
   * @throws ApiError when the server refuses.
   */
  async resume(): Promise<void> {
    this._project = await this._client.patchProject(this._name, {
      state: 'active'
    });
  }

  dispose(): void {
    this._isDisposed = true;
    clearTimeout(this._metricsTimer);
    clearTimeout(this._projectTimer);
    Signal.clearData(this);
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private _changed = new Signal<this, void>(this);
  private _isDisposed = false;
  private _metrics: IMetricsReply | null = null;
  private _metricsTimer: ReturnType<typeof setTimeout> | undefined;
  private _readAt = 0;
  private _project: IProjectReply | null = null;
  private _projectTimer: ReturnType<typeof setTimeout> | undefined;
  /** Acknowledged labels (less undone ones) that the figures read last don't count yet. */
  private _uncounted = 0;
}
