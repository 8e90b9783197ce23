import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { corePlugin } from './plugins/core';
import { entriesPlugin } from './plugins/entries';
import { panelPlugin } from './plugins/panel';
import type { IActiveLearning } from './tokens';

export { IActiveLearning } from './tokens';
export type * from './extension-points';

/**
 * The plugins of the extension.
 */
const plugins: JupyterFrontEndPlugin<IActiveLearning | void>[] = [
  corePlugin,
  panelPlugin,
  entriesPlugin
];

export default plugins;
