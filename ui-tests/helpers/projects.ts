import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect, type APIRequestContext, type Page } from '@playwright/test';

const API = 'al/api/projects';

/** The classes of the digits. */
export const DIGITS = '0123456789'.split('');

/**
 * Make a project and wait until it can be labeled. One of the same name goes first.
 */
export async function makeProject(
  request: APIRequestContext,
  body: { name: string } & Record<string, unknown>,
  base = ''
): Promise<void> {
  const url = `${base}${API}`;
  const { name } = body;
  await deleteProject(request, name, base);
  const made = await request.post(url, { data: body });
  expect(made.status(), await made.text()).toBe(201);
  await expect
    .poll(
      async () => (await (await request.get(`${url}/${name}`)).json()).state,
      { timeout: 60000 }
    )
    .toBe('active');
}

/**
 * Delete a project, if there is one of that name.
 */
export async function deleteProject(
  request: APIRequestContext,
  name: string,
  base = ''
): Promise<void> {
  const reply = await request.delete(`${base}${API}/${name}?confirm=${name}`);
  expect([200, 204, 404], await reply.text()).toContain(reply.status());
}

/**
 * A project of the digits.
 */
export function digits(
  name: string
): { name: string } & Record<string, unknown> {
  return {
    name,
    title: 'Handwritten digits',
    dataset: { kind: 'demo', path: 'digits' },
    classes: DIGITS
  };
}

/**
 * The labels that the server holds and that were not undone, in order of arrival.
 */
export async function labelsOf(
  request: APIRequestContext,
  name: string,
  base = ''
): Promise<string[]> {
  const reply = await request.get(`${base}${API}/${name}/annotations`);
  const { annotations } = await reply.json();
  return annotations
    .filter((one: { undone_at: string | null }) => one.undone_at === null)
    .map((one: { label: string }) => one.label);
}

/**
 * Open the labeling view and wait for its first sample.
 */
export async function openLabeling(
  page: IJupyterLabPageFixture,
  name: string
): Promise<void> {
  await page.evaluate(async project => {
    await window.jupyterapp.commands.execute('jupyterlab-al:label-project', {
      name: project
    });
  }, name);
  await sampleShown(page);
}

/**
 * Wait until a sample is on screen and holds the focus, so that keys apply to it.
 */
export async function sampleShown(page: Page): Promise<void> {
  const card = page.getByRole('article', { name: /^Sample/ });
  await expect(card).toBeVisible({ timeout: 30000 });
  await expect(page.getByRole('group', { name: 'Classes' })).toBeVisible();
  await card.focus();
  await expect(card).toBeFocused();
}

/**
 * Press keys as somebody does who labels fast: ten in 1.2 seconds is what is promised. None waits for
 * a sample: the view keeps it for the one that it is for.
 */
export async function press(page: Page, keys: string[]): Promise<void> {
  for (const key of keys) {
    await page.keyboard.press(key);
    await page.waitForTimeout(100);
  }
}

/**
 * Make the page as narrow as a phone, and wait until the labeling view is.
 */
export async function onAPhone(page: IJupyterLabPageFixture): Promise<void> {
  await page.sidebar.close('left');
  await page.setViewportSize({ width: 360, height: 740 });
  const view = page.locator('.jp-al-View');
  await expect
    .poll(async () => (await view.boundingBox())?.width ?? Infinity)
    .toBeLessThanOrEqual(360);
}

/**
 * Let each request take longer, as over a distant network.
 */
export async function slowDown(page: Page, latency: number): Promise<void> {
  // Galata's page is a wrapper, which the protocol does not take.
  const context = page.context();
  const session = await context.newCDPSession(context.pages()[0]);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency,
    downloadThroughput: -1,
    uploadThroughput: -1
  });
}
