const { execSync } = require('node:child_process');

const base = require('@jupyterlab/galata/lib/playwright-config');

const port = process.env.AL_TEST_PORT ?? '8899';
const url = `http://localhost:${port}`;
const chromium =
  process.env.CHROMIUM ??
  execSync('command -v chromium || command -v chromium-browser || true')
    .toString()
    .trim();

module.exports = {
  ...base,
  testDir: './tests',
  // Galata's page reporter opens a server at a failure and never ends.
  reporter: [['list']],
  // The browser shares two processors with all it talks to. What passes only at the second try is
  // listed as flaky.
  retries: 1,
  timeout: 90000,
  // A machine that also runs the server, a worker and a kernel may be slow; a bug stays a bug.
  expect: { ...base.expect, timeout: 15000 },
  workers: 1,
  use: {
    ...base.use,
    baseURL: url,
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync'
      ]
    },
    // `npx playwright show-trace` plays the second try again, from test-results/. Recording each first
    // one would nearly double the time from key to paint.
    trace: 'on-first-retry',
    // Video needs a program that Playwright would download.
    video: 'off'
  },
  webServer: {
    command: 'jlpm start',
    url: `${url}/lab`,
    timeout: 120000,
    reuseExistingServer: !process.env.CI
  }
};
