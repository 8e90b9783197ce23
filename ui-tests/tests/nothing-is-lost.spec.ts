import { mkdtempSync } from 'node:fs';
import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { expect, test } from '@jupyterlab/galata';

import {
  digits,
  labelsOf,
  makeProject,
  openLabeling,
  sampleShown
} from '../helpers/projects';

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
  const port = Number(process.env.AL_TEST_PORT ?? '8899') + 1;
  const base = `http://localhost:${port}/`;
  const data = mkdtempSync(join(tmpdir(), 'al-test-'));
  let server: ChildProcess | null = null;

  async function start(): Promise<void> {
    server = spawn(
      'jupyter',
      ['lab', '--config', 'jupyter_server_test_config.py'],
      {
        cwd: resolve(__dirname, '..'),
        env: {
          ...process.env,
          AL_TEST_PORT: String(port),
          AL_TEST_DATA: data
        },
        stdio: 'ignore'
      }
    );
    await expect
      .poll(
        async () => {
          try {
            return (await fetch(`${base}al/api/status`)).status;
          } catch {
            return 0;
          }
        },
        { timeout: 60000 }
      )
      .toBe(200);
  }

  async function kill(): Promise<void> {
    const gone = new Promise(done => server?.once('exit', done));
    server?.kill('SIGKILL');
    await gone;
    server = null;
  }

  test.afterEach(async () => {
    if (server) {
      await kill();
    }
  });

  test('loses no answer, given before or while it was away', async ({
    browser,
    request
  }) => {
    test.setTimeout(180000);
    await start();
    await makeProject(request, digits('killed'), base);
    const page = await browser.newPage();
    await page.goto(`${base}lab?al=killed`);
    await sampleShown(page);

    for (const key of ['1', '2', '3']) {
      await page.keyboard.press(key);
      await page.waitForTimeout(120);
    }
    await kill();
    for (const key of ['4', '5']) {
      await page.keyboard.press(key);
      await page.waitForTimeout(120);
    }
    await expect(page.getByText(/kept here/).first()).toBeVisible();
    await start();

    await expect
      .poll(() => labelsOf(request, 'killed', base), { timeout: 60000 })
      .toEqual(['1', '2', '3', '4', '5']);
    await expect(page.getByText('all answers saved')).toBeVisible();
    await page.close();
  });
});
