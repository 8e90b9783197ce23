import {
  IRouter,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { CommandIDs } from '../commands';
import { labelingIcon } from '../icons';
import { IActiveLearning } from '../tokens';

/** Files that a project can be made of. */
const DATA_FILE = /\.(csv|tsv|parquet|jsonl|ndjson|arrow|feather|npy|npz)$/i;
/** Event of a project on the server's bus. */
const PROJECT_EVENT = 'https://events.jupyterlab-al.org/project/v1';
/** `lab?al=digits` opens the labeling view of `digits`. */
const NAME_IN_URL = /[?&]al=([^&#]+)/;

/**
 * The ways in: palette, launcher, file browser and address.
 */
export const entriesPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab_al:entries',
  description:
    'Active learning in the palette, the launcher, the file browser and the address bar.',
  autoStart: true,
  requires: [IActiveLearning],
  optional: [
    ITranslator,
    ICommandPalette,
    ILauncher,
    IFileBrowserFactory,
    IRouter
  ],
  activate: (
    app: JupyterFrontEnd,
    al: IActiveLearning,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    browsers: IFileBrowserFactory | null,
    router: IRouter | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyterlab_al');
    const category = trans.__('Active Learning');
    for (const command of [
      CommandIDs.openPanel,
      CommandIDs.labelProject,
      CommandIDs.newProject,
      CommandIDs.trainNow,
      CommandIDs.exportLabels,
      CommandIDs.skip,
      CommandIDs.flag,
      CommandIDs.comment,
      CommandIDs.undo,
      CommandIDs.answers,
      CommandIDs.find,
      CommandIDs.add,
      CommandIDs.review,
      CommandIDs.why,
      CommandIDs.play,
      CommandIDs.help
    ]) {
      palette?.addItem({ command, category });
    }
    launcher?.add({
      command: CommandIDs.labelProject,
      category: trans.__('Other'),
      rank: 3
    });
    if (browsers) {
      addFileCommand(
        app,
        al,
        browsers,
        trans.__('Label with Active Learning…')
      );
    }
    if (router) {
      addUrlCommand(app, al, router);
    }
    // A notebook asked for the view: `project.open()`.
    app.serviceManager.events.stream.connect((_, { schema_id, ...event }) => {
      if (schema_id === PROJECT_EVENT && event.what === 'opened') {
        void al.openLabeling(String(event.project));
      }
    });
  }
};

function addFileCommand(
  { commands, serviceManager }: JupyterFrontEnd,
  al: IActiveLearning,
  browsers: IFileBrowserFactory,
  label: string
): void {
  const chosen = () => {
    const items = [...(browsers.tracker.currentWidget?.selectedItems() ?? [])];
    const fits = (item: { type: string; name: string }) =>
      item.type === 'directory' || DATA_FILE.test(item.name);
    return items.length === 1 && fits(items[0]) ? items[0] : null;
  };
  commands.addCommand(CommandIDs.newProjectFromFile, {
    label,
    icon: labelingIcon.bindprops({ stylesheet: 'menuItem' }),
    describedBy: { args: { type: 'object', properties: {} } },
    isVisible: () => chosen() !== null,
    execute: async () => {
      const item = chosen();
      if (item) {
        await al.newProject(serviceManager.contents.localPath(item.path));
      }
    }
  });
}

function addUrlCommand(
  { commands, restored }: JupyterFrontEnd,
  al: IActiveLearning,
  router: IRouter
): void {
  const open = async (name: string) => {
    await al.openLabeling(decodeURIComponent(name.replace(/\+/g, ' ')));
    // Said once: a reload restores the view with the layout.
    const url = new URL(window.location.href);
    url.searchParams.delete('al');
    router.navigate(`${url.pathname}${url.search}${url.hash}`, {
      skipRouting: true
    });
  };
  commands.addCommand(CommandIDs.openFromUrl, {
    describedBy: {
      args: {
        type: 'object',
        properties: { search: { type: 'string' } }
      }
    },
    execute: args => {
      const name = NAME_IN_URL.exec(String(args.search ?? ''))?.[1];
      if (name !== undefined) {
        // Not awaited: the layout is restored only after all commands of the address are done.
        void restored.then(() => open(name));
      }
    }
  });
  router.register({
    command: CommandIDs.openFromUrl,
    pattern: NAME_IN_URL,
    rank: 30
  });
}
