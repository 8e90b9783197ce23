import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { corePlugin } from './plugins/core';

/**
 * The plugins of the extension.
 */
const plugins: JupyterFrontEndPlugin<unknown>[] = [corePlugin];

export default plugins;
