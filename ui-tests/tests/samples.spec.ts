import type { APIRequestContext } from '@playwright/test';

import { lowestContrast } from '../helpers/contrast';
import {
  digits,
  makeProject,
  onAPhone,
  openLabeling
} from '../helpers/projects';
import { expect, test, type IJupyterLabPageFixture } from '../helpers/test';

const CELLS = 14;
const TABLE = `<table>${`<tr>${'<td>a_long_cell</td>'.repeat(CELLS)}</tr>`.repeat(3)}</table>`;

/** Open the labeling view on lines of JSON that hold the same sample. */
async function showSample(
  page: IJupyterLabPageFixture,
  request: APIRequestContext,
  folder: string,
  kind: string,
  sample: unknown
): Promise<void> {
  const line = JSON.stringify({ sample });
  const path = `${folder}/${kind}.jsonl`;
  await page.contents.uploadContent([line, line].join('\n'), 'text', path);
  await makeProject(request, {
    name: `sample-${kind}`,
    dataset: { kind: 'table', path },
    display: { kind, column: 'sample' },
    features: { kind: 'text', column: 'sample' },
    classes: ['good', 'bad']
  });
  await openLabeling(page, `sample-${kind}`);
  await page.sidebar.close('left');
}

test.describe('markup', () => {
  test('with colors of its own can be read in the dark theme', async ({
    page,
    request,
    tmpPath
  }) => {
    await page.theme.setDarkTheme();
    const html = '<h2>Words</h2><p style="color: black">black ones</p>';
    await showSample(page, request, tmpPath, 'mime', html);
    const card = page.getByRole('article', { name: /^Sample/ });
    await expect(card.getByText('black ones')).toBeVisible();

    const worst = await page.evaluate(lowestContrast);

    expect(worst.ratio, worst.text).toBeGreaterThanOrEqual(4.5);
  });

  test('that is wider than a phone can be scrolled to its end', async ({
    page,
    request,
    tmpPath
  }) => {
    await showSample(page, request, tmpPath, 'mime', TABLE);
    await onAPhone(page);
    const card = page.getByRole('article', { name: /^Sample/ });
    const last = card.getByRole('cell').nth(CELLS - 1);

    await last.evaluate(cell => cell.scrollIntoView({ inline: 'end' }));

    await expect(last).toBeInViewport({ ratio: 0.9 });
  });

  test('has lines of a readable length', async ({ page, request, tmpPath }) => {
    const words = 'a few words of a long text '.repeat(100);
    await showSample(page, request, tmpPath, 'markdown', words);

    const text = page.getByRole('article').getByText('a few words').first();
    const [{ width }, letter] = await text.evaluate(element => [
      element.getBoundingClientRect(),
      parseFloat(getComputedStyle(element).fontSize) / 2
    ]);

    expect(width / letter).toBeLessThan(100);
  });
});

test('a series and its axes are seen at once', async ({
  page,
  request,
  tmpPath
}) => {
  await showSample(page, request, tmpPath, 'series', [0, 3, null, 2, 5, 4]);
  for (const size of [
    { width: 1100, height: 560 },
    { width: 360, height: 740 }
  ]) {
    await page.setViewportSize(size);
    const line = page.getByRole('img', { name: /6 values from 0 to 5/ });

    await expect(line).toBeInViewport({ ratio: 1 });
    await expect(line.getByText('position')).toBeInViewport({ ratio: 1 });
  }
});

test('a picture is looked at closely by wheel, drag and double click, and the next is whole', async ({
  page,
  request
}) => {
  await makeProject(request, digits('closely'));
  await openLabeling(page, 'closely');
  const card = page.getByRole('article', { name: /^Sample/ });
  const picture = card.locator('.jp-al-Image');
  // Waits until nothing moves it any more, and puts the mouse in its middle.
  await picture.hover();
  const frame = (await picture.boundingBox())!;
  const place = () =>
    card
      .getByRole('img')
      .evaluate(image => new DOMMatrix(image.style.transform))
      .then(({ a: scale, e: x }) => [scale, x]);
  const middle = [frame.x + frame.width / 2, frame.y + frame.height / 2];

  await page.mouse.wheel(0, -100);
  await expect.poll(place).toEqual([1.25, 0]);
  await page.mouse.down();
  await page.mouse.move(middle[0] + 30, middle[1]);
  await page.mouse.up();
  await expect.poll(place).toEqual([1.25, 30]);
  await page.mouse.dblclick(middle[0], middle[1]);
  await expect.poll(place).toEqual([1, 0]);
  await page.mouse.dblclick(middle[0], middle[1]);
  await expect.poll(place).toEqual([3, 0]);

  await card.focus();
  await page.keyboard.press('4');
  await expect.poll(place).toEqual([1, 0]);
});

test.describe('on a touch screen', () => {
  test.use({ hasTouch: true });

  test('two fingers zoom the picture, not the page', async ({
    page,
    request
  }) => {
    await makeProject(request, digits('fingers'));
    await openLabeling(page, 'fingers');
    const card = page.getByRole('article', { name: /^Sample/ });
    const frame = (await card.locator('.jp-al-Image').boundingBox())!;
    const [x, y] = [frame.x + frame.width / 2, frame.y + frame.height / 2];
    const session = await page
      .context()
      .newCDPSession(page.context().pages()[0]);
    const touch = (type: string, ...spans: number[]) =>
      session.send('Input.dispatchTouchEvent', {
        type: type as 'touchStart',
        touchPoints: spans.map((span, id) => ({ x: x + span, y, id }))
      });
    /** Two taps a tenth of a second apart, however long it takes to send them. */
    const doubleTap = async () => {
      const now = Date.now() / 1000;
      for (const at of [now, now + 0.1]) {
        await session.send('Input.dispatchTouchEvent', {
          type: 'touchStart',
          touchPoints: [{ x, y }],
          timestamp: at
        });
        await session.send('Input.dispatchTouchEvent', {
          type: 'touchEnd',
          touchPoints: [],
          timestamp: at + 0.02
        });
      }
    };
    const scale = () =>
      card
        .getByRole('img')
        .evaluate(image => new DOMMatrix(image.style.transform).a);

    await touch('touchStart', -20, 20);
    await touch('touchMove', -30, 30);
    await touch('touchMove', -40, 40);
    await touch('touchEnd');

    await expect.poll(scale).toBeCloseTo(2);
    expect(await page.evaluate(() => window.visualViewport?.scale)).toBe(1);
    await doubleTap();
    await expect.poll(scale).toBe(1);
  });
});
