import { kernelOf, kernelReady, runCell, writeCell } from '../helpers/kernel';
import {
  digits,
  labelsOf,
  makeProject,
  press,
  sampleShown
} from '../helpers/projects';
import { expect, test } from '../helpers/test';
import { startVoila, type IVoila } from '../helpers/voila';

const SHOW = `
import jupyterlab_al as al
widget = al.open("below").widget()
seen = []
widget.observe(lambda change: seen.append(change.new), "labels")
widget
`;
const ASK = 'print("the kernel knows of", seen[-1], "labels")';

test.describe('below the cell', () => {
  test('keys label on the server, no cell is touched, and no kernel is needed', async ({
    page,
    request
  }) => {
    test.setTimeout(180000);
    await makeProject(request, digits('below'));
    await page.notebook.createNew('below.ipynb');
    await kernelReady(page);
    await writeCell(page, 0, SHOW);
    await page.notebook.addCell('code', ASK);
    await runCell(page, 0);

    await sampleShown(page);
    // In a notebook, D D deletes the cell and X cuts it.
    await press(page, ['1', '3', 'd', 'd', 'x', 'z', '7']);

    await expect.poll(() => labelsOf(request, 'below')).toEqual(['1', '7']);
    expect(await page.notebook.getCellCount()).toBe(2);

    // The kernel hears of a label after the server has it, by a message of its own: ask again.
    await expect(async () => {
      await runCell(page, 1);
      await expect(page.getByText('the kernel knows of 2 labels')).toBeVisible({
        timeout: 2000
      });
    }).toPass({ timeout: 60000 });

    const kernel = await kernelOf(page, 'below.ipynb');
    const ended = await request.delete(`api/kernels/${kernel}`);
    expect(ended.status()).toBe(204);
    await sampleShown(page);
    await press(page, ['4', '5']);

    await expect
      .poll(() => labelsOf(request, 'below'))
      .toEqual(['1', '7', '4', '5']);
  });
});

test.describe('a page of Voilà', () => {
  let voila: IVoila | null = null;

  test.afterEach(async () => {
    await voila?.stop();
    voila = null;
  });

  test('shows the same cell, labels with the same keys, and nothing is weaker than in JupyterLab', async ({
    context,
    playwright
  }) => {
    test.setTimeout(180000);
    voila = await startVoila({ 'below.ipynb': [SHOW] });
    const owner = await playwright.request.newContext({
      extraHTTPHeaders: { Authorization: `token ${voila.token}` }
    });
    await makeProject(owner, digits('below'), voila.base);
    const page = await context.newPage();

    // Voilà asks for JupyterLab's extensions too; none of their replies may be what lets us write.
    await page.route('**/voila/labextensions/jupyterlab_al/**', route =>
      route.abort()
    );

    await page.goto(voila.page('below.ipynb'));
    // Nothing else has the focus: nobody needs to click first.
    const card = page.getByRole('article', { name: /^Sample/ });
    await expect(card).toBeFocused({ timeout: 60000 });
    await press(page, ['2', '8', 'z', '6']);

    await expect
      .poll(() => labelsOf(owner, 'below', voila?.base))
      .toEqual(['2', '6']);
    await expect(page.getByText('all answers saved')).toBeVisible();
    await page.close();
    await owner.dispose();
  });
});
