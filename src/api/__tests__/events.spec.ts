import type { ServerConnection } from '@jupyterlab/services';

import { ProjectEvents, parseEvents } from '../events';
import { send } from '../request';

jest.mock('../request');

/** Let streams stay open and silent; returns the projects that are streamed, now and later. */
function silentStreams(): string[] {
  const open: string[] = [];
  jest.mocked(send).mockImplementation((_settings, path, init) => {
    const name = path.split('/')[1];
    open.push(name);
    return new Promise((_resolve, reject) => {
      init?.signal?.addEventListener('abort', () => {
        open.splice(open.indexOf(name), 1);
        reject(new Error('aborted'));
      });
    });
  });
  return open;
}

describe('ProjectEvents', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('streams the two projects looked at last and polls the others: a browser has six connections', async () => {
    const open = silentStreams();
    const events = new ProjectEvents({
      serverSettings: {} as ServerConnection.ISettings
    });
    const heard = jest.fn();
    const [, second] = ['one', 'two', 'three', 'four'].map(name =>
      events.subscribe(name, hint => heard(name, hint.kind))
    );
    await jest.advanceTimersByTimeAsync(5500);

    expect([...open].sort()).toEqual(['four', 'three']);
    expect(heard.mock.calls).toEqual([
      ['one', 'again'],
      ['two', 'again']
    ]);

    second.dispose();
    events.subscribe('one', () => undefined);
    await jest.advanceTimersByTimeAsync(0);

    expect([...open].sort()).toEqual(['four', 'one']);
    events.dispose();
    expect(open).toEqual([]);
  });
});

describe('parseEvents()', () => {
  it('returns complete events and keeps the rest for later', () => {
    const text = ': heartbeat\n\nevent: round\ndata: {"seq": 1}\n\nevent: ann';

    const { events, rest } = parseEvents(text);

    expect(events).toEqual([{ event: 'round', data: '{"seq": 1}' }]);
    expect(rest).toBe('event: ann');
  });
});
