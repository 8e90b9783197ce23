import { expect, test } from '@jupyterlab/galata';

import { digits, makeProject, openLabeling } from '../helpers/projects';

for (const theme of ['light', 'dark'] as const) {
  test(`words can be read in the ${theme} theme`, async ({ page, request }) => {
    await makeProject(request, digits('looks'));
    if (theme === 'dark') {
      await page.theme.setDarkTheme();
    } else {
      await page.theme.setLightTheme();
    }
    await openLabeling(page, 'looks');
    await page.keyboard.press('1');
    await page.keyboard.press('w');

    const worst = await page.evaluate(lowestContrast);

    expect(worst.ratio, worst.text).toBeGreaterThanOrEqual(4.5);
  });
}

test('everything is in reach at 360 px', async ({ page, request }) => {
  await makeProject(request, digits('narrow'));
  await openLabeling(page, 'narrow');
  await page.sidebar.close('left');
  await page.setViewportSize({ width: 360, height: 740 });
  const view = page.locator('.jp-al-View');

  const sizes = await view.getByRole('button').evaluateAll(buttons =>
    buttons.map(button => {
      const { width, height } = button.getBoundingClientRect();
      return Math.min(width, height);
    })
  );
  const overflow = await view.evaluate(
    element => element.scrollWidth - element.clientWidth
  );

  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(24);
  expect(overflow).toBeLessThanOrEqual(0);
  await expect(page.getByRole('article', { name: /^Sample/ })).toBeInViewport();
  for (const name of ['0', '9', 'skip', 'undo']) {
    await expect(
      view.getByRole('button', { name, exact: true })
    ).toBeInViewport({ ratio: 1 });
  }
});

/**
 * In the page: the lowest contrast of any visible words of the view that are not switched off.
 */
function lowestContrast(): { ratio: number; text: string } {
  const channels = (color: string) =>
    (color.match(/[\d.]+/g) ?? ['0', '0', '0', '0']).map(Number);
  const luminance = (color: string) => {
    const [r, g, b] = channels(color)
      .slice(0, 3)
      .map(value => value / 255)
      .map(v => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const background = (element: Element | null): string => {
    if (!element) {
      return 'rgb(255, 255, 255)';
    }
    const color = getComputedStyle(element).backgroundColor;
    return channels(color)[3] === 0 ? background(element.parentElement) : color;
  };
  const found = [...document.querySelectorAll('.jp-al-View *')].filter(
    element =>
      [...element.childNodes].some(
        node => node.nodeType === Node.TEXT_NODE && node.textContent?.trim()
      ) &&
      !element.closest('[aria-disabled="true"], .jp-al-Unseen') &&
      getComputedStyle(element).visibility === 'visible'
  );
  return found
    .map(element => {
      // Half-transparent words are blended with what lies under them.
      const under = background(element);
      const [r, g, b, alpha = 1] = channels(getComputedStyle(element).color);
      const [ur, ug, ub] = channels(under);
      const mix = [
        r * alpha + ur * (1 - alpha),
        g * alpha + ug * (1 - alpha),
        b * alpha + ub * (1 - alpha)
      ];
      const [x, y] = [luminance(mix.join(' ')), luminance(under)];
      return {
        ratio: (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05),
        text: `${element.className}: ${element.textContent}`
      };
    })
    .reduce((worst, one) => (one.ratio < worst.ratio ? one : worst));
}
