import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Client } from '../api/client';
import type { IProjectEvents } from '../api/events';
import type { Extensions } from '../models/extensions';
import type { Outboxes } from '../models/outboxes';
import type { LabelingWidget } from '../widgets/labeling-widget';
import type { IPrintedKeys } from '../widgets/printed-keys';

/**
 * The labeling views in the main area: at most one a project.
 */
export class LabelingViews {
  constructor(private _options: LabelingViews.IOptions) {}

  /**
   * Show the view of a project, made if there is none.
   */
  async open(name: string): Promise<void> {
    const { app, tracker } = this._options;
    // Loaded at first use, to keep the start of the application light.
    const { makeLabelingView } = await import('../widgets/labeling-main-area');
    const found = tracker.find(({ content }) => content.model.name === name);
    const view =
      found ??
      makeLabelingView({
        ...this._options,
        name,
        ahead: this._ahead,
        showPredictions: this._showPredictions
      });
    if (!view.isAttached) {
      app.shell.add(view, 'main');
    }
    if (!tracker.has(view)) {
      await tracker.add(view);
    }
    app.shell.activateById(view.id);
  }

  /**
   * Follow the person's settings.
   */
  follow(settings: ISettingRegistry.ISettings): void {
    settings.changed.connect(this._onSettings, this);
    this._onSettings(settings);
  }

  private _onSettings(settings: ISettingRegistry.ISettings): void {
    const { samplesAhead, showPredictions } = settings.composite;
    this._ahead = samplesAhead as number;
    this._showPredictions = showPredictions as boolean;
    this._options.tracker.forEach(({ content }) => {
      content.model.ahead = this._ahead;
      content.showPredictions = this._showPredictions;
    });
  }

  private _ahead = 4;
  private _showPredictions = false;
}

/**
 * The namespace for `LabelingViews` statics.
 */
export namespace LabelingViews {
  /**
   * What the views are made with.
   */
  export interface IOptions {
    app: JupyterFrontEnd;
    client: Client;
    events: IProjectEvents;
    extensions: Extensions;
    keys: IPrintedKeys;
    outboxes: Outboxes;
    rendermime: IRenderMimeRegistry | null;
    tracker: WidgetTracker<MainAreaWidget<LabelingWidget>>;
    trans: TranslationBundle;
  }
}
