import { finishedProject } from '../helpers/disputes';
import { onAPhone } from '../helpers/projects';
import { expect, test } from '../helpers/test';

const API = 'al/api/projects';

test('what people disagree about comes back at a press of a button, and a key settles it', async ({
  page,
  request
}) => {
  await finishedProject(request, 'coats');
  await page.evaluate(() =>
    window.jupyterapp.commands.execute('jupyterlab-al:label-project', {
      name: 'coats'
    })
  );
  const view = page.locator('.jp-al-View');
  await expect(
    view.getByRole('heading', { name: 'All 4 samples are labeled' })
  ).toBeVisible();
  await expect(view.getByText('People disagree about 1 sample.')).toBeVisible();

  await view.getByRole('button', { name: 'Review them' }).click();
  const card = view.getByRole('article', { name: /^Sample/ });
  await expect(card).toHaveText('The coat is torn');
  await expect(card).toBeFocused();
  await expect(view.getByText(/^1 sample comes back/)).toBeVisible();
  await page.keyboard.press('2');

  await expect(view.getByText(/^Nothing to review/)).toBeVisible();
  const metrics = await request.get(`${API}/coats/metrics`);
  expect((await metrics.json()).disputed).toBe(0);
  const labels = await request.get(`${API}/coats/export?format=jsonl`);
  const rows = (await labels.text())
    .trim()
    .split('\n')
    .map(row => JSON.parse(row));
  expect(rows.map(({ label }) => label)).toEqual([
    'good',
    'bad',
    'good',
    'bad'
  ]);
});

test('what is said and offered at the end is in reach at 360 px, however many classes there are', async ({
  page,
  request
}) => {
  const classes = ['good', 'bad', ...'abcdefgh'.split('')];
  await finishedProject(request, 'small-coats', classes);
  await page.evaluate(() =>
    window.jupyterapp.commands.execute('jupyterlab-al:label-project', {
      name: 'small-coats'
    })
  );
  await onAPhone(page);
  const view = page.locator('.jp-al-View');

  await expect(
    view.getByRole('heading', { name: 'All 4 samples are labeled' })
  ).toBeInViewport({ ratio: 1 });
  for (const name of ['Review them', 'Export', 'undo']) {
    await expect(
      view.getByRole('button', { name, exact: true })
    ).toBeInViewport({ ratio: 1 });
  }
});

test('the panel says what people disagree about, and opens it for labeling', async ({
  page,
  request
}) => {
  await finishedProject(request, 'panel-coats');
  await page.evaluate(() =>
    window.jupyterapp.commands.execute('jupyterlab-al:open-panel')
  );
  await page
    .locator('.jp-al-Panel')
    .getByRole('button', { name: /panel-coats/ })
    .click();
  const quality = page.getByRole('region', { name: 'Label quality' });
  await expect(
    quality.getByText('People disagree about 1 sample.')
  ).toBeVisible();

  await quality.getByRole('button', { name: 'Review them' }).click();

  await expect(page.getByRole('article', { name: /^Sample/ })).toHaveText(
    'The coat is torn'
  );
  await expect(quality.getByText(/^1 sample comes back/)).toBeVisible();
});
