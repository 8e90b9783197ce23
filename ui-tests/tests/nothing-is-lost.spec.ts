import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  digits,
  labelsOf,
  makeProject,
  openLabeling,
  press,
  sampleShown
} from '../helpers/projects';
import { startServer, type IServer } from '../helpers/server';
import { expect, test } from '../helpers/test';

test.describe('nothing is lost', () => {
  test('answers given while offline are sent after a reload, and the view is restored', async ({
    page,
    request
  }) => {
    await makeProject(request, digits('reload'));
    // The layout is saved a moment after it has changed.
    const saved = page.waitForRequest(
      asked =>
        asked.method() === 'PUT' &&
        asked.url().includes('/api/workspaces/') &&
        isInLayout(asked.postDataJSON(), 'reload')
    );
    await openLabeling(page, 'reload');
    await saved;
    await page.route(/\/reload\/annotations\b/, route => route.abort());
    page.on('dialog', dialog => void dialog.accept());

    await press(page, ['1', '2', '3']);
    await expect(
      page.getByText(/3 answers are kept here/).first()
    ).toBeVisible();
    expect(await labelsOf(request, 'reload')).toEqual([]);
    // The next page sends them, not this one.
    const loaded = page.waitForEvent('load');
    await page.evaluate(() => setTimeout(() => window.location.reload()));
    await loaded;
    await page.unroute(/\/reload\/annotations\b/);

    await sampleShown(page);
    await expect
      .poll(() => labelsOf(request, 'reload'))
      .toEqual(['1', '2', '3']);
  });
});

/** Whether a saved workspace has the labeling view of a project in its main area. */
function isInLayout(workspace: unknown, project: string): boolean {
  return JSON.stringify(workspace).includes(`:${project}"`);
}

test.describe('a killed server', () => {
  const data = mkdtempSync(join(tmpdir(), 'al-test-'));
  let server: IServer | null = null;

  test.afterEach(async () => {
    await server?.kill();
    server = null;
  });

  test('loses no answer, given before or while it was away', async ({
    context,
    request
  }) => {
    test.setTimeout(180000);
    server = await startServer({ data });
    const { base } = server;
    await makeProject(request, digits('killed'), base);
    const page = await context.newPage();
    await page.goto(`${base}lab?al=killed`);
    await sampleShown(page);

    await press(page, ['1', '2']);
    await expect
      .poll(() => labelsOf(request, 'killed', base))
      .toEqual(['1', '2']);
    await press(page, ['3']);
    await server.kill();
    await press(page, ['4', '5']);
    await expect(page.getByText(/kept here/).first()).toBeVisible();
    server = await startServer({ data });

    await expect
      .poll(() => labelsOf(request, 'killed', base), { timeout: 60000 })
      .toEqual(['1', '2', '3', '4', '5']);
    await expect(page.getByText('all answers saved')).toBeVisible();
    await page.close();
  });
});
