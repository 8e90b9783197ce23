const jestJupyterLab = require('@jupyterlab/testutils/lib/jest-config');

// These packages ship ES modules only, so Jest has to translate them.
const esModules = [
  '@codemirror',
  '@jupyter/',
  '@jupyterlab/',
  '@microsoft/',
  'exenv-es6',
  'lib0',
  'marked',
  'nanoid',
  'uplot',
  'vscode-ws-jsonrpc',
  'y-protocols',
  'y-websocket',
  'yjs'
].join('|');

const base = jestJupyterLab(__dirname);

module.exports = {
  ...base,
  testEnvironment: 'jsdom',
  automock: false,
  collectCoverageFrom: [
    'src/**/*.{ts,tsx}',
    '!src/**/*.d.ts',
    '!src/**/__tests__/**',
    '!src/api/types.ts'
  ],
  coverageDirectory: 'coverage',
  coverageReporters: ['lcov', 'text-summary'],
  modulePathIgnorePatterns: [
    '<rootDir>/jupyterlab_al',
    '<rootDir>/dist',
    '<rootDir>/examples',
    '<rootDir>/ui-tests',
    '<rootDir>/.venv',
    '<rootDir>/lib'
  ],
  reporters: ['default'],
  setupFilesAfterEnv: [...(base.setupFilesAfterEnv ?? []), './jest.setup.js'],
  testRegex:
    'src/.*/__tests__/.*\\.spec\\.tsx?$|src/__tests__/.*\\.spec\\.tsx?$',
  testTimeout: 60000,
  transformIgnorePatterns: [`/node_modules/(?!${esModules}).+`]
};
