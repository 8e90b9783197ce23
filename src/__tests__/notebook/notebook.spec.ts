import { ServerConnection } from '@jupyterlab/services';
import { waitFor } from '@testing-library/react';

import schema from '../../../schema/plugin.json';
import { labelingInNotebooks, type IWidgetState } from '../../notebook';
import { FakeServer } from '../labeling/fake-server';

const { render } = labelingInNotebooks(schema['jupyter.lab.shortcuts']);

const STATE: IWidgetState = {
  project: 'pets',
  created_at: '2026-01-01T00:00:00Z',
  base_url: '/user/ann/',
  labels: 0
};

let asked: string[];
let clean: (() => void) | null;

/** A page whose server answers each request like this. */
function page(answer: (path: string) => Promise<[number, unknown]>): void {
  jest
    .spyOn(ServerConnection, 'makeSettings')
    .mockImplementation(
      options => ({ baseUrl: '/', ...options }) as ServerConnection.ISettings
    );
  jest.spyOn(ServerConnection, 'makeRequest').mockImplementation(async url => {
    const { pathname } = new URL(url, window.location.origin);
    asked.push(pathname);
    const [status, body] = await answer(pathname);
    return {
      ok: status < 400,
      status,
      statusText: 'Not Found',
      text: async () => (typeof body === 'string' ? body : JSON.stringify(body))
    } as Response;
  });
}

function show(change: Partial<IWidgetState> = {}): HTMLElement {
  const el = document.createElement('div');
  document.body.append(el);
  const state = { ...STATE, ...change };
  const model = {
    get: <K extends keyof IWidgetState>(key: K) => state[key],
    set: jest.fn(),
    save_changes: jest.fn()
  };
  clean = render({ model, el });
  return el;
}

const PETS = async (): Promise<[number, unknown]> => [
  200,
  await new FakeServer().project()
];

describe('labelingInNotebooks', () => {
  beforeEach(() => {
    asked = [];
    clean = null;
  });

  afterEach(() => {
    clean?.();
    document.body.replaceChildren();
    jest.restoreAllMocks();
  });

  it('asks the kernel’s path of the page’s own origin, where the page names no server', async () => {
    page(PETS);

    const el = show();

    await waitFor(() => expect(el.querySelector('.jp-al-View')).not.toBeNull());
    expect(asked[0]).toBe('/user/ann/al/api/projects/pets');
  });

  it('refuses to label another project of the same name', async () => {
    page(PETS);

    const el = show({ created_at: '2025-01-01T00:00:00Z' });

    await waitFor(() =>
      expect(el.textContent).toContain('another project of the same name')
    );
    expect(asked.filter(path => path.endsWith('/claim'))).toEqual([]);
  });

  it.each([
    [404, '<html>Not found</html>'],
    [404, { message: 'Not found', reason: null }],
    [403, '<html>File not allowlisted</html>']
  ])(
    'says what to do where the page’s server has no jupyterlab_al (%p %p)',
    async (...reply) => {
      page(async () => reply);

      const el = show();

      await waitFor(() =>
        expect(el.textContent).toContain('has no jupyterlab_al')
      );
      expect(el.textContent).toContain('jupyter server');
    }
  );

  it('leaves it to the view to say that a project is gone', async () => {
    const reply = { error: 'unknown_project', message: 'There is none.' };
    page(async () => [404, reply]);

    const el = show();

    await waitFor(() =>
      expect(el.textContent).toContain('There is no such project')
    );
  });

  it('shows nothing when the output is gone before the server has answered', async () => {
    const gone = new Promise<void>(resolve =>
      page(async () => {
        await waitFor(() => expect(clean).not.toBeNull());
        clean?.();
        setTimeout(resolve, 400);
        return PETS();
      })
    );

    const el = show();
    await gone;

    expect(el.querySelector('.jp-al-View')).toBeNull();
  });
});
