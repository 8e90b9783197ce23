import { nullTranslator } from '@jupyterlab/translation';
import { act } from '@testing-library/react';
import { DisposableDelegate } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import type { Client } from '../../api/client';
import type {
  ILabelEditor,
  ILabelEditorContext,
  ILabelEditorState,
  ISampleRenderer
} from '../../extension-points';
import { Extensions } from '../../models/extensions';
import { LabelingWidget } from '../../widgets/labeling-widget';
import { aModel, DELAY, FakeServer } from './fake-server';

const SOON = DELAY * 2 + 50;

let server: FakeServer;
let extensions: Extensions;
let widget: LabelingWidget;

beforeEach(() => {
  jest.useFakeTimers();
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  server = new FakeServer();
  extensions = new Extensions();
});

afterEach(() => {
  widget.dispose();
  jest.restoreAllMocks();
  jest.useRealTimers();
});

/** Show the view, with the first sample painted. */
async function show(): Promise<HTMLElement> {
  const { model } = aModel(server);
  widget = new LabelingWidget({
    model,
    client: server as unknown as Client,
    extensions,
    keys: { actions: {}, classes: {}, changed: new Signal<object, void>({}) },
    trans: nullTranslator.load('jupyterlab_al')
  } as LabelingWidget.IOptions);
  Widget.attach(widget, document.body);
  await wait();
  return widget.node;
}

async function wait(): Promise<void> {
  await act(() => jest.advanceTimersByTimeAsync(SOON));
}

function card(): HTMLElement {
  return widget.node.querySelector('.jp-al-Card:not(.jp-al-mod-waiting)')!;
}

/** Draws the number of a sample in capitals, and counts what it draws and clears. */
function aRenderer(change: Partial<ISampleRenderer> = {}) {
  const counts = { drawn: 0, cleared: 0 };
  const renderer: ISampleRenderer = {
    id: 'test:capitals',
    canRender: () => true,
    render: ({ display }, host) => {
      counts.drawn += 1;
      host.textContent = String(display['text/plain']).toUpperCase();
      return new DisposableDelegate(() => (counts.cleared += 1));
    },
    ...change
  };
  return { renderer, counts };
}

/** Keeps what it is given; Enter gives the first class. */
function anEditor(change: Partial<ILabelEditor> = {}) {
  const states: ILabelEditorState[] = [];
  const given: { context?: ILabelEditorContext } = {};
  const editor: ILabelEditor = {
    id: 'test:editor',
    canEdit: () => true,
    create: (context, host) => {
      given.context = context;
      host.textContent = 'an editor';
      return {
        isDisposed: false,
        dispose: () => undefined,
        update: state => states.push(state),
        handleKey: event => {
          const isMine = event.key === 'Enter';
          if (isMine) {
            context.submit([context.project.classes[0]]);
          }
          return isMine;
        }
      };
    },
    ...change
  };
  return { editor, states, given };
}

describe('ISampleRenderer', () => {
  it('draws samples ahead, each once, and clears those that were answered', async () => {
    const { renderer, counts } = aRenderer();
    extensions.addRenderer(renderer);
    await show();
    const first = card().textContent;

    act(() => widget.model.choose('cat'));
    await wait();

    expect(first).toBe('SAMPLE 0');
    expect(card().textContent).toBe('SAMPLE 1');
    expect(counts).toEqual({ drawn: 4, cleared: 1 });
  });

  it('leaves samples that it cannot draw to the view', async () => {
    const { renderer } = aRenderer({ canRender: ({ id }) => id > 0 });
    extensions.addRenderer(renderer);

    await show();

    expect(card().textContent).toBe('sample 0');
  });

  it('is asked before those of a higher rank', async () => {
    const { renderer } = aRenderer({ rank: 10 });
    extensions.addRenderer(
      aRenderer({ render: () => new DisposableDelegate(() => undefined) })
        .renderer
    );
    extensions.addRenderer(renderer);

    await show();

    expect(card().textContent).toBe('SAMPLE 0');
  });

  it('draws what is on screen when it comes, and stops when it goes', async () => {
    await show();

    const added = extensions.addRenderer(aRenderer().renderer);
    await wait();
    const drawn = card().textContent;
    added.dispose();
    await wait();

    expect([drawn, card().textContent]).toEqual(['SAMPLE 0', 'sample 0']);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no such atom');
      }
    ],
    ['rejects', () => Promise.reject(new Error('no such atom'))]
  ])(
    'says what went wrong when it %s, and labeling goes on',
    async (_, render) => {
      extensions.addRenderer(aRenderer({ render }).renderer);
      await show();
      const said = card().textContent;

      act(() => widget.model.choose('cat'));
      await wait();

      expect(said).toContain('test:capitals could not draw this sample');
      expect(said).toContain('no such atom.');
      expect(said).toContain('sample 0');
      expect(server.labels).toEqual(['cat']);
    }
  );
});

describe('ILabelEditor', () => {
  it('stands in the place of the buttons and submits', async () => {
    const { editor, states, given } = anEditor();
    extensions.addEditor(editor);
    const node = await show();

    act(() => given.context!.submit(['dog']));
    await wait();

    expect(node.textContent).toContain('an editor');
    expect(node.querySelector('.jp-al-Class')).toBeNull();
    expect(server.labels).toEqual(['dog']);
    expect(states.map(({ sample }) => sample?.id)).toEqual([0, 1]);
  });

  it('hears the answer that was undone', async () => {
    const { editor, states, given } = anEditor();
    extensions.addEditor(editor);
    await show();
    act(() => given.context!.submit(['dog']));
    await wait();

    act(() => widget.model.undo());

    expect(states[states.length - 1].earlier).toEqual(['dog']);
  });

  it('gets keys first', async () => {
    extensions.addEditor(anEditor().editor);
    await show();
    const press = (key: string) => {
      const event = new KeyboardEvent('keydown', {
        key,
        bubbles: true,
        cancelable: true
      });
      card().dispatchEvent(event);
      return event.defaultPrevented;
    };

    const taken = [press('Enter'), press('x')];
    await wait();

    expect(taken).toEqual([true, false]);
    expect(server.labels).toEqual(['cat']);
  });

  it('leaves Enter to the button that has the focus', async () => {
    extensions.addEditor(anEditor().editor);
    const node = await show();
    const skip = [...node.querySelectorAll('button')].find(button =>
      button.textContent?.includes('skip')
    )!;

    const press = new KeyboardEvent('keydown', {
      key: 'Enter',
      bubbles: true,
      cancelable: true
    });
    act(() => void skip.dispatchEvent(press));
    await wait();

    expect(press.defaultPrevented).toBe(false);
    expect(server.labels).toEqual([]);
  });

  it('can give sets of classes in a multi-label project, also none', async () => {
    server.multiLabel = true;
    const { editor, given } = anEditor();
    extensions.addEditor(editor);
    await show();

    act(() => given.context!.submit(['dog', 'cat']));
    await wait();
    act(() => given.context!.submit([]));
    await wait();

    expect(server.labels).toEqual([['cat', 'dog'], []]);
  });

  it('is refused what is no label of the project', async () => {
    const { editor, given } = anEditor();
    extensions.addEditor(editor);
    await show();

    const attempts = [['fish'], [], ['cat', 'dog']].map(
      classes => () => given.context!.submit(classes)
    );

    attempts.forEach(attempt => expect(attempt).toThrow());
  });

  it('gives way to the buttons when it fails', async () => {
    const create = () => {
      throw new Error('out of stars');
    };
    extensions.addEditor(anEditor({ create }).editor);

    const node = await show();

    expect(node.textContent).toContain('test:editor failed (out of stars)');
    expect(node.querySelectorAll('.jp-al-Class')).toHaveLength(2);
  });

  it('may keep the buttons beside it', async () => {
    extensions.addEditor(anEditor({ keepsButtons: true }).editor);

    const node = await show();

    expect(node.textContent).toContain('an editor');
    expect(node.querySelectorAll('.jp-al-Class')).toHaveLength(2);
  });
});
