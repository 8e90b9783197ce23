import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from '@jupyterlab/galata';

import {
  digits,
  labelsOf,
  makeProject,
  openLabeling,
  sampleShown
} from '../helpers/projects';
import { startServer, type IServer } from '../helpers/server';

test.describe('nothing is lost', () => {
  test('answers given while offline are sent after a reload, and the view is restored', async ({
    page,
    request
  }) => {
    await makeProject(request, digits('reload'));
    await openLabeling(page, 'reload');
    await page.route(/\/reload\/annotations\b/, route => route.abort());
    page.on('dialog', dialog => void dialog.accept());

    for (const key of ['1', '2', '3']) {
      await page.keyboard.press(key);
      await page.waitForTimeout(120);
    }
    await expect(
      page.getByText(/3 answers are kept here/).first()
    ).toBeVisible();
    expect(await labelsOf(request, 'reload')).toEqual([]);
    // The layout is saved a moment after it has changed.
    await page.waitForTimeout(2000);
    await page.unroute(/\/reload\/annotations\b/);
    await page.evaluate(() => window.location.reload());

    await sampleShown(page);
    await expect
      .poll(() => labelsOf(request, 'reload'))
      .toEqual(['1', '2', '3']);
  });
});

test.describe('a killed server', () => {
  const data = mkdtempSync(join(tmpdir(), 'al-test-'));
  let server: IServer | null = null;

  test.afterEach(async () => {
    await server?.kill();
    server = null;
  });

  test('loses no answer, given before or while it was away', async ({
    browser,
    request
  }) => {
    test.setTimeout(180000);
    server = await startServer({ data });
    const { base } = server;
    await makeProject(request, digits('killed'), base);
    const page = await browser.newPage();
    await page.goto(`${base}lab?al=killed`);
    await sampleShown(page);

    for (const key of ['1', '2', '3']) {
      await page.keyboard.press(key);
      await page.waitForTimeout(120);
    }
    await server.kill();
    for (const key of ['4', '5']) {
      await page.keyboard.press(key);
      await page.waitForTimeout(120);
    }
    await expect(page.getByText(/kept here/).first()).toBeVisible();
    server = await startServer({ data });

    await expect
      .poll(() => labelsOf(request, 'killed', base), { timeout: 60000 })
      .toEqual(['1', '2', '3', '4', '5']);
    await expect(page.getByText('all answers saved')).toBeVisible();
    await page.close();
  });
});
