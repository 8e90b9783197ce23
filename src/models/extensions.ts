import { DisposableDelegate, type IDisposable } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

import type {
  ILabelEditor,
  IProjectInfo,
  ISample,
  ISampleRenderer
} from '../extension-points';

const DEFAULT_RANK = 100;

/**
 * The sample renderers and label editors that other extensions have added.
 */
export class Extensions {
  /**
   * Emitted when one comes or goes.
   */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /**
   * Let a renderer draw what it can, until the returned object is disposed.
   */
  addRenderer(renderer: ISampleRenderer): IDisposable {
    return this._add(this._renderers, renderer);
  }

  /**
   * Let an editor take labels where it can, until the returned object is disposed.
   */
  addEditor(editor: ILabelEditor): IDisposable {
    return this._add(this._editors, editor);
  }

  /**
   * What draws a sample; null: the view itself.
   */
  rendererFor(sample: ISample): ISampleRenderer | null {
    return first(this._renderers, each => each.canRender(sample));
  }

  /**
   * What takes the labels of a project; null: the buttons of the classes.
   */
  editorFor(project: IProjectInfo): ILabelEditor | null {
    return first(this._editors, each => each.canEdit(project));
  }

  private _add<T extends IRanked>(all: T[], added: T): IDisposable {
    all.push(added);
    // Stable: of equals, the one that came first.
    all.sort((a, b) => rankOf(a) - rankOf(b));
    this._changed.emit();
    return new DisposableDelegate(() => {
      all.splice(all.indexOf(added), 1);
      this._changed.emit();
    });
  }

  private _changed = new Signal<this, void>(this);
  private _editors: ILabelEditor[] = [];
  private _renderers: ISampleRenderer[] = [];
}

interface IRanked {
  readonly id: string;
  readonly rank?: number;
}

function rankOf(each: IRanked): number {
  return each.rank ?? DEFAULT_RANK;
}

/** One that fails to answer stands back; the others are asked all the same. */
function first<T extends IRanked>(
  all: readonly T[],
  can: (each: T) => boolean
): T | null {
  const found = all.find(each => {
    try {
      return can(each);
    } catch (reason) {
      console.error(`${each.id} could not say what it can do:`, reason);
      return false;
    }
  });
  return found ?? null;
}
