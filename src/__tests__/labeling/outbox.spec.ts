import { ApiError } from '../../api/request';
import { Outbox } from '../../models/outbox';
import { storedProjects } from '../../models/outbox-store';
import { DELAY, FakeServer, memoryStorage } from './fake-server';

function anAnswer(key: string, sampleId: number, label: string) {
  return { key, sample_id: sampleId, label };
}

describe('Outbox', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  function anOutbox(server: FakeServer, storage = memoryStorage()) {
    const outbox = new Outbox({
      project: 'pets',
      client: server,
      storage,
      scope: '/'
    });
    return { outbox, storage };
  }

  it('sends again under the same key, so that a lost reply makes no second label', async () => {
    const server = new FakeServer();
    const { outbox, storage } = anOutbox(server);
    server.losesReply = true;

    outbox.add(anAnswer('k', 0, 'cat'));
    await jest.advanceTimersByTimeAsync(5000);

    expect(server.stored).toHaveLength(1);
    expect(outbox.waiting).toBe(0);
    expect(storage.size()).toBe(0);
  });

  it('sends what has gathered in one request', async () => {
    const server = new FakeServer();
    const { outbox } = anOutbox(server);

    for (let i = 0; i < 5; i++) {
      outbox.add(anAnswer(`k${i}`, i, 'cat'));
    }
    await jest.advanceTimersByTimeAsync(DELAY * 3);

    const sent = server.requests.filter(route => route === 'annotate');
    expect(sent).toHaveLength(1);
    expect(server.stored).toHaveLength(5);
  });

  it('keeps a refused answer with the reason and lets the others pass', async () => {
    const server = new FakeServer();
    server.refuses = label => (label === 'cow' ? 'There is no cow.' : null);
    const { outbox, storage } = anOutbox(server);

    outbox.add(anAnswer('a', 0, 'cat'));
    outbox.add(anAnswer('b', 1, 'cow'));
    outbox.add(anAnswer('c', 2, 'dog'));
    await jest.advanceTimersByTimeAsync(5000);

    expect(server.labels).toEqual(['cat', 'dog']);
    expect(outbox.refused).toEqual([
      { key: 'b', sampleId: 1, label: 'cow', message: 'There is no cow.' }
    ]);
    expect(storage.size()).toBe(1);
  });

  it('sends a refused answer again when the person asks for it', async () => {
    const server = new FakeServer();
    server.refuses = () => 'Not now.';
    const { outbox } = anOutbox(server);
    outbox.add(anAnswer('a', 0, 'cat'));
    await jest.advanceTimersByTimeAsync(1000);
    server.refuses = () => null;

    outbox.retry();
    await jest.advanceTimersByTimeAsync(1000);

    expect(server.labels).toEqual(['cat']);
    expect(outbox.refused).toEqual([]);
  });

  it('sends again by itself what came while nobody was logged in', async () => {
    const server = new FakeServer();
    const { outbox } = anOutbox(server);
    jest
      .spyOn(server, 'annotate')
      .mockRejectedValueOnce(new ApiError(403, 'not_logged_in', 'Log in.'));

    outbox.add(anAnswer('a', 0, 'cat'));
    await jest.advanceTimersByTimeAsync(5000);

    expect(server.labels).toEqual(['cat']);
    expect(outbox.refused).toEqual([]);
  });

  it.each([
    [403, 'not_json'],
    [424, 'refused']
  ])(
    'sends again by itself what came while a JupyterHub had stopped the server (%s)',
    async (status, word) => {
      const server = new FakeServer();
      const { outbox } = anOutbox(server);
      jest
        .spyOn(server, 'annotate')
        .mockRejectedValueOnce(new ApiError(status, word, 'Forbidden'));

      outbox.add(anAnswer('a', 0, 'cat'));
      await jest.advanceTimersByTimeAsync(5000);

      expect(server.labels).toEqual(['cat']);
      expect(outbox.refused).toEqual([]);
    }
  );

  it('gives up a refused answer only when the person says so', async () => {
    const server = new FakeServer();
    server.refuses = () => 'Never.';
    const { outbox, storage } = anOutbox(server);
    outbox.add(anAnswer('a', 0, 'cat'));
    await jest.advanceTimersByTimeAsync(1000);

    outbox.discard('a');

    expect(outbox.refused).toEqual([]);
    expect(storage.size()).toBe(0);
  });

  it('says that answers are not kept when the storage is full', () => {
    const storage = memoryStorage();
    storage.setItem = () => {
      throw new Error('QuotaExceededError');
    };
    const { outbox } = anOutbox(new FakeServer(), storage);

    outbox.add(anAnswer('a', 0, 'cat'));

    expect(outbox.isKept).toBe(false);
    expect(outbox.waiting).toBe(1);
  });

  it('lists the projects that an earlier page left answers of', () => {
    const storage = memoryStorage();
    const { outbox } = anOutbox(new FakeServer(), storage);

    outbox.add(anAnswer('a', 0, 'cat'));

    expect(storedProjects(storage, '/')).toEqual(['pets']);
    expect(storedProjects(storage, '/other/')).toEqual([]);
  });
});
