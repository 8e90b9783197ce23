import { ProjectFigures } from '../../models/project-figures';

type Client = ConstructorParameters<typeof ProjectFigures>[1];

describe('ProjectFigures', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  function someFigures() {
    const reads: number[] = [];
    const began = Date.now();
    const client = {
      metrics: () => {
        reads.push(Date.now() - began);
        return Promise.resolve({ n_labeled: reads.length, last_round: null });
      }
    } as unknown as Client;
    return { figures: new ProjectFigures('reviews', client), reads };
  }

  it('shows what another person or a notebook did well within a second', async () => {
    const { figures, reads } = someFigures();
    await figures.refreshMetrics();
    await jest.advanceTimersByTimeAsync(60_000);

    figures.askForMetrics();
    await jest.advanceTimersByTimeAsync(500);

    expect(reads).toHaveLength(2);
    expect(figures.stored).toBe(2);
  });

  it('does not read for each of many labels, and still shows the last within a second', async () => {
    const { figures, reads } = someFigures();
    await figures.refreshMetrics();

    for (let i = 0; i < 50; i++) {
      figures.askForMetrics();
      await jest.advanceTimersByTimeAsync(100);
    }
    await jest.advanceTimersByTimeAsync(60_000);

    expect(reads.length).toBeLessThanOrEqual(8);
    expect(reads[reads.length - 1]).toBeGreaterThanOrEqual(4900);
    expect(reads[reads.length - 1]).toBeLessThanOrEqual(4900 + 1000);
  });

  it('reads no more once it is disposed', async () => {
    const { figures, reads } = someFigures();
    figures.askForMetrics();

    figures.dispose();
    await jest.advanceTimersByTimeAsync(60_000);

    expect(reads).toEqual([]);
  });
});
