import type { IDisposable } from '@lumino/disposable';

import { Outbox, type IOutboxClient } from './outbox';
import { storedProjects, type IOutboxStorage } from './outbox-store';

/**
 * One outbox a project, shared by all its views; what an earlier page left unsent is sent too.
 */
export class Outboxes implements IDisposable {
  constructor(
    private _options: {
      client: IOutboxClient;
      storage: IOutboxStorage;
      scope: string;
    }
  ) {
    storedProjects(_options.storage, _options.scope).forEach(project =>
      this.get(project)
    );
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /**
   * The outbox of a project.
   */
  get(project: string): Outbox {
    let outbox = this._outboxes.get(project);
    if (!outbox) {
      outbox = new Outbox({ project, ...this._options });
      this._outboxes.set(project, outbox);
    }
    return outbox;
  }

  dispose(): void {
    this._isDisposed = true;
    this._outboxes.forEach(outbox => outbox.dispose());
    this._outboxes.clear();
  }

  private _isDisposed = false;
  private _outboxes = new Map<string, Outbox>();
}
