import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { test } from '@jupyterlab/galata';

import {
  deleteProject,
  makeProject,
  openLabeling,
  sampleShown
} from '../helpers/projects';
import { take } from '../helpers/screenshots';

/** File or folder, kind of dataset, and how it is shown. */
const DATASETS: [string, string, Record<string, unknown>][] = [
  ['texts.jsonl', 'table', { kind: 'text', column: 'text' }],
  ['markdown.jsonl', 'table', { kind: 'markdown', column: 'text' }],
  ['markup.jsonl', 'table', { kind: 'mime', column: 'cell' }],
  ['rows.jsonl', 'table', { kind: 'row' }],
  ['wide-rows.jsonl', 'table', { kind: 'row' }],
  ['nested-rows.jsonl', 'table', { kind: 'row', columns: ['title', 'size'] }],
  ['series.jsonl', 'table', { kind: 'series', column: 'signal' }],
  ['array-series.npy', 'array', { kind: 'series' }],
  ['array-rows.npy', 'array', { kind: 'row' }],
  ['float-images.npy', 'array', { kind: 'image' }],
  ['sixteen-bit-images.npy', 'array', { kind: 'image' }],
  ['channels-first.npy', 'array', { kind: 'image' }],
  ['rgba-images.npy', 'array', { kind: 'image' }],
  ['pictures', 'images', { kind: 'image' }],
  ['sounds', 'audio', { kind: 'audio' }]
];

/** Samples of every kind; pictures show how they are labeled, and how the dialog for a project shows them. */
const samples = mkdtempSync(join(tmpdir(), 'al-samples-'));

test.beforeAll(() => {
  const script = resolve(__dirname, '../helpers/samples.py');
  execFileSync('python', [script, samples]);
});

for (const [path, kind, display] of DATASETS) {
  const name = path.replace(/\..*/, '');
  test(`samples of ${name}`, async ({ page, request, tmpPath }) => {
    await page.contents.uploadDirectory(samples, tmpPath);
    await makeProject(request, {
      name: `sample-${name}`,
      dataset: { kind, path: `${tmpPath}/${path}` },
      display,
      classes: ['keep', 'drop', 'unsure']
    });
    await openLabeling(page, `sample-${name}`);
    await page.sidebar.close('left');
    const card = page.getByRole('article', { name: /^Sample/ });
    const empty = page.locator('.jp-al-Nothing');
    while (!(await empty.isVisible())) {
      await sampleShown(page);
      const key = (await card.getAttribute('aria-label'))!.replace(
        'Sample ',
        ''
      );
      await take(page, `sample-${name}-${key.replace(/\W/g, '-')}`);
      await sampleShown(page);
      await page.keyboard.press('s');
      await page.waitForTimeout(500);
    }
    await page.evaluate(dataset => {
      void window.jupyterapp.commands.execute('jupyterlab-al:new-project', {
        path: dataset
      });
    }, `${tmpPath}/${path}`);
    await page.getByRole('button', { name: 'Create and label' }).waitFor();
    await page.waitForTimeout(1500);
    await take(page, `sample-${name}-preview`);
    // The panel in later pictures shows their own projects.
    await deleteProject(request, `sample-${name}`);
  });
}
