import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startProcess } from './process';

/**
 * A Jupyter server that shows notebooks as pages; with its usual guards, unlike Galata's.
 */
export interface IVoila {
  base: string;
  token: string;
  /** The address of a notebook's page, for a browser that has not logged in. */
  page: (notebook: string, theme?: 'light' | 'dark') => string;
  stop: () => Promise<void>;
}

/**
 * Start a Jupyter server with Voilà on notebooks of these code cells.
 */
export async function startVoila(
  notebooks: Record<string, string[]>
): Promise<IVoila> {
  const port = Number(process.env.AL_TEST_PORT ?? '8899') + 2;
  const base = `http://localhost:${port}/`;
  const token = 'a-token-for-tests';
  const root = mkdtempSync(join(tmpdir(), 'al-voila-'));
  const data = mkdtempSync(join(tmpdir(), 'al-test-'));
  for (const [name, cells] of Object.entries(notebooks)) {
    writeFileSync(join(root, name), JSON.stringify(notebookOf(cells)));
  }
  const stop = await startProcess(
    'jupyter',
    [
      'server',
      '--no-browser',
      '--allow-root',
      `--ServerApp.port=${port}`,
      '--ServerApp.port_retries=0',
      `--ServerApp.root_dir=${root}`,
      `--IdentityProvider.token=${token}`,
      `--ActiveLearning.data_dir=${data}`
    ],
    { cwd: root, url: `${base}al/api/status`, token }
  );
  return {
    base,
    token,
    page: (notebook, theme = 'light') =>
      `${base}voila/render/${notebook}?token=${token}&theme=${theme}`,
    stop
  };
}

function notebookOf(cells: string[]): unknown {
  return {
    cells: cells.map((source, index) => ({
      cell_type: 'code',
      execution_count: null,
      id: `cell-${index}`,
      metadata: {},
      outputs: [],
      source
    })),
    metadata: {
      kernelspec: {
        display_name: 'Python 3',
        language: 'python',
        name: 'python3'
      }
    },
    nbformat: 4,
    nbformat_minor: 5
  };
}
