import { ApiError } from '../../api/request';
import type { IHeldSample } from '../../models/held-samples';
import { aModel, DELAY, FakeServer, memoryStorage, paint } from './fake-server';

const SOON = DELAY * 2 + 50;

const shown = (sample: IHeldSample | null) => sample?.lease.sample_id ?? null;

describe('LabelingModel', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  async function started(
    server: FakeServer,
    options: Parameters<typeof aModel>[1] = {}
  ) {
    const made = aModel(server, options);
    paint(made.model);
    await jest.advanceTimersByTimeAsync(SOON);
    return made;
  }

  describe('holding samples', () => {
    it('holds the current sample and as many ahead as asked for', async () => {
      const { model } = await started(new FakeServer(), { ahead: 3 });

      expect(model.held.map(shown)).toEqual([0, 1, 2, 3]);
    });

    it('shows the next sample in the same moment as the answer', async () => {
      const { model } = await started(new FakeServer());

      model.chooseSlot('1');

      expect(shown(model.current)).toBe(1);
    });

    it('never shows a sample again that was just answered', async () => {
      const server = new FakeServer(8);
      const { model } = await started(server);
      const seen: (number | null)[] = [];
      model.changed.connect(() => {
        if (seen[seen.length - 1] !== shown(model.current)) {
          seen.push(shown(model.current));
        }
      });

      for (let i = 0; i < 8; i++) {
        model.chooseSlot('1');
        await jest.advanceTimersByTimeAsync(40);
      }
      await jest.advanceTimersByTimeAsync(2000);

      expect(seen.filter(id => id !== null)).toEqual([1, 2, 3, 4, 5, 6, 7]);
      expect(server.labels).toHaveLength(8);
      expect(model.emptiness).toBe('all_labeled');
    });

    it('prolongs leases before they run out', async () => {
      const server = new FakeServer();
      await started(server);

      await jest.advanceTimersByTimeAsync(121000);

      expect(server.requests).toContain('extend');
    });

    it('drops a sample ahead that went to somebody else, but never the one on screen', async () => {
      const server = new FakeServer();
      const { model } = await started(server, { ahead: 2 });
      server.takeAway(0);
      server.takeAway(1);

      await jest.advanceTimersByTimeAsync(121000);

      expect(shown(model.current)).toBe(0);
      expect(model.held.map(shown)).not.toContain(1);
    });

    it('lets leases run out after half an hour without a key', async () => {
      const server = new FakeServer();
      await started(server);
      await jest.advanceTimersByTimeAsync(31 * 60000);
      server.requests.length = 0;

      await jest.advanceTimersByTimeAsync(10 * 60000);

      expect(server.requests).not.toContain('extend');
    });

    it('gives back what it holds when it is disposed', async () => {
      const server = new FakeServer();
      const { model } = await started(server, { ahead: 2 });

      model.dispose();
      await jest.advanceTimersByTimeAsync(SOON);

      expect(server.released).toEqual([0, 1, 2]);
    });
  });

  describe('keys', () => {
    it('makes ten labels of ten keys within 1.2 seconds', async () => {
      const server = new FakeServer();
      const { model } = await started(server);

      for (let i = 0; i < 10; i++) {
        model.chooseSlot(i % 2 === 0 ? '1' : '2');
        await jest.advanceTimersByTimeAsync(120);
      }
      await jest.advanceTimersByTimeAsync(2000);

      const expected = Array.from({ length: 10 }, (_, i) =>
        i % 2 === 0 ? 'cat' : 'dog'
      );
      expect(server.labels).toEqual(expected);
    });

    it('keeps a key for the sample that is on its way, until that is on screen', async () => {
      const server = new FakeServer();
      const { model } = aModel(server);
      await jest.advanceTimersByTimeAsync(SOON);

      model.chooseSlot('2');
      const before = server.requests.filter(route => route === 'annotate');
      model.markShown(0);
      await jest.advanceTimersByTimeAsync(SOON);

      expect(before).toEqual([]);
      expect(server.labels).toEqual(['dog']);
    });

    it('ignores a key that stands for no class', async () => {
      const server = new FakeServer();
      const { model } = await started(server);

      model.chooseSlot('7');

      expect(shown(model.current)).toBe(0);
    });

    it('keeps a key until the classes are known, however early the sample is there', async () => {
      const server = new FakeServer();
      server.slow = { project: 2000 };
      const { model } = await started(server);

      model.chooseSlot('2');
      const before = [shown(model.current), model.waitingKeys];
      await jest.advanceTimersByTimeAsync(3000);

      expect(before).toEqual([0, 1]);
      expect(server.labels).toEqual(['dog']);
    });

    it('asks for the classes again when they could not be read', async () => {
      const server = new FakeServer();
      const read = jest.spyOn(server, 'project');
      read.mockRejectedValueOnce(new ApiError(0, 'no_server', 'Gone.'));
      const { model } = await started(server);

      model.chooseSlot('1');
      await jest.advanceTimersByTimeAsync(5000);

      expect(read).toHaveBeenCalledTimes(2);
      expect(server.labels).toEqual(['cat']);
    });

    it('toggles classes in a multi-label project until they are submitted', async () => {
      const server = new FakeServer();
      server.multiLabel = true;
      const { model } = await started(server);

      model.chooseSlot('1');
      model.chooseSlot('2');
      model.chooseSlot('1');
      const selection = model.current?.selection;
      model.submit();
      await jest.advanceTimersByTimeAsync(SOON);

      expect(selection).toEqual(['dog']);
      expect(server.labels).toEqual([['dog']]);
    });
  });

  describe('#reopen()', () => {
    it('shows a sample of an earlier sitting again, and its next answer is the one', async () => {
      const server = new FakeServer();
      const { model: before } = await started(server);
      before.comment('by the ears');
      before.chooseSlot('1');
      await jest.advanceTimersByTimeAsync(40);
      before.chooseSlot('1');
      await jest.advanceTimersByTimeAsync(2000);
      before.dispose();
      const { model } = await started(server);

      await Promise.all([
        model.readAnswers(),
        jest.advanceTimersByTimeAsync(SOON)
      ]);
      const answers = model.answers!;
      model.reopen(answers[1]);
      const reopened = model.current!;
      await jest.advanceTimersByTimeAsync(2000);
      const renewed = model.current!;
      model.chooseSlot('2');
      await jest.advanceTimersByTimeAsync(2000);

      expect(answers.map(({ sample_id }) => sample_id)).toEqual([1, 0]);
      expect(shown(reopened)).toBe(0);
      expect(reopened.earlier).toEqual(['cat']);
      expect(reopened.comment).toBe('by the ears');
      expect(renewed.lease.token).not.toBe('');
      expect(server.labels).toEqual(['cat', 'dog']);
    });

    it('takes an answer of this sitting back once, whatever is undone later', async () => {
      const server = new FakeServer();
      const { model } = await started(server);
      for (const slot of ['1', '2', '1']) {
        model.chooseSlot(slot);
        await jest.advanceTimersByTimeAsync(40);
      }
      await jest.advanceTimersByTimeAsync(2000);
      await Promise.all([
        model.readAnswers(),
        jest.advanceTimersByTimeAsync(SOON)
      ]);

      model.reopen(model.answers![1]);
      await jest.advanceTimersByTimeAsync(2000);

      expect(shown(model.current)).toBe(1);
      expect(model.undoable).toBe(2);
      expect(server.labels).toEqual(['cat', 'cat']);
    });
  });

  describe('#undo()', () => {
    it('shows the earlier set of a multi-label project as toggled on', async () => {
      const server = new FakeServer();
      server.multiLabel = true;
      const { model } = await started(server);
      model.chooseSlot('2');
      model.submit();
      await jest.advanceTimersByTimeAsync(SOON);

      model.undo();

      expect(model.current?.selection).toEqual(['dog']);
      expect(model.current?.earlier).toEqual(['dog']);
    });

    it('tells an earlier answer of no class from none', async () => {
      const server = new FakeServer();
      server.multiLabel = true;
      const { model } = await started(server);
      model.submit();
      await jest.advanceTimersByTimeAsync(SOON);
      model.skip();
      await jest.advanceTimersByTimeAsync(SOON);

      const earlier = [1, 2].map(() => {
        model.undo();
        return model.current?.earlier;
      });

      expect(server.labels).toEqual([[]]);
      expect(earlier).toEqual([null, []]);
    });

    it('goes back any number of steps and marks the earlier answers', async () => {
      const server = new FakeServer();
      const { model } = await started(server);
      for (const slot of ['1', '2', '1']) {
        model.chooseSlot(slot);
        await jest.advanceTimersByTimeAsync(SOON);
      }

      const marked = [2, 1, 0].map(() => {
        model.undo();
        return [shown(model.current), model.current?.earlier];
      });
      await jest.advanceTimersByTimeAsync(2000);

      expect(marked).toEqual([
        [2, ['cat']],
        [1, ['dog']],
        [0, ['cat']]
      ]);
      expect(server.labels).toEqual([]);
    });

    it('withdraws an answer that was never sent', async () => {
      const server = new FakeServer();
      const { model } = await started(server);
      server.isDown = true;
      model.chooseSlot('1');
      await jest.advanceTimersByTimeAsync(SOON);
      model.chooseSlot('2');

      model.undo();
      server.isDown = false;
      await jest.advanceTimersByTimeAsync(20000);

      expect(server.stored.map(({ label }) => label)).toEqual(['cat']);
    });

    it('undoes an answer whose acknowledgment was lost', async () => {
      const server = new FakeServer();
      const { model } = await started(server);
      server.losesReply = true;
      model.chooseSlot('1');
      await jest.advanceTimersByTimeAsync(DELAY + 10);

      model.undo();
      await jest.advanceTimersByTimeAsync(5000);

      expect(server.stored).toHaveLength(1);
      expect(server.labels).toEqual([]);
    });

    it('lets the new answer follow the undo, whatever the delay', async () => {
      const server = new FakeServer();
      const { model } = await started(server);

      model.chooseSlot('1');
      model.undo();
      await jest.advanceTimersByTimeAsync(20);
      model.chooseSlot('2');
      await jest.advanceTimersByTimeAsync(3000);

      expect(server.labels).toEqual(['dog']);
      expect(shown(model.current)).toBe(1);
    });

    it('passes over keys that stand for nothing, even before the next sample is on screen', async () => {
      const server = new FakeServer();
      const { model } = await started(server);

      model.chooseSlot('1');
      model.chooseSlot('7');
      model.submit();
      model.undo();
      await jest.advanceTimersByTimeAsync(2000);

      expect(shown(model.current)).toBe(0);
      expect(server.labels).toEqual([]);
    });

    it('lets keys go on where the sample has come back by itself', async () => {
      const server = new FakeServer(1);
      const { model } = await started(server);
      model.chooseSlot('1');
      await jest.advanceTimersByTimeAsync(SOON);
      server.disputed = [0];
      void model.review();
      await jest.advanceTimersByTimeAsync(2000);
      const before = shown(model.current);

      model.undo();
      model.chooseSlot('2');
      await jest.advanceTimersByTimeAsync(2000);

      expect(before).toBe(0);
      expect(server.labels).toEqual(['dog']);
    });

    it('brings back a sample that was skipped', async () => {
      const { model } = await started(new FakeServer());
      model.skip();
      await jest.advanceTimersByTimeAsync(SOON);

      model.undo();

      expect(shown(model.current)).toBe(0);
    });

    it('restores flag and comment', async () => {
      const { model } = await started(new FakeServer());
      model.toggleFlag();
      model.comment('blurred');
      model.chooseSlot('1');

      model.undo();

      expect(model.current?.flagged).toBe(true);
      expect(model.current?.comment).toBe('blurred');
    });
  });

  describe('answers', () => {
    it('carry flag, comment and the seconds since the sample was shown', async () => {
      const server = new FakeServer();
      const { model } = await started(server);
      await jest.advanceTimersByTimeAsync(2000);

      model.toggleFlag();
      model.comment(' blurred ');
      model.chooseSlot('1');
      await jest.advanceTimersByTimeAsync(SOON);

      const [answer] = server.stored;
      expect(answer.flagged).toBe(true);
      expect(answer.comment).toBe('blurred');
      expect(answer.seconds).toBeGreaterThanOrEqual(2);
    });

    it('count at once, before the server has seen them', async () => {
      const { model } = await started(new FakeServer());

      model.chooseSlot('1');
      model.chooseSlot('1');
      const first = model.labeled;
      await jest.advanceTimersByTimeAsync(5000);

      expect(first).toBe(1);
      expect(model.labeled).toBe(2);
    });

    it('survive the end of the page and are sent by the next one', async () => {
      const server = new FakeServer();
      const storage = memoryStorage();
      const { model, outbox } = await started(server, { storage });
      server.isDown = true;
      model.chooseSlot('2');
      await jest.advanceTimersByTimeAsync(SOON);
      model.dispose();
      outbox.dispose();
      server.isDown = false;

      await started(server, { storage });
      await jest.advanceTimersByTimeAsync(SOON);

      expect(server.labels).toEqual(['dog']);
      expect(storage.size()).toBe(0);
    });
  });

  describe('nothing to show', () => {
    it('says why, and shows the next sample when there is one', async () => {
      const server = new FakeServer(0);
      server.emptyBecause = 'held_by_others';
      const { model, events } = await started(server);
      const before = model.emptiness;

      server.total = 1;
      events.hint('annotation');
      await jest.advanceTimersByTimeAsync(SOON);

      expect(before).toBe('held_by_others');
      expect(shown(model.current)).toBe(0);
    });

    it('says that the server is gone and comes back by itself', async () => {
      const server = new FakeServer();
      server.isDown = true;
      const { model } = await started(server);
      const before = model.emptiness;

      server.isDown = false;
      await jest.advanceTimersByTimeAsync(16000);

      expect(before).toBe('lost');
      expect(shown(model.current)).toBe(0);
      expect(model.lost).toBe(false);
    });

    it.each([
      ['not_logged_in', 'loading', 'Log in.'],
      ['not_allowed', 'forbidden', null],
      ['not_json', 'lost', null]
    ])(
      'tells who is logged out, or whose server a JupyterHub stopped, from who may not label: %s',
      async (word, emptiness, notice) => {
        const server = new FakeServer();
        jest
          .spyOn(server, 'claim')
          .mockRejectedValue(new ApiError(403, word, 'Log in.'));

        const { model } = await started(server);

        expect([model.emptiness, model.notice]).toEqual([emptiness, notice]);
      }
    );
  });

  describe('#review()', () => {
    async function finished(server: FakeServer) {
      const made = await started(server);
      while (made.model.current) {
        made.model.chooseSlot('1');
        await jest.advanceTimersByTimeAsync(SOON);
      }
      await jest.advanceTimersByTimeAsync(2000);
      return made;
    }

    it('shows a sample again that was answered in this view, and takes the newer answer', async () => {
      const server = new FakeServer(3);
      const { model } = await finished(server);
      const before = model.emptiness;
      server.disputed = [1];

      void model.review();
      await jest.advanceTimersByTimeAsync(SOON);
      const asked = [shown(model.current), model.comingBack];
      model.chooseSlot('2');
      await jest.advanceTimersByTimeAsync(2000);

      expect(before).toBe('all_labeled');
      expect(asked).toEqual([1, 1]);
      expect(server.stored.map(({ sample_id }) => sample_id)).toEqual([
        0, 1, 2, 1
      ]);
      expect(server.labels[3]).toBe('dog');
      expect([model.emptiness, model.comingBack]).toEqual([
        'all_labeled',
        null
      ]);
    });

    it('says that nothing comes back when there is nothing to review', async () => {
      const { model } = await finished(new FakeServer(1));

      void model.review();
      await jest.advanceTimersByTimeAsync(SOON);

      expect([model.emptiness, model.comingBack]).toEqual(['all_labeled', 0]);
    });

    it('says what went wrong, and shows no sample', async () => {
      const server = new FakeServer(1);
      const { model } = await finished(server);
      server.isDown = true;

      void model.review();
      await jest.advanceTimersByTimeAsync(SOON);

      expect(model.notice).toBe('No server answers.');
      expect(model.comingBack).toBeNull();
    });
  });

  describe('#addClass()', () => {
    it('adds the class for everybody and labels the sample with it', async () => {
      const server = new FakeServer();
      const { model } = await started(server);

      const added = model.addClass('bird');
      await jest.advanceTimersByTimeAsync(1000);
      await added;
      await jest.advanceTimersByTimeAsync(SOON);

      expect(server.classes).toEqual(['cat', 'dog', 'bird']);
      expect(server.labels).toEqual(['bird']);
    });
  });
});
