import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IActiveLearning } from 'jupyterlab_al';

import { stars } from './stars';
import { swatches } from './swatches';

/**
 * Draws colors as swatches, and lets people give stars.
 */
const plugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab_al_star_rating:plugin',
  description: 'Swatches and stars in labeling views.',
  autoStart: true,
  requires: [IActiveLearning],
  activate: (_app: JupyterFrontEnd, al: IActiveLearning) => {
    al.addSampleRenderer(swatches);
    al.addLabelEditor(stars);
  }
};

export default plugin;
