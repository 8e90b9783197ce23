import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect, type Page } from '@playwright/test';

/**
 * Start a kernel on the server of a page; returns its id.
 */
export async function startKernel(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const { kernels } = window.jupyterapp.serviceManager;
    await kernels.ready;
    const kernel = await kernels.startNew({ name: 'python3' });
    return kernel.id;
  });
}

/**
 * Run code in a kernel, as a cell would; returns what it printed, or throws what it raised.
 */
export async function run(
  page: Page,
  id: string,
  code: string
): Promise<string> {
  return page.evaluate(
    async ({ id, code }) => {
      const { kernels } = window.jupyterapp.serviceManager;
      const kernel = kernels.connectTo({ model: { id, name: 'python3' } });
      const future = kernel.requestExecute({ code });
      let printed = '';
      let raised = '';
      future.onIOPub = message => {
        const content = message.content as Record<string, string>;
        if (message.header.msg_type === 'stream' && content.name === 'stdout') {
          printed += content.text;
        }
        if (message.header.msg_type === 'error') {
          raised = `${content.ename}: ${content.evalue}`;
        }
      };
      await future.done;
      kernel.dispose();
      if (raised !== '') {
        throw new Error(raised);
      }
      return printed.trim();
    },
    { id, code }
  );
}

/**
 * Wait until the kernel of a new notebook can be asked.
 */
export async function kernelReady(page: IJupyterLabPageFixture): Promise<void> {
  await expect(
    page.locator('#jp-main-statusbar').getByText(/\| Idle$/)
  ).toBeVisible({ timeout: 60000 });
}

/**
 * Run a cell of the open notebook, and go on at once.
 */
export async function runCell(
  page: IJupyterLabPageFixture,
  cell: number
): Promise<void> {
  expect(await page.notebook.selectCells(cell)).toBe(true);
  await page.keyboard.press('Control+Enter');
}

/**
 * Write a cell of the open notebook.
 */
export async function writeCell(
  page: IJupyterLabPageFixture,
  cell: number,
  code: string
): Promise<void> {
  const isWritten = await page.notebook.setCell(cell, 'code', code);
  expect(isWritten, `cell ${cell} is written`).toBe(true);
}

/**
 * The id of the kernel of an open notebook, as the page knows it: the server may not have heard of
 * the notebook's name.
 */
export async function kernelOf(page: Page, notebook: string): Promise<string> {
  const found = (): Promise<string | undefined> =>
    page.evaluate(name => {
      const open = [...window.jupyterapp.shell.widgets('main')] as unknown as {
        context?: { path: string };
        sessionContext?: {
          session?: { kernel?: { id: string } | null } | null;
        };
      }[];
      return open.find(({ context }) => context?.path.endsWith(name))
        ?.sessionContext?.session?.kernel?.id;
    }, notebook);
  await expect.poll(found).toBeDefined();
  return (await found())!;
}

/**
 * End a kernel.
 */
export async function endKernel(page: Page, id: string): Promise<void> {
  await page.evaluate(
    kernel => window.jupyterapp.serviceManager.kernels.shutdown(kernel),
    id
  );
}
