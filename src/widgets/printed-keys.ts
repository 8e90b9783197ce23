import { CommandRegistry } from '@lumino/commands';
import { Signal, type ISignal } from '@lumino/signaling';

import { CommandIDs } from '../commands';
import { SLOTS } from '../models/class-slots';
import type { IActionKeys } from '../components/labeling/action-bar';

/**
 * The keys to print where they act.
 */
export interface IPrintedKeys {
  /**
   * The keys of the classes, by slot.
   */
  readonly classes: { readonly [slot: string]: string | undefined };
  readonly actions: IActionKeys;
  readonly changed: ISignal<IPrintedKeys, void>;
}

/**
 * The keys as they are bound now, a person's own settings included.
 */
export class PrintedKeys implements IPrintedKeys {
  constructor(private _commands: CommandRegistry) {
    this._read();
    _commands.keyBindingChanged.connect(this._onKeyBindingChanged, this);
  }

  get classes(): { readonly [slot: string]: string | undefined } {
    return this._classes;
  }

  get actions(): IActionKeys {
    return this._actions;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  private _onKeyBindingChanged(): void {
    // Bindings come one by one at the start: read them once.
    clearTimeout(this._timer);
    this._timer = setTimeout(() => {
      this._read();
      this._changed.emit();
    }, 50);
  }

  private _read(): void {
    this._classes = Object.fromEntries(
      SLOTS.map(slot => [slot, this._find(CommandIDs.labelClass, slot)])
    );
    this._actions = {
      skip: this._find(CommandIDs.skip),
      flag: this._find(CommandIDs.flag),
      comment: this._find(CommandIDs.comment),
      undo: this._find(CommandIDs.undo),
      submit: this._find(CommandIDs.submit),
      answers: this._find(CommandIDs.answers),
      find: this._find(CommandIDs.find),
      add: this._find(CommandIDs.add),
      why: this._find(CommandIDs.why),
      help: this._find(CommandIDs.help),
      play: this._find(CommandIDs.play)
    };
  }

  private _find(command: string, slot?: string): string | undefined {
    const binding = this._commands.keyBindings.find(
      other =>
        other.command === command &&
        (slot === undefined || other.args.slot === slot)
    );
    return binding && printed(binding.keys);
  }

  private _actions: IActionKeys = {};
  private _changed = new Signal<this, void>(this);
  private _classes: { [slot: string]: string | undefined } = {};
  private _timer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * A key sequence as it stands on a key cap.
 */
function printed(keys: readonly string[]): string {
  const text = CommandRegistry.formatKeystroke(keys);
  return text === 'Shift+/' || text === '⇧ /' ? '?' : text;
}
