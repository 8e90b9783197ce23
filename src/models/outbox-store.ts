import type { OutboxEntry } from './outbox-entries';

/**
 * Where entries outlive the page; `localStorage` fits.
 */
export type IOutboxStorage = Pick<
  Storage,
  'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'
>;

const PREFIX = 'jupyterlab_al:outbox';

/**
 * The unacknowledged acts of one project in the browser's storage: one item an entry, so that two
 * tabs never overwrite each other.
 */
export class OutboxStore {
  constructor(private _options: OutboxStore.IOptions) {}

  /**
   * Keep an entry; false when the storage is full or off.
   */
  put(entry: OutboxEntry): boolean {
    try {
      this._options.storage.setItem(
        this._itemKey(entry.key),
        JSON.stringify(entry)
      );
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Keep an entry no longer.
   */
  remove(entry: OutboxEntry): void {
    try {
      this._options.storage.removeItem(this._itemKey(entry.key));
    } catch {
      // A storage that is off holds nothing to forget.
    }
  }

  /**
   * The entries that an earlier page left, in the order of the acts.
   */
  load(): OutboxEntry[] {
    const { storage } = this._options;
    return storageKeys(storage, this._itemKey(''))
      .map(key => parse(storage.getItem(key)))
      .filter(entry => entry !== null)
      .sort((a, b) => a.order - b.order);
  }

  private _itemKey(key: string): string {
    return `${storagePrefix(this._options.scope)}${this._options.project}:${key}`;
  }
}

/**
 * The namespace for `OutboxStore` statics.
 */
export namespace OutboxStore {
  /**
   * The options of a store.
   */
  export interface IOptions {
    project: string;
    storage: IOutboxStorage;
    /**
     * What tells servers apart that share an origin: the base URL.
     */
    scope: string;
  }
}

/**
 * The projects for which the storage holds unacknowledged acts.
 */
export function storedProjects(
  storage: IOutboxStorage,
  scope: string
): string[] {
  const prefix = storagePrefix(scope);
  const names = storageKeys(storage, prefix).map(key => {
    const rest = key.slice(prefix.length);
    return rest.slice(0, rest.lastIndexOf(':'));
  });
  return [...new Set(names)];
}

function storagePrefix(scope: string): string {
  return `${PREFIX}:${scope}:`;
}

function storageKeys(storage: IOutboxStorage, prefix: string): string[] {
  try {
    return Array.from({ length: storage.length }, (_, i) => storage.key(i))
      .filter(key => key !== null)
      .filter(key => key.startsWith(prefix));
  } catch {
    return [];
  }
}

function parse(text: string | null): OutboxEntry | null {
  try {
    const entry = JSON.parse(text ?? 'null') as OutboxEntry | null;
    if (entry && entry.kind !== 'undo') {
      // The page that stored it may have sent it.
      entry.attempted = true;
    }
    return entry;
  } catch {
    return null;
  }
}
