import type { ServerConnection } from '@jupyterlab/services';
import { DisposableDelegate, type IDisposable } from '@lumino/disposable';

import { send } from './request';
import type { IProjectEvent } from './types';

/**
 * Something happened in a project; without an event: read everything again
 * (after a connection was made anew, or when only polling is left).
 */
export interface IHint {
  /**
   * The kind of event, or `again`.
   */
  kind: 'annotation' | 'round' | 'project' | 'again';
  /**
   * The event's data.
   */
  event: IProjectEvent | null;
}

/**
 * Where hints about a project can be had.
 */
export interface IProjectEvents {
  /**
   * Call `listener` at each hint until the returned object is disposed.
   */
  subscribe(project: string, listener: (hint: IHint) => void): IDisposable;
}

/** Streams of one page; two pages leave connections for all else. */
const MOST_STREAMS = 2;

/**
 * The server's event streams, for the projects that somebody listens to.
 *
 * A stream that ends is opened again with growing pauses; while it can't be had, `again` hints
 * come at the poll interval. Browsers allow six connections to one server, and without a free one
 * all of JupyterLab stands still: so only the projects that somebody began to listen to last are
 * streamed, the others are polled, and a hidden page holds no stream.
 */
export class ProjectEvents implements IProjectEvents, IDisposable {
  constructor(private _options: ProjectEvents.IOptions) {
    document.addEventListener('visibilitychange', this._onVisibility);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  subscribe(project: string, listener: (hint: IHint) => void): IDisposable {
    const feed = this._feeds.get(project) ?? new Feed(project, this._options);
    feed.listeners.add(listener);
    // To the end, where the newest are.
    this._feeds.delete(project);
    this._feeds.set(project, feed);
    this._share();
    return new DisposableDelegate(() => {
      feed.listeners.delete(listener);
      if (feed.listeners.size === 0) {
        feed.follow(null);
        this._feeds.delete(project);
        this._share();
      }
    });
  }

  dispose(): void {
    this._isDisposed = true;
    document.removeEventListener('visibilitychange', this._onVisibility);
    this._feeds.forEach(feed => feed.follow(null));
    this._feeds.clear();
  }

  private _onVisibility = (): void => this._share();

  private _share(): void {
    const newestFirst = [...this._feeds.values()].reverse();
    newestFirst.forEach((feed, index) => {
      const way = index < MOST_STREAMS ? 'stream' : 'poll';
      feed.follow(document.hidden ? null : way);
    });
  }

  private _feeds = new Map<string, Feed>();
  private _isDisposed = false;
}

/**
 * The namespace for `ProjectEvents` statics.
 */
export namespace ProjectEvents {
  /**
   * The options of the event streams.
   */
  export interface IOptions {
    serverSettings: ServerConnection.ISettings;
    /**
     * Milliseconds between two `again` hints while no stream can be had; default 5,000.
     */
    pollInterval?: number;
    /**
     * Milliseconds without a byte after which a stream counts as dead; default 45,000
     * (the server sends a comment every 15 s).
     */
    silence?: number;
  }
}

/**
 * The parts of one server-sent event that we use.
 */
export interface IServerSentEvent {
  event: string;
  data: string;
}

/**
 * Split the text of an event stream into its complete events and the rest.
 */
export function parseEvents(text: string): {
  events: IServerSentEvent[];
  rest: string;
} {
  const blocks = text.replace(/\r\n?/g, '\n').split('\n\n');
  const rest = blocks.pop() ?? '';
  const events = blocks.map(parseBlock).filter(event => event.data !== '');
  return { events, rest };
}

function parseBlock(block: string): IServerSentEvent {
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    if (line.startsWith('event:')) {
      event = line.slice(6).trim();
    } else if (line.startsWith('data:')) {
      data.push(line.slice(5).replace(/^ /, ''));
    }
  }
  return { event, data: data.join('\n') };
}

/**
 * One project's stream.
 */
class Feed {
  constructor(
    private _project: string,
    private _options: ProjectEvents.IOptions
  ) {}

  readonly listeners = new Set<(hint: IHint) => void>();

  /** Follow the project in this way from now on, or no longer. */
  follow(way: 'stream' | 'poll' | null): void {
    if (way === this._way) {
      return;
    }
    this._way = way;
    this._abort?.abort();
    this._abort = new AbortController();
    const { signal } = this._abort;
    if (way !== null) {
      void (way === 'stream' ? this._stream(signal) : this._poll(signal));
    }
  }

  private async _poll(signal: AbortSignal): Promise<void> {
    // What happens until a stream begins is not told by it.
    this._seen = true;
    while (!signal.aborted) {
      await sleep(this._interval, signal);
      if (!signal.aborted) {
        this._emit({ kind: 'again', event: null });
      }
    }
  }

  private async _stream(signal: AbortSignal): Promise<void> {
    const poll = this._interval;
    let pause = 500;
    while (!signal.aborted) {
      const started = Date.now();
      await this._read(signal);
      if (signal.aborted) {
        return;
      }
      pause = Date.now() - started > 10000 ? 500 : Math.min(pause * 2, poll);
      await sleep(pause, signal);
      if (!signal.aborted) {
        this._emit({ kind: 'again', event: null });
      }
    }
  }

  /**
   * Read one connection to its end; a failure is an end.
   */
  private async _read(signal: AbortSignal): Promise<void> {
    const silence = this._options.silence ?? 45000;
    const abort = new AbortController();
    const stop = () => abort.abort();
    signal.addEventListener('abort', stop);
    let timer = setTimeout(stop, silence);
    try {
      const response = await send(
        this._options.serverSettings,
        `projects/${encodeURIComponent(this._project)}/events`,
        { headers: { Accept: 'text/event-stream' }, signal: abort.signal }
      );
      if (!response.ok || !response.body) {
        return;
      }
      if (this._seen) {
        this._emit({ kind: 'again', event: null });
      }
      this._seen = true;
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      let text = '';
      for (;;) {
        const { done, value } = await reader.read();
        if (done) {
          return;
        }
        clearTimeout(timer);
        timer = setTimeout(stop, silence);
        const parsed = parseEvents(
          text + decoder.decode(value, { stream: true })
        );
        text = parsed.rest;
        parsed.events.forEach(event => this._emitEvent(event));
      }
    } catch {
      // The loop above tries again and hints at a full read meanwhile.
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }

  private _emitEvent({ event, data }: IServerSentEvent): void {
    if (event !== 'annotation' && event !== 'round' && event !== 'project') {
      return;
    }
    try {
      this._emit({ kind: event, event: JSON.parse(data) as IProjectEvent });
    } catch {
      this._emit({ kind: 'again', event: null });
    }
  }

  private _emit(hint: IHint): void {
    [...this.listeners].forEach(listener => listener(hint));
  }

  private get _interval(): number {
    return this._options.pollInterval ?? 5000;
  }

  private _abort: AbortController | null = null;
  private _seen = false;
  private _way: 'stream' | 'poll' | null = null;
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
