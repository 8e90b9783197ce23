import { PageConfig, URLExt } from '@jupyterlab/coreutils';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ServerConnection } from '@jupyterlab/services';
import {
  nullTranslator,
  type TranslationBundle
} from '@jupyterlab/translation';
import { DisposableSet } from '@lumino/disposable';

import { Client } from './api/client';
import { ProjectEvents } from './api/events';
import { ApiError } from './api/request';
import { CELL_CLASS, type IShortcut } from './widgets/cell-keys';
import { LabelingCell } from './widgets/labeling-cell';

/**
 * What the kernel says of a view: `LabelingWidget` in `jupyterlab_al/client/widget.py`.
 */
export interface IWidgetState {
  project: string;
  /** When the project was made: tells it from another of the same name. */
  created_at: string;
  /** The path of the kernel's server, for pages that don't name theirs. */
  base_url: string;
  /** The number of labeled samples: all that the view tells the kernel. */
  labels: number;
}

/**
 * What anywidget gives a view.
 */
export interface IRenderProps {
  model: {
    get<K extends keyof IWidgetState>(key: K): IWidgetState[K];
    set<K extends keyof IWidgetState>(key: K, value: IWidgetState[K]): void;
    save_changes(): void;
    widget_manager?: { rendermime?: IRenderMimeRegistry };
  };
  el: HTMLElement;
}

/**
 * The labeling view for notebooks, as anywidget loads it.
 *
 * Labels go from the page to its server, as in JupyterLab; the kernel learns their number.
 */
export function labelingInNotebooks(shortcuts: readonly IShortcut[]): {
  render: (props: IRenderProps) => () => void;
} {
  return {
    render: props => {
      const shown = new DisposableSet();
      // Not waited for: ipywidgets shows nothing before this returns.
      void show(props, shortcuts, shown);
      return () => shown.dispose();
    }
  };
}

async function show(
  { model, el }: IRenderProps,
  shortcuts: readonly IShortcut[],
  shown: DisposableSet
): Promise<void> {
  const project = model.get('project');
  const trans = nullTranslator.load('jupyterlab_al');
  const host = document.createElement('div');
  host.className = CELL_CLASS;
  el.append(host);
  const serverSettings = settingsOf(model.get('base_url'));
  const client = new Client({ serverSettings });
  const made = model.get('created_at');
  const obstacle = await obstacleOf(client, project, made, trans);
  if (shown.isDisposed) {
    return;
  }
  if (obstacle !== null) {
    host.append(words(obstacle));
    return;
  }
  const events = new ProjectEvents({ serverSettings });
  const cell = new LabelingCell({
    host,
    project,
    client,
    events,
    storage: window.localStorage,
    scope: serverSettings.baseUrl,
    shortcuts,
    rendermime: model.widget_manager?.rendermime ?? null,
    translator: nullTranslator,
    onLabels: n => tell(model, n)
  });
  shown.add(cell);
  shown.add(events);
}

/**
 * The server of the page; a page that doesn't name it was served by the kernel's.
 */
function settingsOf(path: string): ServerConnection.ISettings {
  return ServerConnection.makeSettings(
    PageConfig.getOption('baseUrl') === ''
      ? { baseUrl: URLExt.join(window.location.origin, path) }
      : {}
  );
}

interface IObstacle {
  headline: string;
  detail: string;
}

/**
 * Why this page can't label the kernel's project; null when nothing is known against it.
 */
async function obstacleOf(
  client: Client,
  project: string,
  made: string,
  trans: TranslationBundle
): Promise<IObstacle | null> {
  try {
    const { created_at } = await client.project(project);
    return created_at === made
      ? null
      : {
          headline: trans.__('This is another project of the same name'),
          detail: trans.__(
            'The server of this page does not have the project that the cell means. Run the cell again; if that changes nothing, open the notebook on the server that al.connect names.'
          )
        };
  } catch (reason) {
    // The stand-alone Voilà takes every address for a file, and refuses it with a page of its own.
    const isForeign =
      reason instanceof ApiError &&
      ((reason.status === 403 && reason.word === 'not_json') ||
        (reason.status === 404 && reason.word !== 'unknown_project'));
    // What else can go wrong, the view says itself, and looks again.
    return isForeign
      ? {
          headline: trans.__('The server of this page has no jupyterlab_al'),
          detail: trans.__(
            'Labels go to a Jupyter server. Serve this page by one: start “jupyter server” where jupyterlab_al and voila are installed, and open voila/render/ with the name of the notebook.'
          )
        }
      : null;
  }
}

function words({ headline, detail }: IObstacle): HTMLElement {
  const node = document.createElement('div');
  node.className = 'jp-al-Nothing';
  const title = document.createElement('h3');
  title.textContent = headline;
  const text = document.createElement('p');
  text.textContent = detail;
  node.append(title, text);
  return node;
}

function tell(model: IRenderProps['model'], labels: number): void {
  try {
    model.set('labels', labels);
    model.save_changes();
  } catch {
    // The kernel is gone; labeling does not need it.
  }
}
