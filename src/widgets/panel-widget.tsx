import type { TranslationBundle } from '@jupyterlab/translation';
import { VDomRenderer } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import React from 'react';

import { Panel } from '../components/panel';
import type { IPanelActions, IPanelView } from '../components/panel';
import { type PanelAction, PanelModel } from '../models/panel-model';
import type { IActiveLearning, IProjectPanelOptions } from '../tokens';

/** The side panel: follows the projects while it is seen. */
export class ProjectPanel extends VDomRenderer<PanelModel> {
  constructor(options: IProjectPanelOptions) {
    const trans = options.translator.load('jupyterlab_al');
    super(
      new PanelModel({
        client: options.al.client,
        events: options.al.events,
        demoTitle: trans.__('Handwritten digits')
      })
    );
    this._al = options.al;
    this._trans = trans;
    this._actions = this._makeActions();
    this.addClass('jp-al-Panel');
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    const { model } = this;
    super.dispose();
    model.dispose();
  }

  protected override render(): JSX.Element {
    return (
      <Panel view={this._view()} actions={this._actions} trans={this._trans} />
    );
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    if (this.isVisible) {
      this.model.start();
    }
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this.model.start();
  }

  protected override onAfterHide(msg: Message): void {
    super.onAfterHide(msg);
    this.model.stop();
  }

  protected override onBeforeDetach(msg: Message): void {
    this.model.stop();
    super.onBeforeDetach(msg);
  }

  private _view(): IPanelView {
    const { model } = this;
    const { failure } = model;
    return {
      isLoaded: model.isLoaded,
      failure: failure && { message: failure.message, isLost: failure.isLost },
      projects: model.projects,
      chosen: model.chosen,
      metrics: model.metrics,
      rounds: model.rounds,
      strategies: model.strategies,
      worker: model.worker,
      comingBack: model.comingBack,
      folded: model.folded,
      now: Date.now(),
      isBusy: action => model.isBusy(action),
      errorOf: action => this._errorOf(action)
    };
  }

  private _errorOf(action: PanelAction): string | null {
    const error = this.model.errorOf(action);
    if (!error) {
      return null;
    }
    return error.isLost
      ? this._trans.__(
          'The server did not answer; nothing was changed. Try again.'
        )
      : error.message;
  }

  private _makeActions(): IPanelActions {
    const { model } = this;
    return {
      choose: name => model.choose(name),
      create: () => void this._create(),
      demo: () => void this._demo(),
      label: name => void this._al.openLabeling(name),
      train: () => void model.train(),
      cancelRound: id => void model.cancelRound(id),
      review: () => void this._review(),
      patch: (action, body) => void model.patch(action, body),
      remove: confirm => void model.remove(confirm),
      toggleSection: section => model.toggleSection(section),
      refresh: () => void model.refresh(),
      exportUrl: (name, format, what, withData) =>
        this._al.client.exportUrl(name, format, what, withData)
    };
  }

  private async _create(): Promise<void> {
    const name = await this._al.newProject();
    if (name !== null) {
      await this.model.refresh();
      this.model.choose(name);
    }
  }

  private async _review(): Promise<void> {
    const { chosen } = this.model;
    if (chosen && (await this.model.review())) {
      await this._al.openLabeling(chosen.name);
    }
  }

  private async _demo(): Promise<void> {
    const name = await this.model.createDemo();
    if (name !== null) {
      await this._al.openLabeling(name);
    }
  }

  private _actions: IPanelActions;
  private _al: IActiveLearning;
  private _trans: TranslationBundle;
}
