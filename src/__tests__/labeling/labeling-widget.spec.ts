import { nullTranslator } from '@jupyterlab/translation';
import { act, fireEvent } from '@testing-library/react';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

import type { Client } from '../../api/client';
import { LabelingWidget } from '../../widgets/labeling-widget';
import { aModel, DELAY, FakeServer } from './fake-server';

let widget: LabelingWidget;

beforeEach(async () => {
  jest.useFakeTimers();
  const server = new FakeServer();
  widget = new LabelingWidget({
    model: aModel(server).model,
    client: server as unknown as Client,
    keys: { actions: {}, classes: {}, changed: new Signal<object, void>({}) },
    trans: nullTranslator.load('jupyterlab_al')
  } as LabelingWidget.IOptions);
  Widget.attach(widget, document.body);
  await act(() => jest.advanceTimersByTimeAsync(DELAY * 2 + 50));
});

afterEach(() => {
  widget.dispose();
  jest.useRealTimers();
});

const card = () => widget.node.querySelector('.jp-al-Card')!;
const help = () => widget.node.querySelector('.jp-al-Help');

async function press(target: Element, init: KeyboardEventInit): Promise<void> {
  fireEvent.keyDown(target, init);
  await act(() => jest.advanceTimersByTimeAsync(50));
}

describe('LabelingWidget', () => {
  it('shows the keys at a question mark, wherever the keyboard has it', async () => {
    // German: JupyterLab's shortcuts take this key for another one.
    await press(card(), { key: '?', code: 'Minus', shiftKey: true });

    expect(help()).not.toBeNull();
  });

  it('lets a question mark be typed', async () => {
    const field = document.createElement('textarea');
    field.matches = selector => selector === ':read-write';
    widget.node.append(field);

    await press(field, { key: '?', code: 'Slash', shiftKey: true });

    expect(help()).toBeNull();
  });

  it('leaves a key alone that JupyterLab has used already', async () => {
    document.addEventListener('keydown', event => event.preventDefault(), {
      capture: true,
      once: true
    });

    await press(card(), { key: '?', code: 'Slash', shiftKey: true });

    expect(help()).toBeNull();
  });
});
