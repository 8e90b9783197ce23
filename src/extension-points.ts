import type { IDisposable } from '@lumino/disposable';

/**
 * A MIME bundle: what a sample looks like, by MIME type.
 */
export type Bundle = { readonly [mime: string]: unknown };

/**
 * What another extension may know of a project.
 */
export interface IProjectInfo {
  readonly name: string;
  readonly title: string;
  /** In the order of their keys. */
  readonly classes: readonly string[];
  /** Whether a sample can have several classes, or none. */
  readonly multiLabel: boolean;
  /** What samples are shown as, e.g. `text` or `image`. */
  readonly displayKind: string;
}

/**
 * A sample that somebody is asked about, or will be next.
 */
export interface ISample {
  readonly project: IProjectInfo;
  readonly id: number;
  /** The name by which people know it. */
  readonly key: string;
  readonly display: Bundle;
  /** The address of its bytes, where it has any. */
  readonly contentUrl: string;
}

/**
 * Draws samples in a way of its own.
 */
export interface ISampleRenderer {
  /** Names it in messages, e.g. `my-extension:molecule`. */
  readonly id: string;
  /** The lowest one that can draw a sample does; default 100. */
  readonly rank?: number;
  /** Whether it draws this sample. Asked often: look and answer. */
  canRender(sample: ISample): boolean;
  /**
   * Draw a sample into an empty element until the returned object is disposed.
   *
   * Samples are drawn ahead, while they wait invisibly: nothing may take the focus or make a
   * sound. What is thrown, or rejected, is shown with the sample, which can be labeled all the same.
   */
  render(
    sample: ISample,
    host: HTMLElement
  ): IDisposable | Promise<IDisposable>;
}

/**
 * What a label editor shows at a moment.
 */
export interface ILabelEditorState {
  /** The sample to label; null while there is none. */
  readonly sample: ISample | null;
  readonly classes: readonly { readonly name: string; readonly key?: string }[];
  /** The classes that are toggled on, in multi-label projects. */
  readonly chosen: readonly string[];
  /** The person's earlier answer to this sample, which was undone. */
  readonly earlier: readonly string[] | null;
}

/**
 * What a label editor can do.
 */
export interface ILabelEditorContext {
  readonly project: IProjectInfo;
  /** Act as the key of a class: label and go on, or put it on or off. */
  choose(name: string): void;
  /**
   * Answer with these classes and go on: exactly one, or any number in multi-label projects.
   *
   * @throws Error when the project has no such class, or one is wanted and another number given.
   */
  submit(classes: readonly string[]): void;
}

/**
 * A label editor on screen.
 */
export interface ILabelEditorView extends IDisposable {
  /** Called with the first state and after each change. */
  update(state: ILabelEditorState): void;
  /**
   * Called with each key that is pressed in the view, before it does what it does there; true keeps
   * it from that. Keys that are typed into a field don't come here.
   */
  handleKey?(event: KeyboardEvent): boolean;
}

/**
 * Takes labels in a way of its own, instead of the buttons of the classes.
 */
export interface ILabelEditor {
  /** Names it in messages, e.g. `my-extension:stars`. */
  readonly id: string;
  /** The lowest one that can edit labels of a project does; default 100. */
  readonly rank?: number;
  /** Whether the buttons of the classes stay beside it; default false. */
  readonly keepsButtons?: boolean;
  canEdit(project: IProjectInfo): boolean;
  /** Make the editor in an empty element. */
  create(context: ILabelEditorContext, host: HTMLElement): ILabelEditorView;
}
