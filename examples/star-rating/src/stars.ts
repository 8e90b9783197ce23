import type {
  ILabelEditor,
  ILabelEditorContext,
  ILabelEditorState,
  ILabelEditorView,
  IProjectInfo
} from 'jupyterlab_al';

const MOST = 10;

/**
 * Takes labels as stars in projects whose classes are the numbers from 1 on.
 */
export const stars: ILabelEditor = {
  id: 'jupyterlab_al_star_rating:stars',
  canEdit: project => !project.multiLabel && isScale(project),
  create: (context, host) => new Stars(context, host)
};

function isScale({ classes }: IProjectInfo): boolean {
  const numbers = classes.map(Number).sort((a, b) => a - b);
  return (
    classes.length > 1 &&
    classes.length <= MOST &&
    numbers.every((value, index) => value === index + 1)
  );
}

/**
 * A row of stars. The arrow keys choose how many and Enter gives them; the number keys give theirs
 * at once, as in any project.
 */
class Stars implements ILabelEditorView {
  constructor(
    private _context: ILabelEditorContext,
    private _host: HTMLElement
  ) {
    this._buttons = _context.project.classes.map((_name, index) =>
      this._makeButton(index + 1)
    );
    const row = document.createElement('div');
    row.className = 'jp-Stars';
    row.setAttribute('role', 'radiogroup');
    row.setAttribute('aria-label', 'Stars');
    row.append(...this._buttons);
    _host.append(row);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this._host.replaceChildren();
  }

  update({ sample, earlier }: ILabelEditorState): void {
    if (sample?.id !== this._sample) {
      this._sample = sample?.id;
      this._show(Number(earlier?.[0] ?? 0));
    }
  }

  handleKey(event: KeyboardEvent): boolean {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step !== undefined) {
      const most = this._buttons.length;
      this._show(Math.min(Math.max(this._value + step, 1), most));
      return true;
    }
    if (event.key === 'Enter' && this._value > 0) {
      this._give(this._value);
      return true;
    }
    return false;
  }

  private _makeButton(value: number): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'jp-Star';
    button.textContent = '★';
    button.setAttribute('role', 'radio');
    button.setAttribute(
      'aria-label',
      value === 1 ? '1 star' : `${value} stars`
    );
    button.addEventListener('click', () => this._give(value));
    return button;
  }

  private _give(value: number): void {
    this._context.submit([String(value)]);
  }

  private _show(value: number): void {
    this._value = value;
    this._buttons.forEach((button, index) => {
      button.classList.toggle('jp-mod-on', index < value);
      button.setAttribute('aria-checked', String(index + 1 === value));
    });
  }

  private _buttons: HTMLButtonElement[];
  private _isDisposed = false;
  private _sample: number | undefined;
  private _value = 0;
}
