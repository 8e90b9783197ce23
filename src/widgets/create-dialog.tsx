import { Dialog } from '@jupyterlab/apputils';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ContentsManager } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { VDomRenderer } from '@jupyterlab/ui-components';
import { Signal, type ISignal } from '@lumino/signaling';
import React from 'react';

import type { Client } from '../api/client';
import { CreateBody } from '../components/create';
import type { RenderMime } from '../components/labeling/display';
import { isName } from '../models/create-form';
import { CreateModel } from '../models/create-model';
import type { CreateStep, IFolderEntry } from '../models/create-model';
import type { ICreateProjectOptions } from '../tokens';
import { mimeRenderer } from './mime-renderer';

/** Show the dialog for a new project; returns the name of the one that was made, or null. */
export async function createProjectDialog(
  options: ICreateProjectOptions
): Promise<string | null> {
  const trans = options.translator.load('jupyterlab_al');
  const model = new CreateModel({
    client: options.client,
    listFolder: folder => listFolder(options.client, folder)
  });
  const dialog = new CreateDialog(model, trans, options.rendermime);
  void model.open(options.path);
  try {
    await dialog.launch();
    return dialog.created;
  } finally {
    dialog.dispose();
    model.dispose();
  }
}

/** What is on screen. */
interface IDrawn {
  step: CreateStep;
  folder: string;
}

/** What the dialog shows in each step: the only place where its model meets React. */
export class CreateWidget extends VDomRenderer<CreateModel> {
  constructor(
    model: CreateModel,
    private _trans: TranslationBundle,
    rendermime?: IRenderMimeRegistry | null
  ) {
    super(model);
    this._draw = rendermime ? mimeRenderer(rendermime) : undefined;
    this.addClass('jp-al-Create');
  }

  /** Emitted when a step was drawn, with that step and its folder. */
  get drawn(): ISignal<this, IDrawn> {
    return this._drawn;
  }

  override dispose(): void {
    super.dispose();
    Signal.clearData(this);
  }

  protected override render(): JSX.Element {
    const { model } = this;
    const { step, folder, form, inspection } = model;
    const error = model.errors.path ?? null;
    return (
      <CreateBody
        step={step}
        path={model.path}
        error={error}
        picker={{
          folder,
          entries: model.entries,
          error,
          onBrowse: folder => void model.browse(folder),
          onChoose: path => void model.choose(path),
          onDemo: () => void model.chooseDemo()
        }}
        form={
          form && inspection
            ? {
                form,
                inspection,
                preview: model.preview,
                render: this._draw,
                strategies: model.strategies,
                errors: { ...this._nameError(form.name), ...model.errors },
                onChange: change => model.set(change),
                onArray: name => void model.chooseArray(name),
                onLabelColumn: column => model.setLabelColumn(column)
              }
            : null
        }
        isCreating={model.isCreating}
        onOther={() => void model.browse(folder)}
        onDrawn={() => this._drawn.emit({ step, folder })}
        trans={this._trans}
      />
    );
  }

  private _draw: RenderMime | undefined;
  private _drawn = new Signal<this, IDrawn>(this);

  private _nameError(name: string): { name?: string } {
    return isName(name)
      ? {}
      : {
          name: this._trans.__(
            'A name begins with a letter or a digit; spaces, dots, dashes and underscores may follow, no slashes, at most 64.'
          )
        };
  }
}

/** A dialog that stays open until the server has taken the project. */
export class CreateDialog extends Dialog<unknown> {
  constructor(
    private _model: CreateModel,
    trans: TranslationBundle,
    rendermime?: IRenderMimeRegistry | null,
    body = new CreateWidget(_model, trans, rendermime)
  ) {
    super({
      title: trans.__('Label with active learning'),
      body,
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        Dialog.okButton({ label: trans.__('Create and label') })
      ]
    });
    this.addClass('jp-al-CreateDialog');
    this.node.tabIndex = -1;
    _model.stateChanged.connect(this._onStateChanged, this);
    body.drawn.connect(this._onDrawn, this);
    this._onStateChanged();
  }

  /** Name of the project that was made. */
  get created(): string | null {
    return this._created;
  }

  override dispose(): void {
    this._model.stateChanged.disconnect(this._onStateChanged, this);
    super.dispose();
  }

  /** Make the project first; the dialog closes when that worked. */
  override resolve(index = ACCEPT): void {
    if (index !== ACCEPT) {
      super.resolve(index);
      return;
    }
    if (this._accept?.disabled === false) {
      void this._create();
    }
  }

  /** Leave Enter to the fields that use it themselves. */
  override handleEvent(event: Event): void {
    const isEnter = event instanceof KeyboardEvent && event.key === 'Enter';
    const target = event.target as Element | null;
    if (isEnter && target?.closest?.('[data-own-enter]')) {
      return;
    }
    if (event instanceof KeyboardEvent && this._wrapsFocus(event)) {
      return;
    }
    super.handleEvent(event);
  }

  /** Move the focus from the last control to the first: the body is drawn too late for the base class to know it. */
  private _wrapsFocus(event: KeyboardEvent): boolean {
    if (event.key !== 'Tab') {
      return false;
    }
    const controls = [
      ...this.node.querySelectorAll<HTMLElement>(
        'button:enabled, input:enabled, select:enabled, summary'
      )
    ].filter(each => each.getClientRects().length > 0);
    const [first, last] = [controls[0], controls[controls.length - 1]];
    const from = event.shiftKey ? first : last;
    if (!first || document.activeElement !== from) {
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    (event.shiftKey ? last : first).focus();
    return true;
  }

  private async _create(): Promise<void> {
    this._created = await this._model.create();
    if (this._created !== null && !this.isDisposed) {
      // It is made: nothing is left to validate.
      super.resolve(CANCEL);
    } else {
      this._hasProblem = true;
      this._focusProblem();
    }
  }

  /** Show what has to be mended, once it is drawn: it may be scrolled out of sight. */
  private _focusProblem(): void {
    const field = this.node.querySelector<HTMLElement>('[aria-invalid="true"]');
    const problem = field ?? this.node.querySelector('[role="alert"]');
    if (this._hasProblem && problem) {
      this._hasProblem = false;
      field?.focus();
      problem.scrollIntoView?.({ block: 'center' });
    }
  }

  private _onStateChanged(): void {
    if (this._accept) {
      this._accept.disabled = !this._model.canCreate;
    }
  }

  private _onDrawn(_: CreateWidget, { step, folder }: IDrawn): void {
    const place = `${step}:${folder}`;
    if (this.isAttached && place !== this._place) {
      this._place = place;
      this._focusStep(step);
    }
    this._focusProblem();
  }

  /** Put the focus where the next key press is likely to be wanted, never behind the dialog. */
  private _focusStep(step: CreateStep): void {
    const entry = this.node.querySelector<HTMLElement>(
      '.jp-al-Picker li button'
    );
    const wanted = step === 'choosing' ? entry : this._accept;
    if (wanted && !wanted.matches(':disabled')) {
      wanted.focus();
    } else {
      this.node.focus();
    }
  }

  private get _accept(): HTMLButtonElement | null {
    return this.node.querySelector('button.jp-mod-accept');
  }

  private _created: string | null = null;
  private _hasProblem = false;
  private _place = '';
}

/** Places of the buttons. */
const CANCEL = 0;
const ACCEPT = 1;

/** Returns what is in a folder, folders first, through Jupyter's own contents. */
async function listFolder(
  client: Client,
  folder: string
): Promise<IFolderEntry[]> {
  const contents = new ContentsManager({
    serverSettings: client.serverSettings
  });
  try {
    const model = await contents.get(folder, { content: true });
    const found = (model.content ?? []) as {
      name: string;
      path: string;
      type: string;
    }[];
    return found
      .map(({ name, path, type }) => ({
        name,
        path,
        isFolder: type === 'directory'
      }))
      .sort(
        (a, b) =>
          Number(b.isFolder) - Number(a.isFolder) ||
          a.name.localeCompare(b.name)
      );
  } finally {
    contents.dispose();
  }
}
