import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { WidgetTracker, type MainAreaWidget } from '@jupyterlab/apputils';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { Client } from '../api/client';
import { ProjectEvents } from '../api/events';
import { CommandIDs } from '../commands';
import { Extensions } from '../models/extensions';
import { Outboxes } from '../models/outboxes';
import { IActiveLearning } from '../tokens';
import type { LabelingWidget } from '../widgets/labeling-widget';
import { PrintedKeys } from '../widgets/printed-keys';
import { addLabelingCommands } from './labeling-commands';
import { LabelingViews } from './labeling-views';
import { addProjectCommands } from './project-commands';

const PLUGIN = 'jupyterlab_al:plugin';

/**
 * The labeling views, their commands and the extension's public face.
 */
export const corePlugin: JupyterFrontEndPlugin<IActiveLearning> = {
  id: PLUGIN,
  description: 'Labeling views for active learning, and their commands.',
  autoStart: true,
  provides: IActiveLearning,
  optional: [
    IRenderMimeRegistry,
    ITranslator,
    ISettingRegistry,
    ILayoutRestorer
  ],
  activate: (
    app: JupyterFrontEnd,
    rendermime: IRenderMimeRegistry | null,
    translator_: ITranslator | null,
    settings: ISettingRegistry | null,
    restorer: ILayoutRestorer | null
  ): IActiveLearning => {
    const translator = translator_ ?? nullTranslator;
    const { serverSettings } = app.serviceManager;
    const client = new Client({ serverSettings });
    const events = new ProjectEvents({ serverSettings });
    const tracker = new WidgetTracker<MainAreaWidget<LabelingWidget>>({
      namespace: 'jupyterlab_al-labeling'
    });
    const extensions = new Extensions();
    const views = new LabelingViews({
      app,
      client,
      events,
      extensions,
      keys: new PrintedKeys(app.commands),
      outboxes: new Outboxes({
        client,
        storage: window.localStorage,
        scope: serverSettings.baseUrl
      }),
      rendermime,
      tracker,
      trans: translator.load('jupyterlab_al')
    });
    const al: IActiveLearning = {
      client,
      events,
      addSampleRenderer: renderer => extensions.addRenderer(renderer),
      addLabelEditor: editor => extensions.addEditor(editor),
      openLabeling: name => views.open(name),
      newProject: async path => {
        const { createProjectDialog } =
          await import('../widgets/create-dialog');
        const name = await createProjectDialog({
          client,
          events,
          translator,
          path,
          rendermime
        });
        if (name !== null) {
          await views.open(name);
        }
        return name;
      }
    };
    addLabelingCommands(
      app.commands,
      () => tracker.currentWidget?.content ?? null,
      translator
    );
    addProjectCommands(app, al, tracker, translator);
    void restorer?.restore(tracker, {
      command: CommandIDs.labelProject,
      args: ({ content }) => ({ name: content.model.name }),
      name: ({ content }) => content.model.name
    });
    void settings
      ?.load(PLUGIN)
      .then(loaded => views.follow(loaded))
      .catch(reason => console.error(reason));
    return al;
  }
};
