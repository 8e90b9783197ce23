import type { Page } from '@playwright/test';

import {
  endKernel,
  kernelOf,
  kernelReady,
  run,
  runCell,
  startKernel,
  writeCell
} from '../helpers/kernel';
import { labelsOf, press, sampleShown } from '../helpers/projects';
import { expect, test } from '../helpers/test';

const CREATE = `
import jupyterlab_al as al
texts = [f"{'good' if i % 2 else 'bad'} thing {i}" for i in range(30)]
project = al.create("from-notebook", texts, classes=["bad", "good"])
project.open()
`;
/** The kernel's clock, in milliseconds since 1970: the same as that of server and page. */
const TIME = `
import time
def now():
    return round(1000 * time.time())
`;
const READ = `
import jupyterlab_al as al
labels = al.open("from-notebook").labels()
print("labels in the kernel:", len(labels))
`;

test.describe('from a notebook', () => {
  test('a project is made and opened, and a restarted kernel changes nothing', async ({
    page,
    request
  }) => {
    test.setTimeout(180000);
    await page.notebook.createNew('work.ipynb');
    await kernelReady(page);
    await writeCell(page, 0, CREATE);
    // The kernel opens another tab: the cell is not waited for.
    await runCell(page, 0);

    await sampleShown(page);
    await press(page, ['1', '2', '1']);
    const kernel = await kernelOf(page, 'work.ipynb');
    const restarted = await request.post(`api/kernels/${kernel}/restart`);
    expect(restarted.ok()).toBe(true);
    await press(page, ['2', '1']);

    await expect
      .poll(() => labelsOf(request, 'from-notebook'))
      .toEqual(['bad', 'good', 'bad', 'good', 'bad']);
    await expect(page.getByText('all answers saved')).toBeVisible();

    expect(await page.notebook.activate('work.ipynb')).toBe(true);
    await writeCell(page, 0, READ);
    await runCell(page, 0);

    await expect(page.getByText('labels in the kernel: 5')).toBeVisible({
      timeout: 60000
    });
  });

  test('panel and notebook see each other’s labels', async ({ page }) => {
    test.setTimeout(180000);
    const kernel = await startKernel(page);
    await run(page, kernel, CREATE.replace('from-notebook', 'both-ways'));
    await sampleShown(page);
    const progress = page.locator('.jp-al-Header-progress');
    await expect(progress).toHaveText('0 of 30');

    // From the panel to a call that waits in the notebook.
    const waiting = run(
      page,
      kernel,
      `${TIME}\nprint(project.wait(1, timeout=60), now())`
    );
    let isOver = false;
    void waiting.then(() => {
      isOver = true;
    });
    await page.waitForTimeout(1000);
    expect(isOver).toBe(false);
    await page.keyboard.press('1');
    const [n, seen] = (await waiting).split(' ').map(Number);
    const [at] = await times(page, kernel);

    expect(n).toBe(1);
    expect(seen).toBeGreaterThanOrEqual(at);
    await expect(progress).toHaveText('1 of 30');

    // And from the notebook to the open view.
    const free = 'max(set(range(30)) - set(project.labels().index))';
    const given = run(page, kernel, `project.label({${free}: "good"})`);
    // Looked at in every frame: what expects a text looks more and more seldom.
    const shown = await page
      .waitForFunction(
        () =>
          document.querySelector('.jp-al-Header-progress')?.textContent ===
            '2 of 30' && Date.now(),
        undefined,
        { polling: 'raf' }
      )
      .then(found => found.jsonValue() as Promise<number>);
    await given;
    const [, by] = await times(page, kernel);

    expect(shown).toBeGreaterThanOrEqual(by);
    const figures = [
      `a waiting call saw the panel’s label ${seen - at} ms after it was stored`,
      `the view showed the notebook’s label ${shown - by} ms after it was stored`
    ];
    console.log(figures.join('\n'));
    await run(page, kernel, 'project.delete(confirm="both-ways")');
    await endKernel(page, kernel);
  });
});

/** When the labels were stored, in milliseconds since 1970, in order. */
async function times(page: Page, kernel: string): Promise<number[]> {
  const printed = await run(
    page,
    kernel,
    'print(*project.annotations()["created_at"])'
  );
  return printed.split(' ').map(moment => Date.parse(moment));
}
