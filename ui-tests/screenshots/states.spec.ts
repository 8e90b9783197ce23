import { execFileSync } from 'node:child_process';

import { test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { APIRequestContext } from '@playwright/test';

import { finishedProject } from '../helpers/disputes';
import {
  digits,
  makeProject,
  openLabeling,
  sampleShown
} from '../helpers/projects';
import { FOLDER, LARGE, NARROW, take } from '../helpers/screenshots';

const TEXTS = [
  'The zipper broke after two days, but the seller sent a new one at once and apologized. I would still buy from them again.',
  'Arrived late.',
  'Exactly what I was looking for. The fabric is soft, the color is the one in the picture, and it survived three washes so far.',
  'Too small, and the return took four weeks.'
];

async function openPanel(page: IJupyterLabPageFixture): Promise<void> {
  await page.evaluate(() =>
    window.jupyterapp.commands.execute('jupyterlab-al:open-panel')
  );
}

/** Open the labeling view of a project that has no sample to show. */
async function show(page: IJupyterLabPageFixture, name: string): Promise<void> {
  await page.evaluate(
    project =>
      window.jupyterapp.commands.execute('jupyterlab-al:label-project', {
        name: project
      }),
    name
  );
}

async function labelTruly(
  request: APIRequestContext,
  name: string,
  truth: (text: string, i: number, sampleId: number) => string,
  count: number
): Promise<void> {
  for (let i = 0; i < count; i++) {
    const claimed = await request.post(`al/api/projects/${name}/queue/claim`, {
      data: { size: 1 }
    });
    const [lease] = (await claimed.json()).leases;
    await request.post(`al/api/projects/${name}/annotations`, {
      data: {
        annotations: [
          {
            key: crypto.randomUUID(),
            sample_id: lease.sample_id,
            token: lease.token,
            label: truth(
              String(lease.display['text/plain'] ?? ''),
              i,
              lease.sample_id
            )
          }
        ]
      }
    });
  }
}

/** What the digits really are, as scikit-learn knows them. */
function digitLabels(): number[] {
  const code =
    'from sklearn.datasets import load_digits; print(load_digits().target.tolist())';
  return JSON.parse(execFileSync('python', ['-c', code]).toString());
}

test('digits', async ({ page, request }) => {
  await makeProject(request, digits('digits'));
  const labels = digitLabels();
  await labelTruly(
    request,
    'digits',
    (_text, _i, id) => String(labels[id]),
    160
  );
  await openLabeling(page, 'digits');
  await openPanel(page);
  await sampleShown(page);
  for (let i = 0; i < 24; i++) {
    await page.keyboard.press(String(i % 10));
    await page.waitForTimeout(150);
  }
  await page.waitForTimeout(4000);
  await take(page, 'labeling-digits');
  await sampleShown(page);
  await page.keyboard.press('z');
  await page.keyboard.press('w');
  await take(page, 'labeling-undo');
  await sampleShown(page);
  await page.keyboard.press('Shift+Slash');
  await page.locator('.jp-al-Help').waitFor();
  await take(page, 'labeling-keys');
});

test('texts', async ({ page, request, tmpPath }) => {
  const rows = Array.from(
    { length: 200 },
    (_, i) => `"${TEXTS[i % TEXTS.length]} Order ${i}.",${(i % 5) + 1}`
  );
  await page.contents.uploadContent(
    ['review,rating', ...rows].join('\n'),
    'text',
    `${tmpPath}/reviews.csv`
  );
  const dataset = { kind: 'table', path: `${tmpPath}/reviews.csv` };
  await makeProject(request, {
    name: 'reviews',
    title: 'Product reviews',
    dataset,
    display: { kind: 'text', column: 'review' },
    features: { kind: 'text', column: 'review' },
    classes: ['negative', 'positive', 'mixed']
  });
  await labelTruly(
    request,
    'reviews',
    text =>
      /late|small/.test(text)
        ? 'negative'
        : /broke/.test(text)
          ? 'mixed'
          : 'positive',
    60
  );
  await openLabeling(page, 'reviews');
  await openPanel(page);
  await page.waitForTimeout(5000);
  await take(page, 'labeling-text');
  await sampleShown(page);
  await page.keyboard.press('c');
  await take(page, 'labeling-comment');
  await page.locator('.jp-al-Comment textarea').press('Escape');
  await page.route(/\/al\/api\//, route => route.abort());
  await sampleShown(page);
  await page.keyboard.press('1');
  await page.locator('.jp-al-Outbox.jp-al-mod-trouble').waitFor();
  await take(page, 'labeling-offline');
  await page.unroute(/\/al\/api\//);

  await makeProject(request, {
    name: 'rows',
    title: 'Orders',
    dataset,
    display: { kind: 'row' },
    features: { kind: 'text', column: 'review' },
    classes: Array.from({ length: 40 }, (_, i) => `Topic ${i + 1}`),
    multi_label: false
  });
  await openLabeling(page, 'rows');
  await page.keyboard.press('l');
  await take(page, 'labeling-many-classes');
});

test('nothing to show', async ({ page, request }) => {
  await makeProject(request, digits('nothing'));
  await request.patch('al/api/projects/nothing', { data: { state: 'paused' } });
  await show(page, 'nothing');
  await page.getByRole('heading', { name: /paused/ }).waitFor();
  await take(page, 'empty-paused');
  await show(page, 'no-such-project');
  await page.getByRole('heading', { name: /no such project/ }).waitFor();
  await take(page, 'empty-missing');
  await finishedProject(request, 'disputed');
  await show(page, 'disputed');
  await page.getByRole('button', { name: 'Review them' }).waitFor();
  await take(page, 'empty-disputed');
  const replies: [string, Record<string, unknown>][] = [
    ['all_labeled', {}],
    [
      'held_by_others',
      { back_at: new Date(Date.now() + 300000).toISOString() }
    ],
    ['preparing', {}],
    ['budget', {}]
  ];
  for (const [word, more] of replies) {
    const name = `state-${word.replaceAll('_', '-')}`;
    await makeProject(request, digits(name));
    await page.route(new RegExp(`${name}/queue/claim`), route =>
      route.fulfill({ json: { leases: [], empty_because: word, ...more } })
    );
    await show(page, name);
    await page.waitForTimeout(1500);
    await take(page, `empty-${word.replaceAll('_', '-')}`);
  }
});

test('what can not be labeled', async ({ page, request }) => {
  const refusals: [string, number, string][] = [
    ['forbidden', 403, 'not_allowed'],
    ['failed', 409, 'project_failed']
  ];
  for (const [name, status, error] of refusals) {
    await makeProject(request, digits(`state-${name}`));
    await page.route(new RegExp(`state-${name}/queue/claim`), route =>
      route.fulfill({ status, json: { error, message: 'Ask its owner.' } })
    );
    await show(page, `state-${name}`);
    await page.waitForTimeout(1500);
    await take(page, `empty-${name}`);
  }
  await makeProject(request, digits('state-archived'));
  const archived = { data: { state: 'archived' } };
  await request.patch('al/api/projects/state-archived', archived);
  await show(page, 'state-archived');
  await page.getByRole('heading', { name: /archived/ }).waitFor();
  await take(page, 'empty-archived');
  await makeProject(request, digits('state-lost'));
  await page.route(/state-lost\/queue\/claim/, route => route.abort());
  await show(page, 'state-lost');
  await page.getByRole('heading', { name: /Lost the server/ }).waitFor();
  await take(page, 'empty-lost');
});

test('before anything is labeled', async ({ page, request }) => {
  const projects = /al\/api\/projects(\?.*)?$/;
  await page.route(projects, route =>
    route.fulfill({ json: { projects: [], next: null } })
  );
  await openPanel(page);
  await page.getByRole('button', { name: 'Label a file…' }).waitFor();
  await take(page, 'empty-no-project', 'panel');
  await page.unroute(projects);

  await makeProject(request, digits('new'));
  await openLabeling(page, 'new');
  await take(page, 'labeling-first');
});

test('a file becomes a project', async ({ page, tmpPath }) => {
  await openPanel(page);
  await take(page, 'panel', 'panel');
  const rows = TEXTS.map((text, i) => `"${text}",${(i % 5) + 1}`);
  await page.contents.uploadContent(
    ['review,rating', ...rows].join('\n'),
    'text',
    `${tmpPath}/reviews.csv`
  );
  await page.evaluate(path => {
    void window.jupyterapp.commands.execute('jupyterlab-al:new-project', {
      path
    });
  }, `${tmpPath}/reviews.csv`);
  await page.getByRole('button', { name: 'Create and label' }).waitFor();
  await page.waitForTimeout(2000);
  await take(page, 'create');
});

test('below the cell, and as a page', async ({
  page,
  request,
  baseURL,
  tmpPath
}) => {
  await makeProject(request, digits('below'));
  await page.notebook.createNew('below.ipynb');
  await page.notebook.setCell(
    0,
    'code',
    'import jupyterlab_al as al\n\nal.open("below").widget()'
  );
  await page.notebook.selectCells(0);
  await page.keyboard.press('Control+Enter');
  await sampleShown(page);
  await take(page, 'below-the-cell');
  await page.notebook.save();

  for (const theme of ['light', 'dark']) {
    for (const size of [LARGE, NARROW]) {
      const served = await page.context().newPage();
      await served.setViewportSize(size);
      await served.goto(
        `${baseURL}/voila/render/${tmpPath}/below.ipynb?theme=${theme}`
      );
      await sampleShown(served);
      await served.waitForTimeout(500);
      await served.screenshot({
        path: `${FOLDER}/page-${theme}-${size.width}.png`
      });
      await served.close();
    }
  }
});
