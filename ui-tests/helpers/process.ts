import { spawn } from 'node:child_process';

import { expect } from '@playwright/test';

/** So much of what a process said last is told of a failure. */
const MOST = 3000;

/**
 * Start a server and wait until it answers; returns how to kill it, as a crash would.
 *
 * @param url - what answers with 200 once it is ready
 * @throws Error with its last words, when it ends or does not answer within two minutes.
 */
export async function startProcess(
  command: string,
  args: string[],
  options: {
    cwd: string;
    env?: NodeJS.ProcessEnv;
    url: string;
    token?: string;
  }
): Promise<() => Promise<void>> {
  const { cwd, env, url, token = '' } = options;
  const server = spawn(command, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe']
  });
  let said = '';
  for (const stream of [server.stdout, server.stderr]) {
    stream.on('data', (words: Buffer) => {
      said = `${said}${words}`.slice(-MOST);
    });
  }
  const isOver = () => server.exitCode !== null || server.signalCode !== null;
  const kill = async () => {
    if (!isOver()) {
      const gone = new Promise(done => server.once('exit', done));
      server.kill('SIGKILL');
      await gone;
    }
  };
  const headers = { Authorization: `token ${token}` };
  const look = () =>
    fetch(url, { headers })
      .then(reply => reply.status)
      .catch(() => 0);
  try {
    // What answers must not be a server that was left on the port.
    await expect
      .poll(async () => (isOver() ? 'ended' : await look()), {
        timeout: 120000
      })
      .toBe(200);
  } catch (reason) {
    await kill();
    throw new Error(`${command} ${args.join(' ')} is not ready:\n${said}`, {
      cause: reason
    });
  }
  return kill;
}
