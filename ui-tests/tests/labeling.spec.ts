import {
  digits,
  labelsOf,
  makeProject,
  openLabeling,
  slowDown
} from '../helpers/projects';
import { expect, test } from '../helpers/test';

/** How many samples are laid out, the one on screen included. */
const LAID_OUT = 3;

test.describe('labeling', () => {
  test('one key labels a digit, Z takes it back with the answer marked', async ({
    page,
    request
  }) => {
    await makeProject(request, digits('keys'));
    await openLabeling(page, 'keys');
    const card = page.getByRole('article', { name: /^Sample/ });
    const first = await card.getAttribute('aria-label');

    await page.keyboard.press('3');
    await expect(card).not.toHaveAttribute('aria-label', first ?? '');
    await expect.poll(() => labelsOf(request, 'keys')).toEqual(['3']);
    await page.keyboard.press('z');

    await expect(card).toHaveAttribute('aria-label', first ?? '');
    await expect(
      page.getByRole('button', { name: /^3.*your answer/ })
    ).toBeVisible();
    await expect.poll(() => labelsOf(request, 'keys')).toEqual([]);
  });

  test('an answer of an earlier sitting is found with H and changed', async ({
    page,
    request
  }) => {
    await makeProject(request, digits('answers'));
    for (const [sample, label] of ['4', '8'].entries()) {
      const data = { key: crypto.randomUUID(), sample_id: sample, label };
      await request.post('al/api/projects/answers/annotations', {
        data: { annotations: [data] }
      });
    }
    await openLabeling(page, 'answers');

    await page.keyboard.press('h');
    await expect(page.getByRole('option')).toHaveCount(2);
    await page.keyboard.type('4');
    await expect(page.getByRole('option')).toHaveCount(1);
    await page.keyboard.press('Enter');
    await expect(
      page.getByRole('article', { name: 'Sample 0', exact: true })
    ).toBeVisible();
    await expect(
      page.getByRole('button', { name: /^4.*your answer/ })
    ).toBeVisible();
    await page.keyboard.press('9');

    await expect.poll(() => labelsOf(request, 'answers')).toEqual(['8', '9']);
  });

  test('digits that are typed into a comment stay text', async ({
    page,
    request
  }) => {
    await makeProject(request, digits('comment'));
    await openLabeling(page, 'comment');

    await page.keyboard.press('c');
    await expect(
      page.getByRole('textbox', { name: 'Comment on this sample' })
    ).toBeFocused();
    await page.keyboard.type('a 7 or a 1? s');
    await page.keyboard.press('Enter');
    await page.keyboard.press('7');

    await expect.poll(() => labelsOf(request, 'comment')).toEqual(['7']);
    const reply = await request.get('al/api/projects/comment/annotations');
    const { annotations } = await reply.json();
    expect(annotations[0].comment).toBe('a 7 or a 1? s');
  });

  test('ten keys within 1.2 seconds give ten labels', async ({
    page,
    request
  }) => {
    await makeProject(request, digits('ten'));
    await slowDown(page, 150);
    await openLabeling(page, 'ten');
    const keys = '0123456789'.split('');

    for (const key of keys) {
      await page.keyboard.press(key);
      await page.waitForTimeout(100);
    }

    await expect.poll(() => labelsOf(request, 'ten')).toEqual(keys);
    await expect(page.getByText('all answers saved')).toBeVisible();
  });

  test('the next sample waits for no reply', async ({ page, request }) => {
    await makeProject(request, digits('unanswered'));
    await openLabeling(page, 'unanswered');
    const card = page.getByRole('article', { name: /^Sample/ });
    await expect(page.locator('.jp-al-Card')).toHaveCount(LAID_OUT);
    // From here on the server is silent.
    await page.route(
      /\/unanswered\/(annotations|queue)\b/,
      () => new Promise<void>(() => undefined)
    );

    for (const key of '123'.slice(0, LAID_OUT - 1)) {
      const before = await card.getAttribute('aria-label');
      await page.keyboard.press(key);
      await expect(card).not.toHaveAttribute('aria-label', before!);
    }

    expect(await labelsOf(request, 'unanswered')).toEqual([]);
  });

  test('prints the time from key to paint', async ({ page, request }) => {
    await makeProject(request, digits('speed'));
    await slowDown(page, 150);
    await openLabeling(page, 'speed');
    await expect(page.locator('.jp-al-Card')).toHaveCount(LAID_OUT);
    await page.evaluate(watchPaints);

    for (let i = 0; i < 60; i++) {
      await page.keyboard.press(String(i % 10));
      // Somebody who labels fast.
      await page.waitForTimeout(250);
    }

    const paints = () => page.evaluate(() => window.alPaints ?? []);
    await expect.poll(async () => (await paints()).length).toBe(60);
    const times = await paints();
    const sorted = [...times].sort((a, b) => a - b);
    const at = (share: number) =>
      sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)];
    console.log(
      `key to next sample painted, 150 ms of network delay, ${sorted.length} keys: ` +
        `p50 ${at(0.5).toFixed(1)} ms, p95 ${at(0.95).toFixed(1)} ms, max ${at(1).toFixed(1)} ms`
    );
  });

  test('HTML in a text sample is inert', async ({ page, request, tmpPath }) => {
    const html =
      '<img src=x onerror=""window.alHacked=1""><script>window.alHacked=1</script><b>bold</b>';
    const rows = Array.from({ length: 12 }, (_, i) => `"${html} ${i}"`);
    await page.contents.uploadContent(
      ['text', ...rows].join('\n'),
      'text',
      `${tmpPath}/hostile.csv`
    );
    await makeProject(request, {
      name: 'hostile',
      dataset: { kind: 'table', path: `${tmpPath}/hostile.csv` },
      display: { kind: 'text', column: 'text' },
      features: { kind: 'text', column: 'text' },
      classes: ['spam', 'ham']
    });
    await openLabeling(page, 'hostile');
    const card = page.getByRole('article', { name: /^Sample/ });

    await expect(card).toContainText('<b>bold</b>');
    const first = await card.textContent();
    await page.keyboard.press('1');
    await expect(card).not.toHaveText(first!);
    await expect(card).toContainText('<script>window.alHacked=1</script>');

    await expect(card.locator('img, script, b')).toHaveCount(0);
    expect(await page.evaluate(() => window.alHacked)).toBeUndefined();
  });
});

declare global {
  interface Window {
    alPaints?: number[];
    alHacked?: number;
  }
}

/**
 * In the page: for each key, note the milliseconds until the frame with another sample was painted.
 */
function watchPaints(): void {
  const shown = () =>
    document
      .querySelector('.jp-al-Card:not(.jp-al-mod-waiting)')
      ?.getAttribute('aria-label');
  const times: number[] = [];
  window.alPaints = times;
  window.addEventListener(
    'keydown',
    event => {
      const before = shown();
      const look = () => {
        if (shown() === before) {
          requestAnimationFrame(look);
          return;
        }
        // A message posted in a frame's callback arrives when that frame was painted.
        const channel = new MessageChannel();
        channel.port1.onmessage = () =>
          times.push(performance.now() - event.timeStamp);
        channel.port2.postMessage(null);
      };
      requestAnimationFrame(look);
    },
    true
  );
}
