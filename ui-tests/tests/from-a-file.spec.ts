import { bitmapOf } from '../helpers/pictures';
import { labelsOf, sampleShown } from '../helpers/projects';
import { expect, test } from '../helpers/test';

test('a CSV of texts is labeled within three clicks', async ({
  page,
  request,
  tmpPath
}) => {
  const name = `reviews-${Date.now()}`;
  const words = ['zipper', 'seller', 'again', 'broke', 'great', 'late'];
  const rows = Array.from({ length: 40 }, (_, i) => {
    const text = words.map((word, j) => words[(i * j + i) % 6] ?? word);
    const sentiment = i < 4 ? ['negative', 'positive'][i % 2] : '';
    return `"The ${text.join(' ')} number ${i} was what I had hoped for.",${sentiment}`;
  });
  await page.contents.uploadContent(
    ['review,sentiment', ...rows].join('\n'),
    'text',
    `${tmpPath}/${name}.csv`
  );
  await page.filebrowser.openDirectory(tmpPath);
  const file = page.getByRole('listitem', { name: new RegExp(name) });

  await file.click({ button: 'right' });
  await page
    .getByRole('menuitem', { name: 'Label with Active Learning…' })
    .click();
  const create = page.getByRole('button', { name: 'Create and label' });
  await expect(create).toBeEnabled();
  await create.click();

  await sampleShown(page);
  await expect(page.getByRole('button', { name: 'negative' })).toBeVisible();
  await page.keyboard.press('1');
  await expect
    .poll(() => labelsOf(request, name))
    .toEqual(['negative', 'positive', 'negative', 'positive', 'negative']);
});

test('a folder of pictures is labeled within three clicks', async ({
  page,
  request,
  tmpPath
}) => {
  const name = `animals-${Date.now()}`;
  for (const [index, kind] of ['cats', 'dogs', 'cats', 'dogs'].entries()) {
    await page.contents.uploadContent(
      bitmapOf(60 * index, 90, 200),
      'base64',
      `${tmpPath}/${name}/${kind}/${index}.bmp`
    );
  }
  await page.filebrowser.openDirectory(tmpPath);
  const folder = page.getByRole('listitem', { name: new RegExp(name) });

  await folder.click({ button: 'right' });
  await page
    .getByRole('menuitem', { name: 'Label with Active Learning…' })
    .click();
  const create = page.getByRole('button', { name: 'Create and label' });
  await expect(page.getByText('4 pictures')).toBeVisible();
  await expect(create).toBeEnabled();
  await create.click();

  await sampleShown(page);
  await expect(page.getByRole('button', { name: 'cats' })).toBeVisible();
  await page.keyboard.press('1');
  await expect.poll(() => labelsOf(request, name)).toEqual(['cats']);
});
