import { lowestContrast } from '../helpers/contrast';
import {
  digits,
  labelsOf,
  makeProject,
  onAPhone,
  openLabeling
} from '../helpers/projects';
import { expect, test } from '../helpers/test';

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
    await expect.poll(() => labelsOf(request, 'looks')).toEqual(['1']);
    await expect(page.getByText('all answers saved')).toBeVisible();
    await expect(
      page.getByRole('button', { name: /^why this one/ })
    ).toHaveAttribute('aria-expanded', 'true');

    const worst = await page.evaluate(lowestContrast);

    expect(worst.ratio, worst.text).toBeGreaterThanOrEqual(4.5);
  });
}

test('everything is in reach at 360 px', async ({ page, request }) => {
  await makeProject(request, digits('narrow'));
  await openLabeling(page, 'narrow');
  await onAPhone(page);
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
  const stage = await view.locator('.jp-al-Main').boundingBox();
  expect(stage?.height).toBeGreaterThanOrEqual(200);
  await expect(page.getByRole('article', { name: /^Sample/ })).toBeInViewport();
  for (const name of ['0', '9', 'skip', 'undo']) {
    await expect(
      view.getByRole('button', { name, exact: true })
    ).toBeInViewport({ ratio: 1 });
  }
});

test('a phone shows the sample, the classes and the list of them', async ({
  page,
  request
}) => {
  await makeProject(request, {
    ...digits('phone'),
    classes: Array.from({ length: 20 }, (_, i) => `Topic number ${i + 1}`)
  });
  await openLabeling(page, 'phone');
  await onAPhone(page);
  const view = page.locator('.jp-al-View');
  const heightOf = async (name: string) =>
    (await view.locator(name).boundingBox())?.height ?? 0;

  expect(await heightOf('.jp-al-Main')).toBeGreaterThanOrEqual(140);
  for (const name of ['skip', 'undo', 'comment']) {
    const button = view.getByRole('button', { name, exact: true });
    expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    await expect(button).toBeInViewport({ ratio: 1 });
  }
  const cut = await view
    .locator('.jp-al-Class-name')
    .evaluateAll(
      names => names.filter(each => each.scrollWidth > each.clientWidth).length
    );
  expect(cut).toBe(0);

  await view.getByRole('button', { name: /find among/ }).click();

  expect(await heightOf('.jp-al-Filter ul')).toBeGreaterThanOrEqual(132);
});
