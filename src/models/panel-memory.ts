/** What the side panel remembers between visits. */
export interface IPanelMemory {
  /** Name of the project that was chosen last. */
  chosen: string | null;
  /** The sections that are folded. */
  folded: string[];
}

/** Keeps what the panel remembers. */
export interface IPanelStorage {
  load(): IPanelMemory;
  save(memory: IPanelMemory): void;
}

const KEY = 'jupyterlab_al:panel';
const FRESH: IPanelMemory = { chosen: null, folded: ['rounds', 'settings'] };

/** Remembers in the browser; forgets where the browser allows no storage. */
export class BrowserStorage implements IPanelStorage {
  load(): IPanelMemory {
    try {
      const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
      return isMemory(found) ? found : FRESH;
    } catch {
      return FRESH;
    }
  }

  save(memory: IPanelMemory): void {
    try {
      localStorage.setItem(KEY, JSON.stringify(memory));
    } catch {
      // A full or forbidden storage costs only the memory of folded sections.
    }
  }
}

function isMemory(found: unknown): found is IPanelMemory {
  const { chosen, folded } = (found ?? {}) as Partial<IPanelMemory>;
  return (
    (chosen === null || typeof chosen === 'string') &&
    Array.isArray(folded) &&
    folded.every(name => typeof name === 'string')
  );
}
