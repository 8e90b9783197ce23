import {
  labelsOf,
  makeProject,
  openLabeling,
  press
} from '../helpers/projects';
import { expect, test } from '../helpers/test';

const COLORS = ['#cc3311', '#ee7733', '#009988', '#0077bb', '#33bbee'];

test('another extension draws samples and takes labels', async ({
  page,
  request,
  tmpPath
}) => {
  const name = `colors-${Date.now()}`;
  await page.contents.uploadContent(
    ['color', ...COLORS].join('\n'),
    'text',
    `${tmpPath}/${name}.csv`
  );
  await makeProject(request, {
    name,
    dataset: { kind: 'table', path: `${tmpPath}/${name}.csv` },
    display: { kind: 'text', column: 'color' },
    features: { kind: 'text', column: 'color' },
    classes: ['1', '2', '3', '4', '5']
  });

  await openLabeling(page, name);
  await expect(page.getByRole('img', { name: /^The color #/ })).toBeVisible();
  await expect(page.getByRole('radio', { name: '3 stars' })).toBeVisible();
  await press(page, ['ArrowRight', 'ArrowRight', 'ArrowRight']);
  await expect(page.getByRole('radio', { name: '3 stars' })).toBeChecked();
  await page.keyboard.press('Enter');
  await expect.poll(() => labelsOf(request, name)).toEqual(['3']);
  await page.keyboard.press('5');
  await expect.poll(() => labelsOf(request, name)).toEqual(['3', '5']);
  await page.getByRole('radio', { name: '1 star' }).click();
  await expect.poll(() => labelsOf(request, name)).toEqual(['3', '5', '1']);
  await page.keyboard.press('z');

  await expect(page.getByRole('radio', { name: '1 star' })).toBeChecked();
  await expect.poll(() => labelsOf(request, name)).toEqual(['3', '5']);
});
