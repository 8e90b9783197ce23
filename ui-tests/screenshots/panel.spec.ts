import { execFileSync } from 'node:child_process';

import { test } from '@jupyterlab/galata';
import type { APIRequestContext } from '@playwright/test';

import {
  deleteProject,
  digits,
  makeProject,
  openLabeling
} from '../helpers/projects';
import { FOLDER, LARGE, take } from '../helpers/screenshots';

function truth(): number[] {
  const code =
    'from sklearn.datasets import load_digits; print(load_digits().target.tolist())';
  return JSON.parse(execFileSync('python', ['-c', code]).toString());
}

async function label(
  request: APIRequestContext,
  name: string,
  count: number
): Promise<void> {
  const labels = truth();
  for (let given = 0; given < count; given += 10) {
    const claimed = await request.post(`al/api/projects/${name}/queue/claim`, {
      data: { size: 10 }
    });
    const { leases } = await claimed.json();
    await request.post(`al/api/projects/${name}/annotations`, {
      data: {
        annotations: leases.map((lease: Record<string, number>) => ({
          key: crypto.randomUUID(),
          sample_id: lease.sample_id,
          token: lease.token,
          label:
            name === 'stop'
              ? ['bad', 'good'][lease.sample_id % 2]
              : String(labels[lease.sample_id])
        }))
      }
    });
    await settled(request, name);
  }
}

async function settled(
  request: APIRequestContext,
  name: string
): Promise<void> {
  for (let i = 0; i < 120; i++) {
    const reply = await request.get(`al/api/projects/${name}/metrics`);
    const { last_round: round } = await reply.json();
    if (!round || !['queued', 'running'].includes(round.state)) {
      return;
    }
    await new Promise(done => setTimeout(done, 250));
  }
}

/** The panel in each phase of a project: labels given, and what is not as in the digits. */
const PHASES: [string, number, Record<string, unknown>][] = [
  ['none', 0, {}],
  ['exploring', 20, { strategy: { name: 'typical_first', params: {} } }],
  ['refining', 210, { check_share: 0.2 }],
  [
    'stop',
    160,
    {
      dataset: { kind: 'table', path: 'panel-texts.csv' },
      title: 'Handwritten opinions',
      classes: ['good', 'bad']
    }
  ],
  ['by-chance', 200, { strategy: { name: 'power_margin', params: {} } }]
];

/** Texts that any model soon tells apart, so that the advice is to stop. */
test.beforeAll(async ({ request }) => {
  const rows = Array.from(
    { length: 400 },
    (_, i) => `${i % 2 ? 'good' : 'bad'} thing ${i % 7}`
  );
  await request.put('api/contents/panel-texts.csv', {
    data: {
      type: 'file',
      format: 'text',
      content: ['text', ...rows].join('\n')
    }
  });
});

for (const [phase, count, change] of PHASES) {
  test(phase, async ({ page, request }) => {
    await makeProject(request, { ...digits(phase), ...change });
    await label(request, phase, count);
    await page.evaluate(() =>
      window.jupyterapp.commands.execute('jupyterlab-al:open-panel')
    );
    await page
      .locator('.jp-al-Panel')
      .getByRole('button', { name: /Handwritten/ })
      .last()
      .waitFor();
    await page.evaluate(name => {
      const cards = [...document.querySelectorAll('.jp-al-ProjectCard-button')];
      (cards[0] as HTMLElement).click();
      return name;
    }, phase);
    await page.getByText('Progress').first().waitFor();
    await page.waitForTimeout(1500);
    for (const theme of ['light', 'dark'] as const) {
      await (theme === 'dark'
        ? page.theme.setDarkTheme()
        : page.theme.setLightTheme());
      await page.setViewportSize({ width: 700, height: 2200 });
      await page.waitForTimeout(800);
      await page.screenshot({ path: `${FOLDER}/panel-${phase}-${theme}.png` });
    }
    await page.setViewportSize({ width: 360, height: 2200 });
    await page.waitForTimeout(500);
    await page.screenshot({ path: `${FOLDER}/panel-${phase}-360.png` });
    if (phase === 'stop') {
      await page.setViewportSize(LARGE);
      await openLabeling(page, phase);
      await page.locator('.jp-al-Advice').waitFor();
      await take(page, 'labeling-advice');
    }
    // The panel in later pictures shows their own projects.
    await deleteProject(request, phase);
  });
}
