import type { IHint } from '../../api/events';
import { ApiError } from '../../api/request';
import { PanelModel } from '../../models/panel-model';
import type { IPanelClient } from '../../models/panel-model';
import { BrowserStorage } from '../../models/panel-memory';
import type { IPanelMemory } from '../../models/panel-memory';
import { aProject, aRound, someMetrics } from './examples';

/** A client whose answers can be replaced one by one. */
function aClient() {
  return {
    status: jest.fn().mockResolvedValue({
      version: '0',
      database: 'sqlite',
      worker: { state: 'idle', pid: 1, busy_with: null },
      user: { id: 'ann', name: 'Ann', role: 'owner' },
      strategies: ['default', 'margin']
    }),
    projects: jest.fn().mockImplementation(async () => ({
      projects: [
        aProject(),
        aProject({ name: 'birds', created_at: '2026-03-02T08:00:00Z' }),
        aProject({
          name: 'old',
          state: 'archived',
          created_at: '2026-03-03T08:00:00Z'
        })
      ],
      next: null
    })),
    project: jest.fn().mockImplementation(async name => aProject({ name })),
    createProject: jest.fn().mockResolvedValue(aProject({ name: 'digits' })),
    patchProject: jest.fn().mockResolvedValue(aProject()),
    deleteProject: jest.fn().mockResolvedValue(undefined),
    startRound: jest.fn().mockResolvedValue(aRound()),
    rounds: jest.fn().mockResolvedValue({ rounds: [aRound()], next: null }),
    cancelRound: jest.fn().mockResolvedValue(aRound()),
    review: jest.fn().mockResolvedValue({ queued: 3 }),
    metrics: jest.fn().mockResolvedValue(someMetrics())
  } satisfies IPanelClient;
}

/** Event streams that a test speaks through. */
class Events {
  subscribe(project: string, listener: (hint: IHint) => void) {
    this.listeners.set(project, listener);
    return {
      isDisposed: false,
      dispose: () => {
        this.listeners.delete(project);
      }
    };
  }

  listeners = new Map<string, (hint: IHint) => void>();
}

class Storage {
  constructor(public memory: IPanelMemory = { chosen: null, folded: [] }) {}
  load = () => this.memory;
  save = (memory: IPanelMemory) => {
    this.memory = memory;
  };
}

function aModel(memory?: IPanelMemory) {
  const client = aClient();
  const events = new Events();
  const storage = new Storage(memory);
  const model = new PanelModel({
    client,
    events,
    storage,
    demoTitle: 'Handwritten digits'
  });
  return { client, events, storage, model };
}

const REFUSED = new ApiError(409, 'too_few_classes', 'Label a second class.');

describe('PanelModel', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('lists the newest project first and archived ones last', async () => {
    const { model } = aModel();

    await model.refresh();

    expect(model.projects.map(each => each.name)).toEqual([
      'birds',
      'reviews',
      'old'
    ]);
    expect(model.isLoaded).toBe(true);
    expect(model.strategies).toEqual(['default', 'margin']);
  });

  it('reads every page of the list', async () => {
    const { client, model } = aModel();
    client.projects
      .mockResolvedValueOnce({ projects: [aProject()], next: 'reviews' })
      .mockResolvedValueOnce({
        projects: [aProject({ name: 'zebras' })],
        next: null
      });

    await model.refresh();

    expect(client.projects.mock.calls).toEqual([[undefined], ['reviews']]);
    expect(model.projects).toHaveLength(2);
  });

  it('opens the project that was open last, else the first', async () => {
    const remembered = aModel({ chosen: 'reviews', folded: [] });
    await remembered.model.refresh();
    expect(remembered.model.chosen?.name).toBe('reviews');

    const gone = aModel({ chosen: 'deleted', folded: [] });
    await gone.model.refresh();
    expect(gone.model.chosen?.name).toBe('birds');
    expect(gone.storage.memory.chosen).toBe('birds');
  });

  it('reads the figures of the chosen project', async () => {
    const { client, model } = aModel({ chosen: 'reviews', folded: [] });

    await model.refresh();

    expect(client.metrics).toHaveBeenCalledWith('reviews');
    expect(model.metrics?.labels).toBe(143);
    expect(model.rounds).toHaveLength(1);
  });

  it('asks for no figures of a project that is being prepared', async () => {
    const { client, model } = aModel();
    client.projects.mockResolvedValue({
      projects: [aProject({ state: 'preparing' })],
      next: null
    });

    await model.refresh();

    expect(client.metrics).not.toHaveBeenCalled();
  });

  it('drops figures that arrive after another project was chosen', async () => {
    const { client, model } = aModel({ chosen: 'reviews', folded: [] });
    client.metrics.mockImplementationOnce(async () => {
      model.choose('birds');
      return someMetrics({ labels: 1 });
    });

    await model.refresh();

    expect(model.metrics?.labels).not.toBe(1);
  });

  it('remembers which sections are folded', () => {
    const { model, storage } = aModel();

    model.toggleSection('rounds');
    expect(storage.memory.folded).toEqual(['rounds']);

    model.toggleSection('rounds');
    expect(model.folded).toEqual([]);
  });

  it('keeps what it shows and tells why when the server is lost', async () => {
    const { client, model } = aModel();
    await model.refresh();
    client.projects.mockRejectedValueOnce(
      new ApiError(0, 'no_server', 'Failed to fetch')
    );

    await model.refresh();
    expect(model.failure?.isLost).toBe(true);
    expect(model.projects).toHaveLength(3);

    await model.refresh();
    expect(model.failure).toBeNull();
  });

  it('keeps the error of an action until it is tried again', async () => {
    const { client, model } = aModel();
    await model.refresh();
    client.startRound.mockRejectedValueOnce(REFUSED);

    await model.train();
    expect(model.errorOf('train')?.message).toBe('Label a second class.');
    expect(model.isBusy('train')).toBe(false);

    await model.train();
    expect(model.errorOf('train')).toBeNull();
  });

  it('runs an action only once at a time', async () => {
    const { client, model } = aModel();
    await model.refresh();

    await Promise.all([model.train(), model.train()]);

    expect(client.startRound).toHaveBeenCalledTimes(1);
  });

  it('changes, cancels and deletes in the chosen project', async () => {
    const { client, model } = aModel({ chosen: 'reviews', folded: [] });
    await model.refresh();

    expect(await model.patch('state', { state: 'paused' })).toBe(true);
    await model.cancelRound('2');
    client.projects.mockResolvedValue({
      projects: [aProject({ name: 'birds' })],
      next: null
    });
    expect(await model.remove('reviews')).toBe(true);

    expect(client.patchProject).toHaveBeenCalledWith('reviews', {
      state: 'paused'
    });
    expect(client.cancelRound).toHaveBeenCalledWith('reviews', '2');
    expect(client.deleteProject).toHaveBeenCalledWith('reviews', 'reviews');
    expect(model.chosen?.name).toBe('birds');
  });

  it('does nothing without a chosen project', async () => {
    const { client, model } = aModel();

    expect(await model.patch('state', { state: 'paused' })).toBe(false);

    expect(client.patchProject).not.toHaveBeenCalled();
  });

  it('says how many samples come back, until there are more or fewer to review', async () => {
    const { client, model } = aModel({ chosen: 'reviews', folded: [] });
    client.metrics.mockResolvedValue(someMetrics({ disputed: 3 }));
    await model.refresh();

    const asked = await model.review();
    const said = model.comingBack;
    client.metrics.mockResolvedValue(someMetrics({ disputed: 2 }));
    await model.refresh();

    expect(client.review).toHaveBeenCalledWith('reviews');
    expect([asked, said, model.comingBack]).toEqual([true, 3, null]);
  });

  it('says when nothing comes back', async () => {
    const { client, model } = aModel();
    client.review.mockResolvedValue({ queued: 0 });
    await model.refresh();

    expect([await model.review(), model.comingBack]).toEqual([false, 0]);
  });

  it('makes the digits project once', async () => {
    const { client, model } = aModel();
    await model.refresh();
    client.projects.mockResolvedValue({
      projects: [aProject({ name: 'digits' })],
      next: null
    });

    expect(await model.createDemo()).toBe('digits');
    expect(await model.createDemo()).toBe('digits');

    expect(client.createProject.mock.calls).toEqual([
      [
        {
          name: 'digits',
          title: 'Handwritten digits',
          dataset: { kind: 'demo', path: 'digits' }
        }
      ]
    ]);
    expect(model.chosen?.name).toBe('digits');
  });

  it('says that the digits project could not be made', async () => {
    const { client, model } = aModel();
    client.createProject.mockRejectedValueOnce(REFUSED);

    expect(await model.createDemo()).toBeNull();

    expect(model.errorOf('demo')).toBe(REFUSED);
  });

  it('gathers the hints of a fast annotator into few readings', async () => {
    jest.useFakeTimers();
    const { client, events, model } = aModel({ chosen: 'birds', folded: [] });
    model.start();
    await jest.advanceTimersByTimeAsync(10);
    client.metrics.mockClear();

    for (let label = 0; label < 10; label++) {
      events.listeners.get('birds')?.({ kind: 'annotation', event: null });
      await jest.advanceTimersByTimeAsync(100);
    }
    await jest.advanceTimersByTimeAsync(300);

    const readings = client.metrics.mock.calls.length;
    expect(readings).toBeGreaterThanOrEqual(3);
    expect(readings).toBeLessThanOrEqual(5);
    model.dispose();
  });

  it('follows only the chosen project, and none once it is stopped', async () => {
    jest.useFakeTimers();
    const { client, events, model } = aModel({ chosen: 'birds', folded: [] });
    model.start();
    await jest.advanceTimersByTimeAsync(10);

    model.choose('reviews');
    expect([...events.listeners.keys()]).toEqual(['reviews']);

    model.stop();
    await jest.advanceTimersByTimeAsync(10);
    client.projects.mockClear();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(events.listeners.size).toBe(0);
    expect(client.projects).not.toHaveBeenCalled();
  });

  it('looks more often while a project is prepared', async () => {
    jest.useFakeTimers();
    const { client, model } = aModel();
    client.projects.mockImplementation(async () => ({
      projects: [aProject({ state: 'preparing' })],
      next: null
    }));
    model.start();
    await jest.advanceTimersByTimeAsync(100);
    client.projects.mockClear();

    await jest.advanceTimersByTimeAsync(5000);

    expect(client.projects.mock.calls.length).toBeGreaterThanOrEqual(3);
    model.dispose();
  });
});

describe('BrowserStorage', () => {
  it('gives back what it saved', () => {
    const memory = { chosen: 'reviews', folded: ['advice'] };

    new BrowserStorage().save(memory);

    expect(new BrowserStorage().load()).toEqual(memory);
  });

  it.each(['{', 'null', '{"chosen": 3}', '{"chosen": null, "folded": [1]}'])(
    'starts fresh from %s',
    text => {
      localStorage.setItem('jupyterlab_al:panel', text);

      expect(new BrowserStorage().load().chosen).toBeNull();
      expect(new BrowserStorage().load().folded).toContain('settings');
    }
  );
});
