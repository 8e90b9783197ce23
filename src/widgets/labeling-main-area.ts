import { MainAreaWidget } from '@jupyterlab/apputils';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import { UUID } from '@lumino/coreutils';

import type { Client } from '../api/client';
import type { IProjectEvents } from '../api/events';
import { labelingIcon } from '../icons';
import type { Extensions } from '../models/extensions';
import { LabelingModel } from '../models/labeling-model';
import type { Outboxes } from '../models/outboxes';
import { LabelingWidget } from './labeling-widget';
import { mimeRenderer } from './mime-renderer';
import type { IPrintedKeys } from './printed-keys';

/**
 * What a labeling view is made with.
 */
export interface ILabelingViewOptions {
  name: string;
  client: Client;
  events: IProjectEvents;
  extensions: Extensions;
  keys: IPrintedKeys;
  outboxes: Outboxes;
  rendermime: IRenderMimeRegistry | null;
  trans: TranslationBundle;
  ahead: number;
  showPredictions: boolean;
}

/**
 * Make the labeling view of a project for the main area.
 */
export function makeLabelingView(
  options: ILabelingViewOptions
): MainAreaWidget<LabelingWidget> {
  const { name, client, events, extensions, keys, rendermime, trans } = options;
  const model = new LabelingModel({
    project: name,
    client,
    events,
    outbox: options.outboxes.get(name),
    clientId: UUID.uuid4(),
    newKey: () => UUID.uuid4(),
    ahead: options.ahead
  });
  const content = new LabelingWidget({
    model,
    client,
    extensions,
    keys,
    renderMime: rendermime ? mimeRenderer(rendermime) : undefined,
    trans
  });
  content.showPredictions = options.showPredictions;
  content.title.label = name;
  content.title.caption = trans.__('Labeling: %1', name);
  content.title.icon = labelingIcon;
  content.title.closable = true;
  const view = new MainAreaWidget({ content });
  view.id = `jp-al-labeling-${name}`;
  view.addClass('jp-al-Labeling');
  view.toolbar.hide();
  return view;
}
