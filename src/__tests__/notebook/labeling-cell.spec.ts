import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';

import schema from '../../../schema/plugin.json';
import type { Client } from '../../api/client';
import { AUDIO } from '../../components/labeling/display';
import { CELL_CLASS } from '../../widgets/cell-keys';
import { LabelingCell } from '../../widgets/labeling-cell';
import { DELAY, FakeEvents, FakeServer } from '../labeling/fake-server';

const SHORTCUTS = schema['jupyter.lab.shortcuts'];

let server: FakeServer;
let cells: LabelingCell[];
let told: number[];

beforeEach(() => {
  jest.useFakeTimers();
  server = new FakeServer();
  cells = [];
  told = [];
});

afterEach(() => {
  cells.forEach(cell => cell.dispose());
  document.body.replaceChildren();
  localStorage.clear();
  jest.useRealTimers();
});

/** Show a view in a notebook, whose element is returned. */
async function show({
  isInPage = true,
  takesFocus = true
} = {}): Promise<HTMLElement> {
  const notebook = document.createElement('div');
  notebook.tabIndex = 0;
  notebook.className = 'jp-Notebook';
  const host = document.createElement('div');
  host.className = CELL_CLASS;
  notebook.append(host);
  if (isInPage) {
    document.body.append(notebook);
  }
  if (takesFocus) {
    notebook.focus();
  }
  cells.push(
    new LabelingCell({
      host,
      project: 'pets',
      client: server as unknown as Client,
      events: new FakeEvents(),
      storage: localStorage,
      scope: '/',
      shortcuts: SHORTCUTS,
      rendermime: null,
      translator: nullTranslator,
      onLabels: n => told.push(n)
    })
  );
  await jest.advanceTimersByTimeAsync(5 * DELAY);
  return notebook;
}

function card(notebook: HTMLElement): HTMLElement {
  return notebook.querySelector<HTMLElement>(
    '.jp-al-Card:not(.jp-al-mod-waiting)'
  )!;
}

async function press(
  key: string,
  init: KeyboardEventInit & { keyCode?: number } = {}
): Promise<void> {
  document.activeElement!.dispatchEvent(
    new KeyboardEvent('keydown', {
      key,
      keyCode: key.toUpperCase().charCodeAt(0),
      bubbles: true,
      cancelable: true,
      ...init
    })
  );
  await jest.advanceTimersByTimeAsync(DELAY);
}

/** JupyterLab's part: its keys for a notebook, as it listens to them. */
function notebookKeys(...keys: string[][]): jest.Mock {
  const commands = new CommandRegistry();
  const execute = jest.fn();
  const describedBy = { args: { type: 'object', properties: {} } };
  commands.addCommand('notebook', { describedBy, execute });
  keys.forEach(sequence =>
    commands.addKeyBinding({
      command: 'notebook',
      keys: sequence,
      selector: '.jp-Notebook'
    })
  );
  const onKeyDown = (event: KeyboardEvent) =>
    commands.processKeydownEvent(event);
  document.addEventListener('keydown', onKeyDown, true);
  return execute;
}

describe('LabelingCell', () => {
  it('plays a sound with the space bar on the sample, and nowhere else', async () => {
    const media = window.HTMLMediaElement.prototype;
    const play = jest.spyOn(media, 'play').mockResolvedValue();
    jest.spyOn(media, 'pause').mockImplementation();
    server.displayOf = () => ({
      [AUDIO]: { mime: 'audio/wav', seconds: 1, peaks: [0.5] }
    });
    const notebook = await show();

    card(notebook).focus();
    await press(' ', { keyCode: 32 });
    expect(play).toHaveBeenCalledTimes(1);

    const handled = async (key: string, keyCode: number) => {
      const event = new KeyboardEvent('keydown', {
        key,
        keyCode,
        bubbles: true,
        cancelable: true
      });
      document.activeElement!.dispatchEvent(event);
      await jest.advanceTimersByTimeAsync(1);
      return event.defaultPrevented;
    };
    notebook.querySelector<HTMLElement>('.jp-al-Act')!.focus();
    expect(await handled(' ', 32)).toBe(false);
    const player = card(notebook).querySelector('audio')!;
    player.tabIndex = 0;
    player.focus();
    expect(await handled(' ', 32)).toBe(false);
    expect(await handled('Enter', 13)).toBe(false);
    expect(await handled('1', 49)).toBe(true);
    expect(play).toHaveBeenCalledTimes(1);
    jest.restoreAllMocks();
  });

  it('labels with the keys that JupyterLab’s view has', async () => {
    const notebook = await show();
    card(notebook).focus();

    await press('2');
    await press('1');
    await press('z');
    await press('2');
    await jest.advanceTimersByTimeAsync(3 * DELAY);

    expect(server.labels).toEqual(['dog', 'dog']);
  });

  it('hears no key while the focus is elsewhere', async () => {
    const notebook = await show();
    notebook.focus();

    await press('2');

    expect(server.labels).toEqual([]);
  });

  it('keeps the notebook’s own plain keys away, and leaves it the others', async () => {
    const execute = notebookKeys(['X'], ['2'], ['Accel S'], ['Shift Enter']);
    const notebook = await show();
    card(notebook).focus();

    await press('x');
    await press('2');
    const plain = execute.mock.calls.length;
    await press('s', { ctrlKey: true });
    await press('Enter', { shiftKey: true, keyCode: 13 });

    expect(plain).toBe(0);
    expect(execute).toHaveBeenCalledTimes(2);
  });

  it('leaves the focus in the cell that was run', async () => {
    const notebook = await show();

    expect(card(notebook).textContent).toBe('sample 0');
    expect(document.activeElement).toBe(notebook);
  });

  it('takes the focus in a page where nothing has it', async () => {
    const page = await show({ takesFocus: false });

    expect(document.activeElement).toBe(card(page));
  });

  it('can be made before its element is in the page', async () => {
    const notebook = await show({ isInPage: false });

    document.body.append(notebook);
    card(notebook).focus();
    await press('2');
    await jest.advanceTimersByTimeAsync(3 * DELAY);

    expect(server.labels).toEqual(['dog']);
  });

  it('tells how many labels the server holds, not what they are', async () => {
    const notebook = await show();
    card(notebook).focus();

    await press('2');
    await press('1');
    await jest.advanceTimersByTimeAsync(20 * DELAY);

    expect(told).toEqual([0, 1, 2]);
  });

  it('gives its samples back when the output goes, and still sends the answers', async () => {
    const notebook = await show();
    card(notebook).focus();
    server.isDown = true;
    await press('2');

    cells.pop()!.dispose();
    server.isDown = false;
    await jest.advanceTimersByTimeAsync(100 * DELAY);

    expect(server.labels).toEqual(['dog']);
    expect(localStorage.length).toBe(0);
    expect(notebook.querySelector('.jp-al-View')).toBeNull();
  });
});
