import { VDomModel } from '@jupyterlab/ui-components';
import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';

import type { Client } from '../api/client';
import type { IProjectEvents } from '../api/events';
import { ApiError } from '../api/request';
import type {
  IMetricsReply,
  IPatchProject,
  IProjectReply,
  IRoundReply,
  IWorkerReply
} from '../api/types';
import { BrowserStorage } from './panel-memory';
import type { IPanelMemory, IPanelStorage } from './panel-memory';
import { reviewable } from './review-words';

/** The routes that the side panel uses. */
export type IPanelClient = Pick<
  Client,
  | 'status'
  | 'projects'
  | 'project'
  | 'createProject'
  | 'patchProject'
  | 'deleteProject'
  | 'startRound'
  | 'rounds'
  | 'cancelRound'
  | 'review'
  | 'metrics'
>;

/** The things a person can set off; each may be under way or have failed. */
export type PanelAction =
  | 'demo'
  | 'train'
  | 'cancel'
  | 'review'
  | 'classes'
  | 'estimator'
  | 'strategy'
  | 'check_share'
  | 'review_share'
  | 'retrain_every'
  | 'early_rounds'
  | 'budget'
  | 'error_cost'
  | 'state'
  | 'delete';

/** Milliseconds between two looks at the list of projects. */
const CALM = 10_000;
/** The same while a project is prepared and its bar moves. */
const LIVELY = 1_000;
/** Hints that come closer together than this many milliseconds cause one reading. */
const GATHER = 250;
/** So many rounds are listed. */
const ROUNDS = 30;

/** The projects, the chosen one with its figures, and what a person may do with them. */
export class PanelModel extends VDomModel {
  constructor(private _options: PanelModel.IOptions) {
    super();
    this._storage = _options.storage ?? new BrowserStorage();
    this._memory = this._storage.load();
  }

  /** All projects: newest first, archived ones last. */
  get projects(): readonly IProjectReply[] {
    return this._projects;
  }

  /** Whether the list was read at least once. */
  get isLoaded(): boolean {
    return this._isLoaded;
  }

  /** Why the list can't be read at the moment; null while all is well. */
  get failure(): ApiError | null {
    return this._failure;
  }

  /** The project whose sections are open. */
  get chosen(): IProjectReply | null {
    return (
      this._projects.find(each => each.name === this._memory.chosen) ?? null
    );
  }

  /** Figures of the chosen project, once they are read. */
  get metrics(): IMetricsReply | null {
    return this._metrics;
  }

  /** Rounds of the chosen project, newest first. */
  get rounds(): readonly IRoundReply[] {
    return this._rounds;
  }

  /** Names of all query strategies that the server knows. */
  get strategies(): readonly string[] {
    return this._strategies;
  }

  /** How many samples of the chosen project were asked for again; null before anybody asked. */
  get comingBack(): number | null {
    return this._comingBack;
  }

  /** The background worker. */
  get worker(): IWorkerReply | null {
    return this._worker;
  }

  /** The sections that are folded. */
  get folded(): readonly string[] {
    return this._memory.folded;
  }

  /** Whether an action is under way. */
  isBusy(action: PanelAction): boolean {
    return this._busy.has(action);
  }

  /** Why an action failed when it was tried last. */
  errorOf(action: PanelAction): ApiError | null {
    return this._errors.get(action) ?? null;
  }

  /** Begin to follow the projects. */
  start(): void {
    if (this._poll || this.isDisposed) {
      return;
    }
    this._poll = new Poll({
      name: 'jupyterlab_al:projects',
      auto: true,
      frequency: { interval: CALM, backoff: true, max: 6 * CALM },
      standby: 'when-hidden',
      factory: () => this._readAll()
    });
    this._follow();
  }

  /** Stop following, e.g. while nobody sees the panel. */
  stop(): void {
    this._poll?.dispose();
    this._poll = null;
    this._feed?.dispose();
    this._feed = null;
    clearTimeout(this._timer);
    this._timer = undefined;
  }

  override dispose(): void {
    this.stop();
    super.dispose();
  }

  /** Read everything again, now. */
  async refresh(): Promise<void> {
    await this._readAll().catch(() => undefined);
  }

  /** Open a project's sections; null closes them. */
  choose(name: string | null): void {
    if (name === this._memory.chosen) {
      return;
    }
    this._remember({ chosen: name });
    this._metrics = null;
    this._rounds = [];
    this._comingBack = null;
    this._errors.clear();
    this._follow();
    this._changed();
    void this._readChosen().catch(() => undefined);
  }

  /** Fold a section, or open it. */
  toggleSection(section: string): void {
    const { folded } = this._memory;
    this._remember({
      folded: folded.includes(section)
        ? folded.filter(each => each !== section)
        : [...folded, section]
    });
    this._changed();
  }

  /** Make the project of handwritten digits, or find it; returns its name, or null when that failed. */
  async createDemo(): Promise<string | null> {
    const name = 'digits';
    const made = await this._act('demo', async () => {
      if (!this._projects.some(each => each.name === name)) {
        await this._options.client.createProject({
          name,
          title: this._options.demoTitle ?? name,
          dataset: { kind: 'demo', path: 'digits' }
        });
      }
    });
    if (!made) {
      return null;
    }
    this.choose(name);
    return name;
  }

  /** Ask for a round of the chosen project. */
  async train(): Promise<void> {
    await this._actOnChosen('train', name =>
      this._options.client.startRound(name)
    );
  }

  /** Cancel a round of the chosen project. */
  async cancelRound(id: string): Promise<void> {
    await this._actOnChosen('cancel', name =>
      this._options.client.cancelRound(name, id)
    );
  }

  /** Let disputed samples and doubtful labels come back; returns whether any do. */
  async review(): Promise<boolean> {
    let queued = 0;
    const asked = await this._actOnChosen('review', async name => {
      ({ queued } = await this._options.client.review(name));
    });
    if (asked) {
      this._comingBack = queued;
      this._changed();
    }
    return queued > 0;
  }

  /** Change the chosen project; returns whether the server took it. */
  async patch(action: PanelAction, body: IPatchProject): Promise<boolean> {
    return this._actOnChosen(action, name =>
      this._options.client.patchProject(name, body)
    );
  }

  /** Delete the chosen project; `confirm` must be its name. */
  async remove(confirm: string): Promise<boolean> {
    const gone = await this._actOnChosen('delete', name =>
      this._options.client.deleteProject(name, confirm)
    );
    if (gone) {
      this.choose(this._projects[0]?.name ?? null);
    }
    return gone;
  }

  private _actOnChosen(
    action: PanelAction,
    request: (name: string) => Promise<unknown>
  ): Promise<boolean> {
    const { chosen } = this._memory;
    return chosen === null
      ? Promise.resolve(false)
      : this._act(action, () => request(chosen));
  }

  /** Run one action once at a time, keep its error, and read what it changed. */
  private async _act(
    action: PanelAction,
    request: () => Promise<unknown>
  ): Promise<boolean> {
    if (this._busy.has(action)) {
      return false;
    }
    this._busy.add(action);
    this._errors.delete(action);
    // What a button was refused for may be mended by any other act.
    this._errors.delete('train');
    this._errors.delete('cancel');
    this._changed();
    try {
      await request();
      await this.refresh();
      return true;
    } catch (reason) {
      this._errors.set(action, asApiError(reason));
      return false;
    } finally {
      this._busy.delete(action);
      this._changed();
    }
  }

  private async _readAll(): Promise<void> {
    const { client } = this._options;
    try {
      const [status, projects] = await Promise.all([
        client.status(),
        allProjects(client)
      ]);
      this._worker = status.worker;
      this._strategies = status.strategies;
      this._takeProjects(projects);
      await this._readFigures();
      this._failure = null;
    } catch (reason) {
      this._failure = asApiError(reason);
      throw reason;
    } finally {
      this._changed();
    }
  }

  private _takeProjects(projects: IProjectReply[]): void {
    this._projects = projects.sort(byAge);
    this._isLoaded = true;
    if (!this.chosen) {
      this._remember({ chosen: this._projects[0]?.name ?? null });
      this._metrics = null;
      this._rounds = [];
      this._follow();
    }
    const preparing = projects.some(each => each.state === 'preparing');
    if (this._poll) {
      this._poll.frequency = {
        interval: preparing ? LIVELY : CALM,
        backoff: true,
        max: 6 * CALM
      };
    }
  }

  /** Read the chosen project alone: the answer to a hint. */
  private async _readChosen(): Promise<void> {
    const { chosen } = this._memory;
    if (chosen === null) {
      return;
    }
    const project = await this._options.client.project(chosen);
    this._projects = this._projects.map(each =>
      each.name === project.name ? project : each
    );
    await this._readFigures();
    this._changed();
  }

  private async _readFigures(): Promise<void> {
    const project = this.chosen;
    if (!project || ['preparing', 'failed'].includes(project.state)) {
      return;
    }
    const { client } = this._options;
    const [metrics, rounds] = await Promise.all([
      client.metrics(project.name),
      client.rounds(project.name, undefined, ROUNDS)
    ]);
    // The person may have chosen another project meanwhile.
    if (this._memory.chosen === project.name) {
      if (reviewable(metrics) !== reviewable(this._metrics)) {
        this._comingBack = null;
      }
      this._metrics = metrics;
      this._rounds = rounds.rounds;
    }
  }

  /** Listen to the chosen project's events while the panel is seen. */
  private _follow(): void {
    this._feed?.dispose();
    this._feed = null;
    const { chosen } = this._memory;
    if (this._poll && chosen !== null) {
      this._feed = this._options.events.subscribe(chosen, () =>
        this._readSoon()
      );
    }
  }

  private _readSoon(): void {
    if (this._timer !== undefined) {
      return;
    }
    this._timer = setTimeout(() => {
      this._timer = undefined;
      // A failure shows at the next look at the list.
      void this._readChosen().catch(() => undefined);
    }, GATHER);
  }

  private _remember(change: Partial<IPanelMemory>): void {
    this._memory = { ...this._memory, ...change };
    this._storage.save(this._memory);
  }

  private _changed(): void {
    if (!this.isDisposed) {
      this.stateChanged.emit(undefined);
    }
  }

  private _busy = new Set<PanelAction>();
  private _comingBack: number | null = null;
  private _errors = new Map<PanelAction, ApiError>();
  private _failure: ApiError | null = null;
  private _feed: IDisposable | null = null;
  private _isLoaded = false;
  private _memory: IPanelMemory;
  private _metrics: IMetricsReply | null = null;
  private _poll: Poll<void> | null = null;
  private _projects: IProjectReply[] = [];
  private _rounds: IRoundReply[] = [];
  private _storage: IPanelStorage;
  private _strategies: string[] = [];
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _worker: IWorkerReply | null = null;
}

/** The namespace for `PanelModel` statics. */
export namespace PanelModel {
  /** The options of the panel's model. */
  export interface IOptions {
    client: IPanelClient;
    events: IProjectEvents;
    /** Where the choice and the folded sections are kept; default: the browser. */
    storage?: IPanelStorage;
    /** Title of the project that "Try it with handwritten digits" makes. */
    demoTitle?: string;
  }
}

async function allProjects(client: IPanelClient): Promise<IProjectReply[]> {
  const found: IProjectReply[] = [];
  let after: string | undefined;
  do {
    const page = await client.projects(after);
    found.push(...page.projects);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return found;
}

function byAge(a: IProjectReply, b: IProjectReply): number {
  const archived =
    Number(a.state === 'archived') - Number(b.state === 'archived');
  return archived || b.created_at.localeCompare(a.created_at);
}

function asApiError(reason: unknown): ApiError {
  return reason instanceof ApiError
    ? reason
    : new ApiError(0, 'unexpected', String(reason));
}
