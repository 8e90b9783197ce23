import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { CommandIDs } from '../commands';
import { labelingIcon } from '../icons';
import { IActiveLearning } from '../tokens';
import { ProjectPanel } from '../widgets/panel-widget';

/**
 * The side panel with projects, figures and settings.
 */
export const panelPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab_al:panel',
  description: 'The side panel for active learning projects.',
  autoStart: true,
  requires: [IActiveLearning],
  optional: [ITranslator, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    al: IActiveLearning,
    translator_: ITranslator | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const translator = translator_ ?? nullTranslator;
    const trans = translator.load('jupyterlab_al');
    const panel = new ProjectPanel({ al, translator });
    panel.id = 'jp-al-panel';
    panel.title.icon = labelingIcon;
    panel.title.caption = trans.__('Active learning');
    app.shell.add(panel, 'left', { rank: 650 });
    restorer?.add(panel, panel.id);
    app.commands.addCommand(CommandIDs.openPanel, {
      label: trans.__('Active Learning'),
      caption: trans.__('Show the projects, how far they are and their model'),
      icon: labelingIcon,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => app.shell.activateById(panel.id)
    });
  }
};
