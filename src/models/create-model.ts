import { VDomModel } from '@jupyterlab/ui-components';

import type { Client } from '../api/client';
import { ApiError } from '../api/request';
import type {
  IDatasetIn,
  IDisplayIn,
  IInspectReply,
  IPreviewReply
} from '../api/types';
import {
  bodyOf,
  datasetOf,
  fieldNamedBy,
  formOf,
  isDataFile,
  isName,
  withLabelColumn,
  withoutField
} from './create-form';
import type { FieldErrors, ICreateForm } from './create-form';

/** The routes that the dialog uses. */
export type ICreateClient = Pick<
  Client,
  'status' | 'inspect' | 'projects' | 'createProject'
>;

/** A file or folder to choose. */
export interface IFolderEntry {
  name: string;
  path: string;
  isFolder: boolean;
}

/** Where the dialog stands: choosing a file, looking at it, filling the form, or stuck with the file. */
export type CreateStep = 'choosing' | 'looking' | 'ready' | 'unreadable';

/** The fields that the machine words of a refusal belong to. */
const FIELD_OF: Record<string, keyof FieldErrors> = {
  name_taken: 'name',
  invalid_name: 'name',
  invalid_estimator: 'estimator',
  unknown_strategy: 'strategy',
  invalid_label: 'classes',
  path_outside_root: 'path'
};

/** Looks at a file, holds what will be made of it, and makes it. */
export class CreateModel extends VDomModel {
  constructor(private _options: CreateModel.IOptions) {
    super();
  }

  get step(): CreateStep {
    return this._step;
  }

  /** The file or folder, relative to the server's root. */
  get path(): string | null {
    return this._path;
  }

  /** What was found in the file. */
  get inspection(): IInspectReply | null {
    return this._inspection;
  }

  /** The first samples, in the display that is chosen. */
  get preview(): readonly IPreviewReply[] {
    return this._preview;
  }

  /** What the person can change; null before the file was read. */
  get form(): ICreateForm | null {
    return this._form;
  }

  get errors(): FieldErrors {
    return this._errors;
  }

  /** Whether the project is being made. */
  get isCreating(): boolean {
    return this._isCreating;
  }

  /** Whether everything is there to make the project. */
  get canCreate(): boolean {
    return (
      this._step === 'ready' &&
      !this._isCreating &&
      this._form !== null &&
      isName(this._form.name)
    );
  }

  /** Names of the query strategies that the server knows. */
  get strategies(): readonly string[] {
    return this._strategies;
  }

  /** The folder that is listed while a file is chosen. */
  get folder(): string {
    return this._folder;
  }

  /** Folders, and files that a project can be made of. */
  get entries(): readonly IFolderEntry[] {
    return this._entries;
  }

  /** Begin with a file, or with the choice of one. */
  async open(path?: string): Promise<void> {
    await (path === undefined ? this.browse('') : this.choose(path));
  }

  /** List a folder to choose from. */
  async browse(folder: string): Promise<void> {
    try {
      const entries = await this._options.listFolder(folder);
      this._folder = folder;
      this._entries = entries.filter(
        each => each.isFolder || isDataFile(each.name)
      );
      this._errors = {};
    } catch (reason) {
      this._errors = { path: messageOf(reason) };
    }
    this._step = 'choosing';
    this._changed();
  }

  /** Look at a file and propose everything. */
  async choose(path: string): Promise<void> {
    await this._look(path, datasetOf(path));
  }

  /** Look at another array of the same file. */
  async chooseArray(array: string): Promise<void> {
    if (this._path !== null) {
      await this._look(this._path, { ...this._dataset, array });
    }
  }

  /** Propose the digits that come with the package. */
  async chooseDemo(): Promise<void> {
    await this._look('digits', { kind: 'demo', path: 'digits' });
  }

  /** Change what will be made. */
  set(change: Partial<ICreateForm>): void {
    if (!this._form) {
      return;
    }
    const { display } = this._form;
    this._form = { ...this._form, ...change };
    if (this._form.display !== display) {
      void this._lookAs(this._form.display);
    }
    const errors = { ...this._errors };
    delete errors.general;
    (Object.keys(change) as (keyof ICreateForm)[]).forEach(
      field => delete errors[field]
    );
    this._errors = errors;
    this._changed();
  }

  /** Take the labels that stand in a column, or none. */
  setLabelColumn(column: string | null): void {
    const proposal = this._inspection?.proposal;
    if (!this._form || !proposal) {
      return;
    }
    const proposed = formOf(proposal);
    const found = column === proposed.labelColumn ? proposed.classes : [];
    this.set(withLabelColumn(this._form, column, found));
  }

  /** Make the project; returns its name, or null when something has to be mended first. */
  async create(): Promise<string | null> {
    if (!this._form || !this._inspection || !this.canCreate) {
      return null;
    }
    this._isCreating = true;
    this._errors = {};
    this._changed();
    try {
      const body = bodyOf(this._form, this._inspection.proposal, this._dataset);
      const project = await this._options.client.createProject(body);
      return project.name;
    } catch (reason) {
      this._errors = { [fieldOf(reason)]: messageOf(reason) };
      return null;
    } finally {
      this._isCreating = false;
      this._changed();
    }
  }

  private async _look(path: string, dataset: IDatasetIn): Promise<void> {
    this._path = path;
    this._dataset = dataset;
    this._step = 'looking';
    this._errors = {};
    this._inspection = null;
    this._form = null;
    this._changed();
    try {
      const { client } = this._options;
      const [inspection, status] = await Promise.all([
        client.inspect({ dataset }),
        client.status()
      ]);
      const form = formOf(inspection.proposal);
      const name = await this._freeName(form.name);
      // The person may have chosen another file meanwhile.
      if (this._path === path) {
        this._strategies = status.strategies;
        this._inspection = inspection;
        this._preview = inspection.preview;
        this._form = { ...form, name };
        this._step = 'ready';
      }
    } catch (reason) {
      if (this._path === path) {
        this._errors = { path: messageOf(reason) };
        this._step = 'unreadable';
      }
    }
    this._changed();
  }

  /** Look at the first rows of a table again, in another display. */
  private async _lookAs(display: IDisplayIn): Promise<void> {
    if (this._inspection?.columns.length === 0) {
      return;
    }
    const isWanted = () => this._form?.display === display;
    try {
      const dataset = this._dataset;
      const { preview } = await this._options.client.inspect({
        dataset,
        display
      });
      if (isWanted()) {
        this._preview = preview;
      }
    } catch (reason) {
      if (isWanted()) {
        this._errors = { ...this._errors, display: messageOf(reason) };
      }
    }
    this._changed();
  }

  /** Returns the name, with a number behind it when there is such a project already. */
  private async _freeName(name: string): Promise<string> {
    const taken = new Set<string>();
    let after: string | undefined;
    do {
      const page = await this._options.client.projects(after);
      page.projects.forEach(each => taken.add(each.name));
      after = page.next ?? undefined;
    } while (after !== undefined);
    let free = name;
    for (let number = 2; taken.has(free); number++) {
      free = `${name}-${number}`;
    }
    return free;
  }

  private _changed(): void {
    if (!this.isDisposed) {
      this.stateChanged.emit(undefined);
    }
  }

  private _dataset: IDatasetIn = { kind: 'table' };
  private _entries: IFolderEntry[] = [];
  private _errors: FieldErrors = {};
  private _folder = '';
  private _form: ICreateForm | null = null;
  private _inspection: IInspectReply | null = null;
  private _isCreating = false;
  private _path: string | null = null;
  private _preview: readonly IPreviewReply[] = [];
  private _step: CreateStep = 'looking';
  private _strategies: readonly string[] = ['default'];
}

/** The namespace for `CreateModel` statics. */
export namespace CreateModel {
  /** The options of the dialog's model. */
  export interface IOptions {
    client: ICreateClient;
    /** Files and folders in a folder of the server's root. */
    listFolder: (folder: string) => Promise<IFolderEntry[]>;
  }
}

function fieldOf(reason: unknown): keyof FieldErrors {
  if (!(reason instanceof ApiError)) {
    return 'general';
  }
  return FIELD_OF[reason.word] ?? fieldNamedBy(reason.message) ?? 'general';
}

function messageOf(reason: unknown): string {
  return reason instanceof Error
    ? withoutField(reason.message)
    : String(reason);
}
