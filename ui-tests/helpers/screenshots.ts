import { resolve } from 'node:path';

import type { IJupyterLabPageFixture } from '@jupyterlab/galata';

/** Where pictures are kept. */
export const FOLDER = resolve(__dirname, '../../docs/images');
export const LARGE = { width: 1280, height: 800 };
export const NARROW = { width: 360, height: 740 };

/** JupyterLab's own themes. */
const THEMES = {
  light: 'JupyterLab Light',
  dark: 'JupyterLab Dark',
  contrast: 'JupyterLab Dark High Contrast'
};

/** Take a state in all of JupyterLab's themes, wide and narrow; of the panel or of what is open beside it. */
export async function take(
  page: IJupyterLabPageFixture,
  name: string,
  of: 'view' | 'panel' = 'view'
): Promise<void> {
  for (const [theme, title] of Object.entries(THEMES)) {
    await page.theme.setTheme(title);
    await page.setViewportSize(LARGE);
    await page.waitForTimeout(500);
    await page.screenshot({ path: `${FOLDER}/${name}-${theme}.png` });
  }
  await page.theme.setTheme(THEMES.light);
  // The menus that close a side bar can't be reached behind a dialog.
  const mayClose =
    of === 'view' && (await page.locator('.jp-Dialog').count()) === 0;
  const wasOpen = mayClose && (await page.sidebar.isOpen('left'));
  if (wasOpen) {
    await page.sidebar.close('left');
  }
  await page.setViewportSize(NARROW);
  await page.waitForTimeout(500);
  await page.screenshot({ path: `${FOLDER}/${name}-360.png` });
  await page.setViewportSize(LARGE);
  if (wasOpen) {
    await page.sidebar.open('left');
  }
}
