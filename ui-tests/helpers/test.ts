import { test as base } from '@jupyterlab/galata';
import type { BrowserContext, ConsoleMessage, Page } from '@playwright/test';

export { expect, type IJupyterLabPageFixture } from '@jupyterlab/galata';

/** So much of a page is printed. */
const MOST = 8000;
/** What JupyterLab and Chromium say in every run. */
const USUAL = /Preload|DevTools|was preloaded|Deprecat/;

/**
 * Galata's test, which prints what a failure can be understood by: the log is all that is left of a
 * run elsewhere.
 */
export const test = base.extend<{ account: void }>({
  account: [
    async ({ context }, use, info) => {
      const diary = listen(context);
      await use();
      if (info.status === info.expectedStatus) {
        return;
      }
      const pages = await Promise.all(context.pages().map(describe));
      console.log(
        [`--- ${info.title}`, ...diary.slice(-60), ...pages, '---'].join('\n')
      );
    },
    { auto: true }
  ]
});

/** Note what goes wrong in the pages of a context, and what is asked of the extension. */
function listen(context: BrowserContext): string[] {
  const began = Date.now();
  const diary: string[] = [];
  const note = (line: string) =>
    diary.push(`${((Date.now() - began) / 1000).toFixed(2)} s  ${line}`);
  context.on('console', (message: ConsoleMessage) => {
    const isTrouble = ['error', 'warning'].includes(message.type());
    if (isTrouble && !USUAL.test(message.text())) {
      note(`console: ${message.text().slice(0, 300)}`);
    }
  });
  context.on('weberror', error => note(`thrown: ${error.error().stack}`));
  context.on('requestfailed', request =>
    note(`failed: ${request.method()} ${request.url()}`)
  );
  context.on('response', reply => {
    if (reply.status() >= 400 || reply.url().includes('/al/api/')) {
      const request = reply.request();
      note(`${reply.status()} ${request.method()} ${reply.url()}`);
    }
  });
  return diary;
}

/** What is on a page, as it is read out, and what has the focus. */
async function describe(page: Page): Promise<string> {
  const focused = () => document.activeElement?.outerHTML.slice(0, 200);
  const [focus, content] = await Promise.all([
    page.evaluate(focused).catch(String),
    page.locator('body').ariaSnapshot({ timeout: 5000 }).catch(String)
  ]);
  return `${page.url()}\nfocus: ${focus}\n${content.slice(0, MOST)}`;
}
