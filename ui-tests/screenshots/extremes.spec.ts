import { test, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { APIRequestContext } from '@playwright/test';

import {
  deleteProject,
  makeProject,
  openLabeling,
  sampleShown
} from '../helpers/projects';
import { take } from '../helpers/screenshots';

const LONG =
  'Complaints about the delivery which are neither about its time nor about the packaging';

/** What a name of a class can be. */
const CLASSES: Record<string, string[]> = {
  'long-names': [
    `${LONG}, first kind`,
    `${LONG}, second kind`,
    'x'.repeat(200),
    'Donaudampfschifffahrtsgesellschaftskapitän',
    'short'
  ],
  sixty: Array.from({ length: 60 }, (_, i) =>
    i % 7 === 3 ? `${LONG} ${i + 1}` : `Topic ${i + 1}`
  ),
  emoji: ['👍🏽', '👎', '👩‍👩‍👧‍👦 family', '🇪🇺', '❤️‍🔥 on fire'],
  'like-keys': ['s', '2', '1', 'Z', 'Enter', '?', '0'],
  hebrew: ['חיובי', 'שלילי', 'לא ברור, maybe', 'مختلط']
};

const TITLES: Record<string, string> = {
  hebrew: 'ביקורות על מוצרים (reviews)',
  'long-names': `Project of long names: ${LONG}; ${LONG}`
};

const ROWS = [
  {
    text: 'המעיל חם מאוד, and the seller was kind. 3 כוכבים מתוך 5 (טוב).',
    שם: 'מעיל',
    price: -12.5,
    النوع: 'قماش القطن 100%',
    note: 'Mixed: מעיל, معطف, coat.'
  },
  {
    text: `${'هذا المعطف دافئ وقد وصل في الموعد. '.repeat(30)}\n\nAnd a paragraph in English, after the Arabic one.\n\n${'סוף. '.repeat(12)}`,
    שם: 'צעיף',
    price: 3,
    النوع: null,
    note: 'רק עברית כאן: '.repeat(40)
  }
];

async function tableOf(
  page: IJupyterLabPageFixture,
  path: string,
  rows: readonly Record<string, unknown>[]
): Promise<void> {
  const lines = rows.map(row => JSON.stringify(row)).join('\n');
  await page.contents.uploadContent(lines, 'text', path);
}

async function nextSample(page: IJupyterLabPageFixture): Promise<void> {
  await sampleShown(page);
  await page.keyboard.press('s');
  await page.waitForTimeout(500);
}

for (const [kind, classes] of Object.entries(CLASSES)) {
  test(`classes: ${kind}`, async ({ page, request, tmpPath }) => {
    const name = `classes-${kind}`;
    await tableOf(page, `${tmpPath}/rows.jsonl`, ROWS);
    const title =
      TITLES[kind] ?? `Project ${kind} on ${LONG.toLowerCase()}, and more`;
    const description = {
      name,
      title,
      dataset: { kind: 'table', path: `${tmpPath}/rows.jsonl` },
      features: { kind: 'text', column: 'text' },
      classes
    };
    await makeProject(request, {
      ...description,
      display: { kind: 'text', column: 'text' }
    });
    await openLabeling(page, name);
    await take(page, name);
    await nextSample(page);
    await take(page, `${name}-second`);
    if (kind === 'sixty') {
      await sampleShown(page);
      await page.keyboard.press('l');
      await page.locator('.jp-al-Filter').waitFor();
      await take(page, `${name}-find`);
    }
    if (kind === 'like-keys') {
      await sampleShown(page);
      await page.keyboard.press('Shift+Slash');
      await page.locator('.jp-al-Help').waitFor();
      await take(page, `${name}-help`);
    }
    if (kind === 'hebrew') {
      await makeProject(request, {
        ...description,
        name: 'rows-hebrew',
        display: { kind: 'row' }
      });
      await page.activity.closeAll();
      await openLabeling(page, 'rows-hebrew');
      await take(page, 'rows-hebrew');
      await nextSample(page);
      await take(page, 'rows-hebrew-second');
      await deleteProject(request, 'rows-hebrew');
    }
    await panelOf(page, title);
    await take(page, `${name}-panel`, 'panel');
    await deleteProject(request, name);
  });
}

/** Open the side panel with a project chosen. */
async function panelOf(
  page: IJupyterLabPageFixture,
  title: string
): Promise<void> {
  await page.evaluate(() =>
    window.jupyterapp.commands.execute('jupyterlab-al:open-panel')
  );
  await page
    .locator('.jp-al-ProjectCard-button')
    .filter({ hasText: title })
    .click();
  await page.locator('.jp-al-Detail-title').waitFor();
  await page.waitForTimeout(1000);
}

test('a model that warns', async ({ page, request, tmpPath }) => {
  await tableOf(
    page,
    `${tmpPath}/rows.jsonl`,
    Array.from({ length: 60 }, (_, i) => ({
      text: `${i % 2 ? 'good' : 'bad'} thing number ${i}, ${i * 7919}`
    }))
  );
  await makeProject(request, {
    name: 'warns',
    title: 'A model that warns',
    dataset: { kind: 'table', path: `${tmpPath}/rows.jsonl` },
    display: { kind: 'text', column: 'text' },
    classes: ['good', 'bad'],
    estimator: {
      import: 'sklearn.linear_model.LogisticRegression',
      params: { max_iter: 1 }
    }
  });
  await labelAll(request, 'warns', 30);
  await request.post('al/api/projects/warns/rounds');
  await openLabeling(page, 'warns');
  await panelOf(page, 'A model that warns');
  await take(page, 'panel-warnings-folded', 'panel');
  await page.getByRole('button', { name: /^Rounds/ }).click();
  const notice = page.locator('.jp-al-Notice.jp-al-mod-warning');
  await notice.first().waitFor({ timeout: 60000 });
  await notice.first().locator('summary').click();
  await notice.first().scrollIntoViewIfNeeded();
  await take(page, 'panel-warnings', 'panel');
  await deleteProject(request, 'warns');
});

interface ILease {
  sample_id: number;
  token: string;
  display: Record<string, unknown>;
}

async function labelAll(
  request: APIRequestContext,
  name: string,
  size: number
): Promise<void> {
  const claimed = await request.post(`al/api/projects/${name}/queue/claim`, {
    data: { size }
  });
  const { leases } = await claimed.json();
  await request.post(`al/api/projects/${name}/annotations`, {
    data: {
      annotations: leases.map((lease: ILease) => ({
        key: crypto.randomUUID(),
        sample_id: lease.sample_id,
        token: lease.token,
        label: String(lease.display['text/plain']).startsWith('good')
          ? 'good'
          : 'bad'
      }))
    }
  });
}
