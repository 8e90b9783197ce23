import type { Page } from '@playwright/test';

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
 * End a kernel.
 */
export async function endKernel(page: Page, id: string): Promise<void> {
  await page.evaluate(
    kernel => window.jupyterapp.serviceManager.kernels.shutdown(kernel),
    id
  );
}
