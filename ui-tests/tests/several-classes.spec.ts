import { sampleShown } from '../helpers/projects';
import { expect, test } from '../helpers/test';

const INSTRUMENTS = ['drums', 'guitar', 'piano'];

/** The instruments of a song: each set of them comes as often as any other. */
const playedIn = (n: number) => INSTRUMENTS.filter((_, bit) => (n >> bit) & 1);

test('a CSV with tags is labeled by keys alone, round after round', async ({
  page,
  request,
  tmpPath
}) => {
  test.setTimeout(180000);
  const name = `songs-${Date.now()}`;
  const rows = Array.from({ length: 64 }, (_, n) => {
    const played = playedIn(n);
    const text = `Song ${n} is played on ${played.join(' with ') || 'nothing'} all night`;
    return `${text},${n < 16 ? played.join(';') : ''}`;
  });
  await page.contents.uploadContent(
    ['text,tags', ...rows].join('\n'),
    'text',
    `${tmpPath}/${name}.csv`
  );
  await page.evaluate(path => {
    void window.jupyterapp.commands.execute('jupyterlab-al:new-project', {
      path
    });
  }, `${tmpPath}/${name}.csv`);
  const several = page.getByRole('checkbox', { name: /several classes/ });
  await expect(several).toBeChecked();
  await page.getByRole('button', { name: 'Create and label' }).focus();
  await page.keyboard.press('Enter');
  await sampleShown(page);
  const card = page.getByRole('article', { name: /^Sample/ });
  const answered: Record<string, string[]> = {};

  /** Read the sample, put its instruments on, and submit them. */
  const answer = async () => {
    const text = (await card.textContent()) ?? '';
    const played = INSTRUMENTS.filter(each => text.includes(each));
    for (const each of played) {
      await page.keyboard.press(String(INSTRUMENTS.indexOf(each) + 1));
    }
    await page.keyboard.press('Enter');
    await expect(card).not.toHaveText(text);
    answered[/Song (\d+)/.exec(text)![1]] = played;
    return { text, played };
  };
  const last = await answer();
  await page.keyboard.press('z');
  await expect(card).toHaveText(last.text);
  for (const each of INSTRUMENTS) {
    await expect(
      page.getByRole('button', { name: new RegExp(`^${each}`) })
    ).toHaveAttribute('aria-pressed', String(last.played.includes(each)));
  }
  await page.keyboard.press('Enter');
  await expect(card).not.toHaveText(last.text);
  const url = `al/api/projects/${name}`;
  const rounds = async () => {
    const { curve } = await (await request.get(`${url}/metrics`)).json();
    return curve.length;
  };
  // The round of the labels that were there; later labels could otherwise go into the same one.
  await expect.poll(rounds, { timeout: 60000 }).toBe(1);
  for (let n = 0; n < 24; n++) {
    await answer();
  }

  await expect.poll(rounds, { timeout: 60000 }).toBeGreaterThan(1);
  // The last answers may still be on their way: the person never waits for them.
  await expect(async () => {
    const lines = await (
      await request.get(`${url}/export?format=jsonl&what=labels`)
    ).text();
    const exported = Object.fromEntries(
      lines
        .trim()
        .split('\n')
        .map(line => JSON.parse(line))
        .map(({ sample_id, label }) => [String(sample_id), label])
    );
    expect(exported).toMatchObject(answered);
  }).toPass({ timeout: 15000 });
  expect(Object.values(answered)).toContainEqual([]);
});
