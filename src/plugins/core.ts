import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';

/**
 * The extension's public face.
 */
export const corePlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab_al:plugin',
  description: 'Active learning: projects, labeling and settings.',
  autoStart: true,
  activate: (_: JupyterFrontEnd) => undefined
};
