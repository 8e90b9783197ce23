import type { IDisposable } from '@lumino/disposable';

import type { IProjectReply } from '../api/types';
import type { ICustomEditor } from '../components/labeling/custom-editor';
import type { ICustomDrawing } from '../components/labeling/custom-sample';
import type {
  ILabelEditorContext,
  ILabelEditorState,
  ILabelEditorView,
  IProjectInfo,
  ISample
} from '../extension-points';
import type { Extensions } from '../models/extensions';
import type { ILabelingClass } from '../models/labeling-classes';
import type { IHeldSample } from '../models/held-samples';
import type { LabelingModel } from '../models/labeling-model';

/**
 * What other extensions put into one labeling view.
 *
 * Samples, contexts and states stay the same objects while nothing changes in them, so that nothing
 * is drawn anew.
 */
export class CustomParts implements IDisposable {
  constructor(private _options: CustomParts.IOptions) {
    _options.extensions.changed.connect(this._onExtensions, this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._options.extensions.changed.disconnect(this._onExtensions, this);
    }
  }

  /**
   * How a sample is drawn by another extension; undefined: by none.
   */
  drawingOf(
    project: IProjectReply,
    held: IHeldSample
  ): ICustomDrawing | undefined {
    const { display } = held.lease;
    const known = this._drawings.get(display);
    if (known !== undefined) {
      return known ?? undefined;
    }
    const sample = this._sampleOf(project, held);
    const renderer = this._options.extensions.rendererFor(sample);
    const drawing = renderer && {
      id: renderer.id,
      draw: (host: HTMLElement) => renderer.render(sample, host)
    };
    this._drawings.set(display, drawing);
    return drawing ?? undefined;
  }

  /**
   * The label editor of another extension and what it is to show; undefined: none.
   */
  editorOf(
    project: IProjectReply,
    classes: readonly ILabelingClass[]
  ): ICustomEditor | undefined {
    const info = this._infoOf(project);
    const editor = this._options.extensions.editorFor(info);
    if (!editor) {
      return undefined;
    }
    if (this._context?.project !== info) {
      this._context = this._contextOf(info);
    }
    return {
      editor,
      context: this._context,
      state: this._stateOf(project, classes),
      onView: this._onView
    };
  }

  /**
   * Offer a key to the label editor; true: it took it.
   */
  handleKey(event: KeyboardEvent): boolean {
    try {
      return this._view?.handleKey?.(event) ?? false;
    } catch (reason) {
      console.error('A label editor failed at a key:', reason);
      return false;
    }
  }

  private _sampleOf(project: IProjectReply, held: IHeldSample): ISample {
    const { sample_id: id, sample_key: key, display } = held.lease;
    const info = this._infoOf(project);
    const known = this._samples.get(display);
    if (known?.project === info) {
      return known;
    }
    const contentUrl = this._options.contentUrl(id);
    const sample = { project: info, id, key, display, contentUrl };
    this._samples.set(display, sample);
    return sample;
  }

  private _infoOf(project: IProjectReply): IProjectInfo {
    const info: IProjectInfo = {
      name: project.name,
      title: project.title || project.name,
      classes: project.classes,
      multiLabel: project.multi_label,
      displayKind: String((project.display as { kind?: unknown }).kind ?? '')
    };
    if (!isSame(this._info, info)) {
      this._info = info;
    }
    return this._info ?? info;
  }

  private _contextOf(project: IProjectInfo): ILabelEditorContext {
    const { model } = this._options;
    return {
      project,
      choose: name => model.choose(name),
      submit: classes => model.answer(classes)
    };
  }

  private _stateOf(
    project: IProjectReply,
    classes: readonly ILabelingClass[]
  ): ILabelEditorState {
    const { current } = this._options.model;
    const state: ILabelEditorState = {
      sample: current && this._sampleOf(project, current),
      classes: classes.map(({ label, keyCap }) => ({
        name: label,
        key: keyCap
      })),
      chosen: current?.selection ?? [],
      earlier: current?.earlier ?? null
    };
    const { sample, ...rest } = state;
    const { sample: before, ...earlier } = this._state ?? { sample: undefined };
    if (before !== sample || !isSame(earlier, rest)) {
      this._state = state;
    }
    return this._state ?? state;
  }

  private _onView = (view: ILabelEditorView | null): void => {
    this._view = view;
  };

  private _onExtensions(): void {
    this._drawings = new WeakMap();
    this._options.onChanged();
  }

  private _context: ILabelEditorContext | null = null;
  private _drawings = new WeakMap<object, ICustomDrawing | null>();
  private _info: IProjectInfo | null = null;
  private _isDisposed = false;
  private _samples = new WeakMap<object, ISample>();
  private _state: ILabelEditorState | null = null;
  private _view: ILabelEditorView | null = null;
}

/**
 * The namespace for `CustomParts` statics.
 */
export namespace CustomParts {
  /**
   * What the parts are made with.
   */
  export interface IOptions {
    extensions: Extensions;
    model: LabelingModel;
    contentUrl: (sampleId: number) => string;
    /** Called when an extension was added or went. */
    onChanged: () => void;
  }
}

function isSame(earlier: unknown, newer: unknown): boolean {
  return JSON.stringify(earlier) === JSON.stringify(newer);
}
