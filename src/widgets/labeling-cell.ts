import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { ITranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { UUID } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';

import type { Client } from '../api/client';
import type { IProjectEvents } from '../api/events';
import { LabelingModel } from '../models/labeling-model';
import { Outbox } from '../models/outbox';
import type { IOutboxStorage } from '../models/outbox-store';
import { addLabelingCommands } from '../plugins/labeling-commands';
import { CellKeys, type IShortcut } from './cell-keys';
import { LabelingWidget } from './labeling-widget';
import { mimeRenderer } from './mime-renderer';
import { PrintedKeys } from './printed-keys';

/**
 * The labeling view of a project below a cell, or in a page that is made of a notebook.
 */
export class LabelingCell implements IDisposable {
  constructor(private _options: LabelingCell.IOptions) {
    const { client, events, host, project, scope, shortcuts } = _options;
    const { storage, translator } = _options;
    const commands = this._commands;
    addLabelingCommands(commands, () => this._widget, translator);
    this._keys = new CellKeys({ commands, host, shortcuts });
    this._outbox = new Outbox({ project, client, scope, storage });
    this._model = new LabelingModel({
      project,
      client,
      events,
      outbox: this._outbox,
      clientId: UUID.uuid4(),
      newKey: () => UUID.uuid4()
    });
    this._widget = this._makeWidget();
    this._model.changed.connect(this._onChanged, this);
    // As in `Widget.attach`, which refuses elements that are not in the page yet.
    MessageLoop.sendMessage(this._widget, Widget.Msg.BeforeAttach);
    host.append(this._widget.node);
    MessageLoop.sendMessage(this._widget, Widget.Msg.AfterAttach);
  }

  get isDisposed(): boolean {
    return this._widget.isDisposed;
  }

  /**
   * Give back what is held; the answers on their way still go.
   */
  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._keys.dispose();
    MessageLoop.sendMessage(this._widget, Widget.Msg.BeforeDetach);
    this._widget.node.remove();
    MessageLoop.sendMessage(this._widget, Widget.Msg.AfterDetach);
    this._widget.dispose();
    disposeOnceSent(this._outbox);
  }

  private _makeWidget(): LabelingWidget {
    const { client, rendermime, translator } = this._options;
    return new LabelingWidget({
      model: this._model,
      client,
      keys: new PrintedKeys(this._commands),
      renderMime: rendermime ? mimeRenderer(rendermime) : undefined,
      trans: translator.load('jupyterlab_al')
    });
  }

  private _onChanged(): void {
    const { project, stored } = this._model;
    if (project !== null && stored !== this._told) {
      this._told = stored;
      this._options.onLabels(stored);
    }
    if (this._model.current !== null && !this._hasShown) {
      this._hasShown = true;
      requestAnimationFrame(() => this._takeFreeFocus());
    }
  }

  /**
   * In a page where nothing has the focus, keys label at once.
   */
  private _takeFreeFocus(): void {
    const { activeElement, body } = document;
    if (activeElement === null || activeElement === body) {
      this._widget.activate();
    }
  }

  private _commands = new CommandRegistry();
  private _hasShown = false;
  private _keys: CellKeys;
  private _model: LabelingModel;
  private _outbox: Outbox;
  private _told: number | null = null;
  private _widget: LabelingWidget;
}

/**
 * The namespace for `LabelingCell` statics.
 */
export namespace LabelingCell {
  /**
   * The options of a labeling cell.
   */
  export interface IOptions {
    /**
     * Where to show the view, of the class `CELL_CLASS`; it may come into the page later.
     */
    host: HTMLElement;
    /**
     * The name of the project.
     */
    project: string;
    client: Client;
    events: IProjectEvents;
    /**
     * Keeps the answers that are not acknowledged yet.
     */
    storage: IOutboxStorage;
    /**
     * What tells servers apart that share an origin: the base URL.
     */
    scope: string;
    shortcuts: readonly IShortcut[];
    rendermime: IRenderMimeRegistry | null;
    translator: ITranslator;
    /**
     * Called with the number of labeled samples that the server holds, when it has changed.
     */
    onLabels: (n: number) => void;
  }
}

function disposeOnceSent(outbox: Outbox): void {
  const look = () => {
    if (outbox.waiting === 0) {
      outbox.dispose();
    }
  };
  outbox.changed.connect(look);
  look();
}
