import { DisposableDelegate } from '@lumino/disposable';

import type { IHint, IProjectEvents } from '../../api/events';
import { ApiError } from '../../api/request';
import type {
  IAnnotateRequest,
  IAnnotationReply,
  IAnnotationsReply,
  IClaimReply,
  IClaimRequest,
  ILeaseReply,
  ILeasesReply,
  ILeasesRequest,
  IMetricsReply,
  IOwnAnnotationsReply,
  IPatchProject,
  IProjectReply,
  IReviewReply
} from '../../api/types';
import { LabelingModel } from '../../models/labeling-model';
import { Outbox } from '../../models/outbox';
import type { IOutboxStorage } from '../../models/outbox-store';

/** Milliseconds that a request takes. */
export const DELAY = 150;

/**
 * A server of one project with the rules that the model relies on; each request takes `DELAY`.
 */
export class FakeServer {
  constructor(public total = 30) {}

  readonly requests: string[] = [];
  /** What is stored, in order of arrival. */
  readonly stored: IAnnotationReply[] = [];
  readonly released: number[] = [];
  readonly skipped: number[] = [];
  classes = ['cat', 'dog'];
  /** Samples that people disagree about. */
  disputed: number[] = [];
  multiLabel = false;
  isDown = false;
  /** Milliseconds that requests of a kind take, where it is not `DELAY`. */
  slow: Record<string, number> = {};
  /** Store the next annotations but lose the reply. */
  losesReply = false;
  refuses: (label: string | string[]) => string | null = () => null;
  emptyBecause: IClaimReply['empty_because'] = 'all_labeled';
  displayOf = (id: number): Record<string, unknown> => ({
    'text/plain': `sample ${id}`
  });

  contentUrl = (_: string, id: number): string => `/content/${id}`;

  leaseSeconds = 300;

  get labels(): (string | string[])[] {
    return this.stored
      .filter(annotation => annotation.undone_at === null)
      .map(({ label }) => label);
  }

  async project(): Promise<IProjectReply> {
    await this._answer('project');
    return {
      name: 'pets',
      title: 'Pets',
      state: 'active',
      error: null,
      dataset: {},
      display: {},
      features: {},
      classes: this.classes,
      merged: [],
      multi_label: this.multiLabel,
      label_column: null,
      estimator: {},
      strategy: {},
      retrain_every: 10,
      early_rounds: true,
      error_cost: 1,
      budget: 0,
      check_share: 0.1,
      review_share: 0,
      overlap: 1,
      queue_size: 100,
      seed: 0,
      blind: true,
      n_samples: this.total,
      n_labeled: this.labels.length,
      n_annotations: this.stored.length,
      n_checks: 0,
      accuracy: null,
      preparing: null,
      problems: [],
      role: 'owner',
      created_at: '2026-01-01T00:00:00Z',
      last_activity_at: '2026-01-01T00:00:00Z'
    };
  }

  async patchProject(_: string, body: IPatchProject): Promise<IProjectReply> {
    await this._answer('patch');
    this.classes = body.classes ?? this.classes;
    return this.project();
  }

  async metrics(): Promise<IMetricsReply> {
    await this._answer('metrics');
    return metrics({
      n_samples: this.total,
      n_labeled: this.labels.length,
      disputed: this.disputed.length
    });
  }

  async claim(_: string, body: IClaimRequest): Promise<IClaimReply> {
    await this._answer('claim');
    const size = body.size ?? 1;
    const open = Array.from({ length: this.total }, (_, id) => id).filter(
      id => !this._isDone(id) && !this._taken.has(id)
    );
    const undone = open.filter(
      id => this._undone.has(id) || this._asked.has(id)
    );
    const held = open.filter(id => this._tokens.has(id));
    const rest = open.filter(id => !this._tokens.has(id));
    const ids = [...new Set([...undone, ...held, ...rest])].slice(0, size);
    const leases = ids.map(id => this._lease(id));
    return {
      leases,
      empty_because: leases.length > 0 ? null : this.emptyBecause
    };
  }

  async extend(_: string, body: ILeasesRequest): Promise<ILeasesReply> {
    await this._answer('extend');
    const held = body.leases.filter(
      ({ sample_id, token }) => this._tokens.get(sample_id) === token
    );
    return {
      leases: held.map(lease => ({ ...lease, expires_at: this._end() }))
    };
  }

  async release(_: string, body: ILeasesRequest): Promise<ILeasesReply> {
    await this._answer('release');
    body.leases.forEach(({ sample_id }) => {
      this._tokens.delete(sample_id);
      this.released.push(sample_id);
    });
    return { leases: [] };
  }

  async skip(_: string, body: ILeasesRequest): Promise<ILeasesReply> {
    await this._answer('skip');
    this.skipped.push(...body.leases.map(({ sample_id }) => sample_id));
    return { leases: [] };
  }

  async annotate(
    _: string,
    body: IAnnotateRequest
  ): Promise<IAnnotationsReply> {
    await this._answer('annotate');
    for (const { label } of body.annotations) {
      const message = this.refuses(label);
      if (message !== null) {
        throw new ApiError(422, 'invalid', message);
      }
    }
    const annotations = body.annotations.map(annotation => {
      const known = this.stored.find(({ key }) => key === annotation.key);
      if (known) {
        return known;
      }
      const reply: IAnnotationReply = {
        id: String(this.stored.length + 1),
        key: annotation.key,
        sample_id: annotation.sample_id,
        sample_key: String(annotation.sample_id),
        label: annotation.label,
        annotator: 'ann',
        source: 'query',
        created_at: '2026-01-01T00:00:00Z',
        undone_at: null,
        flagged: annotation.flagged ?? false,
        comment: annotation.comment ?? null,
        seconds: annotation.seconds ?? null
      };
      this.stored.push(reply);
      this._tokens.delete(annotation.sample_id);
      this._undone.delete(annotation.sample_id);
      this._settle(annotation.sample_id);
      return reply;
    });
    if (this.losesReply) {
      this.losesReply = false;
      throw new ApiError(0, 'no_server', 'The reply was lost.');
    }
    return { annotations };
  }

  async undo(_: string, id: string): Promise<IAnnotationReply> {
    await this._answer('undo');
    const found = this.stored.find(annotation => annotation.id === id)!;
    found.undone_at = '2026-01-01T00:00:00Z';
    this._undone.add(found.sample_id);
    return found;
  }

  async ownAnnotations(): Promise<IOwnAnnotationsReply> {
    await this._answer('own');
    const standing = this.stored.filter(({ undone_at }) => undone_at === null);
    const annotations = standing.reverse().map(annotation => ({
      ...annotation,
      display: this.displayOf(annotation.sample_id)
    }));
    return { annotations };
  }

  /** Let the disputed samples come back before all others. */
  async review(): Promise<IReviewReply> {
    await this._answer('review');
    this.disputed.forEach(id => this._asked.add(id));
    return { queued: this.disputed.length };
  }

  /** Give a sample to somebody else. */
  takeAway(id: number): void {
    this._tokens.delete(id);
    this._taken.add(id);
  }

  private async _answer(route: string): Promise<void> {
    this.requests.push(route);
    await new Promise(resolve =>
      setTimeout(resolve, this.slow[route] ?? DELAY)
    );
    if (this.isDown) {
      throw new ApiError(0, 'no_server', 'No server answers.');
    }
  }

  private _settle(id: number): void {
    if (this._asked.delete(id)) {
      this.disputed = this.disputed.filter(other => other !== id);
    }
  }

  private _isDone(id: number): boolean {
    if (this._asked.has(id)) {
      return false;
    }
    return this.stored.some(
      ({ sample_id, undone_at }) => sample_id === id && undone_at === null
    );
  }

  private _lease(id: number): ILeaseReply {
    const token = this._tokens.get(id) ?? `token-${id}-${this._count++}`;
    this._tokens.set(id, token);
    return {
      sample_id: id,
      sample_key: String(id),
      rank: id,
      token,
      expires_at: this._end(),
      display: this.displayOf(id)
    };
  }

  private _end(): string {
    return new Date(Date.now() + this.leaseSeconds * 1000).toISOString();
  }

  /** Samples that were asked for again. */
  private _asked = new Set<number>();
  private _count = 0;
  private _tokens = new Map<number, string>();
  private _taken = new Set<number>();
  private _undone = new Set<number>();
}

/** Figures of a project that has just begun, with what a test changes. */
export function metrics(change: Partial<IMetricsReply> = {}): IMetricsReply {
  return {
    labels: 0,
    labels_per_class: {},
    checks: 0,
    skipped: 0,
    skipped_checks: 0,
    n_samples: 30,
    n_labeled: 0,
    accuracy: null,
    curve: [],
    per_class: {},
    macro_f1: null,
    gain: null,
    second_reading: null,
    agreement: null,
    disputed: 0,
    suspected: 0,
    review_note: null,
    predicted_share: {},
    utilities: null,
    advice: { stop: false, votes: [] },
    order: {
      by: 'random',
      phase: 'explore',
      round: null,
      n_labels: 0,
      labels_since: 0,
      needs: {}
    },
    last_round: null,
    throughput: null,
    ...change
  };
}

/** Hints that a test sends. */
export class FakeEvents implements IProjectEvents {
  readonly listeners = new Set<(hint: IHint) => void>();

  subscribe(_: string, listener: (hint: IHint) => void): DisposableDelegate {
    this.listeners.add(listener);
    return new DisposableDelegate(() => this.listeners.delete(listener));
  }

  hint(kind: IHint['kind']): void {
    this.listeners.forEach(listener => listener({ kind, event: null }));
  }
}

/** A storage that outlives a model, as the browser's does. */
export function memoryStorage(): IOutboxStorage & { size: () => number } {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    key: index => [...items.keys()][index] ?? null,
    getItem: key => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: key => void items.delete(key),
    size: () => items.size
  };
}

let keys = 0;

/** A model over a fake server, with the sample on screen as soon as it is there. */
export function aModel(
  server: FakeServer,
  options: Partial<LabelingModel.IOptions> & { storage?: IOutboxStorage } = {}
): { model: LabelingModel; outbox: Outbox; events: FakeEvents } {
  const outbox = new Outbox({
    project: 'pets',
    client: server,
    storage: options.storage ?? memoryStorage(),
    scope: '/'
  });
  const events = new FakeEvents();
  const model = new LabelingModel({
    project: 'pets',
    client: server,
    events,
    outbox,
    clientId: 'tab',
    newKey: () => `key-${keys++}`,
    ...options
  });
  return { model, outbox, events };
}

/** Paint: a frame after another sample has become the current one, as the view does. */
export function paint(model: LabelingModel): void {
  let drawn: number | undefined;
  model.changed.connect(() => {
    const id = model.current?.lease.sample_id;
    if (id !== undefined && id !== drawn) {
      setTimeout(() => model.markShown(id), 16);
    }
    drawn = id;
  });
}
