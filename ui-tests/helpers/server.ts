import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { startProcess } from './process';

/**
 * A JupyterLab beside the one that most tests share.
 */
export interface IServer {
  /** Its address; ends with a slash. */
  base: string;
  /** End it at once, as a crash would. */
  kill: () => Promise<void>;
}

/** The port for a server of a test's own. */
export const PORT = Number(process.env.AL_TEST_PORT ?? '8899') + 1;

/**
 * Start JupyterLab as the tests have it, and wait until the extension answers.
 */
export async function startServer(options: {
  /** Folder of the projects; a new one unless a server shall find what another left. */
  data?: string;
  /** Path that stands before all others; begins and ends with a slash. */
  path?: string;
  /** Guard it by a token. */
  token?: string;
  environment?: Record<string, string>;
}): Promise<IServer> {
  const path = options.path ?? '/';
  const base = `http://localhost:${PORT}${path}`;
  const kill = await startProcess(
    'jupyter',
    [
      'lab',
      '--config=jupyter_server_test_config.py',
      `--ServerApp.base_url=${path}`,
      ...(options.token
        ? [
            `--IdentityProvider.token=${options.token}`,
            '--ServerApp.disable_check_xsrf=False'
          ]
        : [])
    ],
    {
      cwd: resolve(__dirname, '..'),
      env: {
        ...process.env,
        AL_TEST_PORT: String(PORT),
        AL_TEST_DATA: options.data ?? mkdtempSync(join(tmpdir(), 'al-test-')),
        ...options.environment
      },
      url: `${base}al/api/status`,
      token: options.token
    }
  );
  return { base, kill };
}
