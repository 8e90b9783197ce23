import { expect, test } from '@jupyterlab/galata';

import { labelsOf, sampleShown } from '../helpers/projects';

const CREATE = `
import jupyterlab_al as al
texts = [f"{'good' if i % 2 else 'bad'} thing {i}" for i in range(30)]
project = al.create("from-notebook", texts, classes=["bad", "good"])
project.open()
`;
const READ = `
import jupyterlab_al as al
labels = al.open("from-notebook").labels()
print("labels in the kernel:", len(labels))
`;

test.describe('from a notebook', () => {
  test('a project is made and opened, and a restarted kernel changes nothing', async ({
    page,
    request,
    baseURL
  }) => {
    test.setTimeout(120000);
    await page.notebook.createNew('work.ipynb');
    await page.notebook.setCell(0, 'code', CREATE);
    // The kernel opens another tab: the cell is not waited for.
    void page.notebook.runCell(0).catch(() => undefined);

    await sampleShown(page);
    for (const key of ['1', '2', '1']) {
      await page.keyboard.press(key);
      await page.waitForTimeout(120);
    }
    const kernels = await (await request.get(`${baseURL}/api/kernels`)).json();
    expect(kernels).toHaveLength(1);
    const restarted = await request.post(
      `${baseURL}/api/kernels/${kernels[0].id}/restart`
    );
    expect(restarted.ok()).toBe(true);
    for (const key of ['2', '1']) {
      await page.keyboard.press(key);
      await page.waitForTimeout(120);
    }

    await expect
      .poll(() => labelsOf(request, 'from-notebook'))
      .toEqual(['bad', 'good', 'bad', 'good', 'bad']);
    await expect(page.getByText('all answers saved')).toBeVisible();

    await page.notebook.activate('work.ipynb');
    await page.notebook.setCell(0, 'code', READ);
    await page.keyboard.press('Control+Enter');

    await expect(page.getByText('labels in the kernel: 5')).toBeVisible();
  });
});
