import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { ITranslator } from '@jupyterlab/translation';
import { Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';

import type { Client } from './api/client';
import type { IProjectEvents } from './api/events';
import type { ILabelEditor, ISampleRenderer } from './extension-points';

/**
 * What views and other extensions need from this one: where to read, what opens what, and what can
 * be added.
 */
export interface IActiveLearning {
  /**
   * The server's routes.
   */
  readonly client: Client;
  /**
   * Hints that something changed in a project.
   */
  readonly events: IProjectEvents;
  /**
   * Draw samples in another way, in all labeling views of JupyterLab, until the returned object is
   * disposed.
   */
  addSampleRenderer(renderer: ISampleRenderer): IDisposable;
  /**
   * Take labels in another way than by the buttons of the classes, until the returned object is
   * disposed.
   */
  addLabelEditor(editor: ILabelEditor): IDisposable;
  /**
   * Open the labeling view of a project, or show the one that is open.
   */
  openLabeling(name: string): Promise<void>;
  /**
   * Show the dialog for a new project and open its labeling view if one was made.
   *
   * @param path - a file or folder to make it of, relative to the server's root; without it the
   * person chooses.
   * @returns the project's name, or null when the person gave up
   */
  newProject(path?: string): Promise<string | null>;
}

/**
 * The token of the extension's public face.
 */
export const IActiveLearning = new Token<IActiveLearning>(
  'jupyterlab_al:IActiveLearning',
  'Opens labeling views and project dialogs, and speaks to the active learning server.'
);

/**
 * What the side panel (`ProjectPanel` in `widgets/panel-widget.tsx`) is given.
 */
export interface IProjectPanelOptions {
  al: IActiveLearning;
  translator: ITranslator;
}

/**
 * What `createProjectDialog` in `widgets/create-dialog.tsx` is given; it resolves to the name of
 * the project to label, or null.
 */
export interface ICreateProjectOptions {
  client: Client;
  events: IProjectEvents;
  translator: ITranslator;
  /**
   * The file or folder to make the project of, relative to the server's root.
   */
  path?: string;
  /**
   * Draws previews of MIME types that the components do not know.
   */
  rendermime?: IRenderMimeRegistry | null;
}
