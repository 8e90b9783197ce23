import { run, startKernel } from '../helpers/kernel';
import { labelsOf, press, sampleShown } from '../helpers/projects';
import { PORT, startServer, type IServer } from '../helpers/server';
import { expect, test } from '../helpers/test';

const TOKEN = 'a-token-of-the-hub';
const PREFIX = '/user/ann/';
/** What a JupyterHub leaves in the environment of a server, and so of its kernels. */
const ENVIRONMENT = {
  JUPYTERHUB_SERVICE_PREFIX: PREFIX,
  JUPYTERHUB_SERVICE_URL: `http://0.0.0.0:${PORT}${PREFIX}`,
  JUPYTERHUB_API_TOKEN: TOKEN,
  JUPYTERHUB_USER: 'ann',
  JUPYTERHUB_HOST: ''
};
const CREATE = `
import jupyterlab_al as al
texts = [f"{'good' if i % 2 else 'bad'} thing {i}" for i in range(30)]
project = al.create("on-a-hub", texts, classes=["bad", "good"], title="Things")
print(project.open())
`;

test.describe('a person’s server on a JupyterHub', () => {
  let server: IServer | null = null;

  test.afterEach(async () => {
    await server?.kill();
    server = null;
  });

  test('kernel, labeling view and panel find it below the person’s address', async ({
    context,
    playwright
  }) => {
    test.setTimeout(180000);
    server = await startServer({
      path: PREFIX,
      token: TOKEN,
      environment: ENVIRONMENT
    });
    const { base } = server;
    const owner = await playwright.request.newContext({
      extraHTTPHeaders: { Authorization: `token ${TOKEN}` }
    });
    const page = await context.newPage();
    await page.goto(`${base}lab?token=${TOKEN}`);
    await page.waitForFunction(() => window.jupyterapp?.started);
    const kernel = await startKernel(page);

    const address = await run(page, kernel, CREATE);

    expect(address).toBe(`${PREFIX}lab?al=on-a-hub`);
    await sampleShown(page);
    await press(page, ['1', '2', '1']);
    await expect
      .poll(() => labelsOf(owner, 'on-a-hub', base))
      .toEqual(['bad', 'good', 'bad']);
    const seen = await run(page, kernel, 'print(len(project.labels()))');
    expect(seen).toBe('3');
    await page.evaluate(() =>
      window.jupyterapp.commands.execute('jupyterlab-al:open-panel')
    );
    const panel = page.locator('.jp-al-Panel');
    await expect(panel.getByText('Things').first()).toBeVisible();
    await expect(panel.getByText('3 of 30').first()).toBeVisible();
    await page.close();
    await owner.dispose();
  });
});
