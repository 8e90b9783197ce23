// Bundle the labeling view for notebooks: one script and one style sheet that need nothing else,
// which the Python package ships and anywidget hands to the browser.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import plugins from '@jupyter/builder/lib/webpack-plugins.js';
import { rspack } from '@rspack/core';

const HERE = dirname(fileURLToPath(import.meta.url));
const TARGET = join(HERE, '../jupyterlab_al/client/static');
const { resolve } = createRequire(import.meta.url);

// Of these only one file is used, and their index files would bring all of JupyterLab along.
const PARTS = {
  '@jupyterlab/rendermime$': '@jupyterlab/rendermime/lib/mimemodel.js',
  '@jupyterlab/services$': '@jupyterlab/services/lib/serverconnection.js',
  '@jupyterlab/translation$': '@jupyterlab/translation/lib/base.js',
  '@jupyterlab/ui-components$':
    '@jupyterlab/ui-components/lib/components/vdom.js'
};

const config = {
  mode: 'production',
  target: ['web', 'es2022'],
  entry: { labeling: join(HERE, 'labeling.js') },
  output: {
    path: TARGET,
    filename: '[name].js',
    cssFilename: '[name].css',
    library: { type: 'module' },
    module: true
  },
  devtool: false,
  module: { rules: [{ test: /\.css$/, type: 'css' }] },
  resolve: {
    alias: Object.fromEntries(
      Object.entries(PARTS).map(([name, part]) => [name, resolve(part)])
    ),
    fallback: { path: resolve('path-browserify') }
  },
  // Jupyter's packages come without the text of their license.
  ignoreWarnings: [/could not find any license file/],
  performance: { hints: false },
  // As in JupyterLab's extensions: `third-party-licenses.json`.
  plugins: [
    new plugins.WPPlugin.JSONLicenseWebpackPlugin({
      excludedPackageTest: name => name === 'jupyterlab_al'
    })
  ]
};

/**
 * Give each variable of the theme a value for pages without a theme.
 */
async function addFallbacks(path) {
  const values = JSON.parse(await readFile(join(HERE, 'fallbacks.json')));
  const css = await readFile(path, 'utf8');
  await writeFile(
    path,
    css.replace(/var\((--jp-[\w-]+)\)/g, (_, name) => {
      if (!(name in values)) {
        throw new Error(`${name} has no value in notebook/fallbacks.json`);
      }
      return `var(${name}, ${values[name]})`;
    })
  );
}

await rm(TARGET, { recursive: true, force: true });
const stats = await new Promise((done, fail) =>
  rspack(config, (error, stats) => (error ? fail(error) : done(stats)))
);
console.log(stats.toString({ preset: 'errors-warnings', assets: true }));
if (stats.hasErrors()) {
  process.exit(1);
}
await addFallbacks(join(TARGET, 'labeling.css'));
