import { resolve } from 'node:path';

import type { IJupyterLabPageFixture } from '@jupyterlab/galata';

/** Where pictures are kept. */
export const FOLDER = resolve(__dirname, '../../docs/images');
export const LARGE = { width: 1280, height: 800 };
export const NARROW = { width: 360, height: 740 };

/** Take a state in the light and the dark theme, wide and narrow; of the panel or of what is open beside it. */
export async function take(
  page: IJupyterLabPageFixture,
  name: string,
  of: 'view' | 'panel' = 'view'
): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await (theme === 'dark'
      ? page.theme.setDarkTheme()
      : page.theme.setLightTheme());
    await page.setViewportSize(LARGE);
    await page.waitForTimeout(500);
    await page.screenshot({ path: `${FOLDER}/${name}-${theme}.png` });
  }
  await page.theme.setLightTheme();
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
