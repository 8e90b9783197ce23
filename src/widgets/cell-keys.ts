import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';

import { isOfPlayer } from '../components/labeling/audio-sample';

/**
 * A key and what it does, as the schema of the settings lists them.
 */
export interface IShortcut {
  command: string;
  keys: string[];
  /** Where it acts in JupyterLab. */
  selector: string;
  args?: ReadonlyPartialJSONObject;
}

/**
 * The class of the element that the keys act in.
 */
export const CELL_CLASS = 'jp-al-Notebook';

/** The class of the element that the keys act in, in JupyterLab. */
const MAIN_CLASS = 'jp-al-Labeling';

/** What JupyterLab's own shortcuts look for before they act. */
const MARK = 'data-lm-suppress-shortcuts';

/**
 * The keys of a labeling view below a cell: they act while it has the focus, and there the page's
 * own keys for cells do not (in a notebook, `D D` deletes one).
 */
export class CellKeys implements IDisposable {
  constructor(private _options: CellKeys.IOptions) {
    for (const { command, keys, selector, args } of _options.shortcuts) {
      _options.commands.addKeyBinding({
        command,
        keys,
        args: args ?? {},
        selector: selector.replace(`.${MAIN_CLASS}`, `.${CELL_CLASS}`)
      });
    }
    // Before the page's own listener, which is on the document.
    window.addEventListener('keydown', this._onKeyDown, true);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    window.removeEventListener('keydown', this._onKeyDown, true);
  }

  private _onKeyDown = (event: KeyboardEvent): void => {
    const { target } = event;
    const { commands, host } = this._options;
    if (!(target instanceof HTMLElement) || !host.contains(target)) {
      return;
    }
    if (!isOfPlayer(event)) {
      commands.processKeydownEvent(event);
    }
    if (isPlain(event)) {
      // Fields and buttons of the view still get it.
      target.setAttribute(MARK, '');
      setTimeout(() => target.removeAttribute(MARK), 0);
    }
  };

  private _isDisposed = false;
}

/**
 * The namespace for `CellKeys` statics.
 */
export namespace CellKeys {
  /**
   * The options of a cell's keys.
   */
  export interface IOptions {
    /**
     * Has the commands of this view alone.
     */
    commands: CommandRegistry;
    host: HTMLElement;
    shortcuts: readonly IShortcut[];
  }
}

/**
 * Whether a key is for the view; with a modifier it is for the page (Shift+Enter runs the cell).
 */
function isPlain(event: KeyboardEvent): boolean {
  const { altKey, ctrlKey, key, metaKey, shiftKey } = event;
  return !altKey && !ctrlKey && !metaKey && !(shiftKey && key === 'Enter');
}
