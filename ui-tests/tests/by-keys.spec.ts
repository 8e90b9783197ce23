import type { Locator } from '@playwright/test';

import { bitmapOf } from '../helpers/pictures';
import {
  digits,
  labelsOf,
  makeProject,
  sampleShown
} from '../helpers/projects';
import { expect, test, type IJupyterLabPageFixture } from '../helpers/test';

/** A one-dimensional header and six rows of four numbers. */
function arrayOf(): string {
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (6, 4), }";
  const head = Buffer.from(
    `\x93NUMPY\x01\x00v\x00${header.padEnd(117)}\n`,
    'latin1'
  );
  const values = Float32Array.from({ length: 24 }, (_, i) => i % 7);
  return Buffer.concat([head, Buffer.from(values.buffer)]).toString('base64');
}

/** Run a command of the palette as somebody does who has no mouse. */
async function fromPalette(
  page: IJupyterLabPageFixture,
  command: string
): Promise<void> {
  await page.keyboard.press('Control+Shift+C');
  await expect(page.locator('.lm-CommandPalette-input')).toBeFocused();
  await page.keyboard.type(command);
  // The palette searches a moment after the last letter; until then Enter runs nothing.
  await expect(
    page.locator('.lm-CommandPalette-item.lm-mod-active')
  ).toContainText(command);
  await page.keyboard.press('Enter');
}

/** What has the focus, by the name that is read out; it fails if the focus can't be seen. */
async function focused(page: IJupyterLabPageFixture): Promise<string> {
  const { name, isSeen } = await page.evaluate(() => {
    const element = document.activeElement as HTMLInputElement;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    return {
      name: (
        element.getAttribute('aria-label') ??
        element.labels?.[0]?.textContent ??
        element.textContent ??
        ''
      ).trim(),
      isSeen:
        (outlineStyle !== 'none' && outlineWidth !== '0px') ||
        boxShadow !== 'none'
    };
  });
  expect(isSeen, `the focus on "${name}" is visible`).toBe(true);
  return name;
}

/** Press Tab until what has that name has the focus. */
async function tabTo(
  page: IJupyterLabPageFixture,
  name: string
): Promise<string[]> {
  const passed: string[] = [];
  while ((await focused(page)) !== name) {
    passed.push(await focused(page));
    expect(passed.length, `on the way to ${name}: ${passed}`).toBeLessThan(90);
    await page.keyboard.press('Tab');
  }
  return passed;
}

/** From the palette to what was found in a file or folder, by keys. */
async function choose(
  page: IJupyterLabPageFixture,
  folder: string,
  entry: string
): Promise<void> {
  await fromPalette(page, 'New Labeling Project');
  await expect(page.getByText('Choose the file to label.')).toBeVisible();
  for (const step of [`${folder}/`, entry]) {
    await expect(page.getByRole('button', { name: step })).toBeVisible();
    // The focus goes to what a folder holds once that is there.
    await expect(page.locator('.jp-al-Picker li button:focus')).toHaveCount(1);
    await tabTo(page, step);
    await page.keyboard.press('Enter');
  }
}

async function accepts(page: IJupyterLabPageFixture): Promise<void> {
  await expect(
    page.getByRole('button', { name: 'Create and label' })
  ).toBeFocused();
}

test.describe('without a mouse', () => {
  test('a table becomes a project, and a refusal is put right', async ({
    page,
    request,
    tmpPath
  }) => {
    await makeProject(request, digits('taken'));
    const name = `keys-${Date.now()}`;
    const rows = Array.from(
      { length: 12 },
      (_, i) => `"The coat was ${i} days late, and its lining torn.",${i}`
    );
    await page.contents.uploadContent(
      ['review,rating', ...rows].join('\n'),
      'text',
      `${tmpPath}/orders.csv`
    );
    await choose(page, tmpPath, 'orders.csv');
    await accepts(page);

    await page.keyboard.press('Tab');
    const fields = await tabTo(page, 'Create and label');
    await page.keyboard.press('Tab');
    await tabTo(page, 'Name');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('taken');
    await page.keyboard.press('Enter');

    expect(fields.filter(each => !each.startsWith('The coat'))).toEqual([
      'Another file…',
      'Name',
      'Show',
      'As',
      'Learn from',
      'Labels that are there already',
      'Classes',
      'A sample can have several classes',
      'Model',
      'Advanced',
      'Cancel'
    ]);
    const field = page.getByRole('textbox', { name: 'Name' });
    await expect(page.getByRole('alert')).toContainText(/name/i);
    await expect(field).toBeFocused();
    await expect(field).toHaveAttribute('aria-invalid', 'true');

    await page.keyboard.press('Control+A');
    await page.keyboard.type(name);
    await tabTo(page, 'Classes');
    await page.keyboard.type('good');
    await page.keyboard.press('Enter');
    await page.keyboard.type('bad');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Create and label');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('article', { name: /^Sample/ })).toBeFocused({
      timeout: 30000
    });
    await page.keyboard.press('2');

    await expect.poll(() => labelsOf(request, name)).toEqual(['bad']);
  });

  test('so does a folder of pictures', async ({ page, request, tmpPath }) => {
    const name = `pictures-${Date.now()}`;
    for (const [index, kind] of ['cats', 'dogs', 'cats', 'dogs'].entries()) {
      await page.contents.uploadContent(
        bitmapOf(60 * index, 90, 200),
        'base64',
        `${tmpPath}/${name}/${kind}/${index}.bmp`
      );
    }
    await choose(page, tmpPath, `${name}/`);
    await expect(page.getByRole('button', { name: 'cats/' })).toBeVisible();
    await expect(page.locator('.jp-al-Picker li button:focus')).toHaveCount(1);
    await tabTo(page, 'Label the files of this folder');
    await page.keyboard.press('Enter');
    await accepts(page);
    await page.keyboard.press('Enter');
    await sampleShown(page);
    await page.keyboard.press('1');

    await expect.poll(() => labelsOf(request, name)).toEqual(['cats']);
  });

  test('so does an array, whose classes come while labeling', async ({
    page,
    request,
    tmpPath
  }) => {
    const name = `array-${Date.now()}`;
    await page.contents.uploadContent(
      arrayOf(),
      'base64',
      `${tmpPath}/${name}.npy`
    );
    await choose(page, tmpPath, `${name}.npy`);
    const card = page.getByRole('article', { name: /^Sample/ });
    await accepts(page);
    await page.keyboard.press('Enter');
    await expect(card).toBeFocused({ timeout: 30000 });
    await page.keyboard.press('n');
    await expect(
      page.getByRole('textbox', { name: 'New class' })
    ).toBeFocused();
    await page.keyboard.type('odd');
    await page.keyboard.press('Enter');
    // Added for everybody, it is the answer to the sample, and has a key.
    await expect.poll(() => labelsOf(request, name)).toEqual(['odd']);
    await expect(card).toBeFocused();
    await page.keyboard.press('1');

    await expect.poll(() => labelsOf(request, name)).toEqual(['odd', 'odd']);
  });

  test('Escape closes the dialog and gives the focus back', async ({
    page,
    request
  }) => {
    await makeProject(request, digits('escape'));
    await page.evaluate(() =>
      window.jupyterapp.commands.execute('jupyterlab-al:open-panel')
    );
    const button = page.getByRole('button', { name: 'New project' });
    await button.focus();
    const dialog = page.locator('.jp-al-CreateDialog');
    const openers: [() => Promise<void>, Locator][] = [
      [() => page.keyboard.press('Enter'), button],
      // The palette itself leaves the focus to what is open.
      [
        () => fromPalette(page, 'New Labeling Project'),
        page.locator('.jp-Launcher')
      ]
    ];
    for (const [open, before] of openers) {
      await open();
      await expect(dialog.locator(':focus')).toHaveCount(1);

      await page.keyboard.press('Escape');

      await expect(dialog).toHaveCount(0);
      await expect(before).toBeFocused();
    }
  });
});
