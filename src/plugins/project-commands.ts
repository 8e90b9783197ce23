import type { JupyterFrontEnd } from '@jupyterlab/application';
import {
  InputDialog,
  Notification,
  type MainAreaWidget,
  type WidgetTracker
} from '@jupyterlab/apputils';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import type { Client } from '../api/client';
import { CommandIDs } from '../commands';
import { FOR_TOOLS, TABLES } from '../components/panel/export-formats';
import { labelingIcon } from '../icons';
import type { IActiveLearning } from '../tokens';
import type { LabelingWidget } from '../widgets/labeling-widget';

const FORMATS = [...TABLES, ...FOR_TOOLS];

/**
 * What can be done with a project from anywhere.
 */
export function addProjectCommands(
  { commands }: JupyterFrontEnd,
  al: IActiveLearning,
  tracker: WidgetTracker<MainAreaWidget<LabelingWidget>>,
  translator: ITranslator
): void {
  const trans = translator.load('jupyterlab_al');
  const named = {
    args: {
      type: 'object',
      properties: {
        name: {
          type: 'string',
          description: trans.__('The name of the project; asked for without it')
        }
      }
    }
  };
  /** The project meant: named, in the view that is open, or chosen. */
  const meant = (args: ReadonlyPartialJSONObject) =>
    typeof args.name === 'string'
      ? Promise.resolve(args.name)
      : chooseProject(al, trans, tracker.currentWidget?.content.model.name);

  commands.addCommand(CommandIDs.labelProject, {
    label: trans.__('Label a Project…'),
    caption: trans.__('Open the labeling view of a project'),
    icon: labelingIcon,
    describedBy: named,
    execute: async args => {
      const name =
        typeof args.name === 'string'
          ? args.name
          : await chooseProject(al, trans);
      if (name !== null) {
        await al.openLabeling(name);
      }
    }
  });
  commands.addCommand(CommandIDs.newProject, {
    label: trans.__('New Labeling Project…'),
    caption: trans.__('Make a project of a file or folder and label it'),
    icon: labelingIcon,
    describedBy: {
      args: {
        type: 'object',
        properties: {
          path: {
            type: 'string',
            description: trans.__('The file or folder; chosen without it')
          }
        }
      }
    },
    execute: ({ path }) =>
      al.newProject(typeof path === 'string' ? path : undefined)
  });
  commands.addCommand(CommandIDs.trainNow, {
    label: trans.__('Train the Model Now'),
    describedBy: named,
    execute: async args => {
      const name = await meant(args);
      if (name !== null) {
        await told(al.client.startRound(name));
      }
    }
  });
  commands.addCommand(CommandIDs.exportLabels, {
    label: trans.__('Export Labels…'),
    describedBy: named,
    execute: async args => {
      const name = await meant(args);
      if (name !== null) {
        await exportLabels(al.client, name, trans);
      }
    }
  });
}

/**
 * Let the person choose a project; without any, let them make one.
 */
async function chooseProject(
  al: IActiveLearning,
  trans: TranslationBundle,
  current?: string
): Promise<string | null> {
  const reply = await told(al.client.projects());
  if (reply === null) {
    return null;
  }
  const { projects } = reply;
  if (projects.length === 0) {
    await al.newProject();
    return null;
  }
  if (projects.length === 1) {
    return projects[0].name;
  }
  const names = projects.map(({ name }) => name);
  const chosen = await InputDialog.getItem({
    title: trans.__('Which project?'),
    items: projects.map(({ title, name }) => title || name),
    current: Math.max(current === undefined ? 0 : names.indexOf(current), 0)
  });
  const position = projects.findIndex(
    ({ title, name }) => (title || name) === chosen.value
  );
  return chosen.button.accept ? (names[position] ?? null) : null;
}

async function exportLabels(
  client: Client,
  name: string,
  trans: TranslationBundle
): Promise<void> {
  const chosen = await InputDialog.getItem({
    title: trans.__('Export the labels of %1 as', name),
    items: FORMATS.map(({ name: title }) => title)
  });
  if (chosen.button.accept && chosen.value !== null) {
    const link = document.createElement('a');
    const of = FORMATS.find(({ name: title }) => title === chosen.value);
    link.href = client.exportUrl(name, of?.format ?? 'csv', 'labels');
    link.download = '';
    link.click();
  }
}

/**
 * The reply, or null after the refusal was shown.
 */
async function told<T>(reply: Promise<T>): Promise<T | null> {
  try {
    return await reply;
  } catch (reason) {
    Notification.error(
      reason instanceof Error ? reason.message : String(reason),
      { autoClose: 8000 }
    );
    return null;
  }
}
