import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import React, { useSyncExternalStore } from 'react';

import type { Client } from '../api/client';
import type { IMetricsReply } from '../api/types';
import {
  pictureOf,
  soundOf,
  type RenderMime
} from '../components/labeling/display';
import { ZOOM_KEYS } from '../components/labeling/image-sample';
import {
  LabelingView,
  type ILabelingViewProps,
  type Pane
} from '../components/labeling/labeling-view';
import { ExportMenu, mayExport } from '../components/panel/export-menu';
import type { IHeldSample } from '../models/held-samples';
import type { LabelingModel } from '../models/labeling-model';
import type { Extensions } from '../models/extensions';
import { MOST_BUTTONS } from '../models/class-slots';
import { classViews, labelText } from '../models/labeling-classes';
import { isReviewable, reviewWords } from '../models/review-words';
import { adviceWords, modelWords, whyWords } from '../models/words';
import { answerViews } from './answer-views';
import { CustomParts } from './custom-parts';
import type { IPrintedKeys } from './printed-keys';

/**
 * The labeling view of one project: the only place where its model meets React.
 */
export class LabelingWidget extends ReactWidget {
  constructor(private _options: LabelingWidget.IOptions) {
    super();
    this.addClass('jp-al-LabelingContent');
    this.model = _options.model;
    this.model.changed.connect(this._onChanged, this);
    _options.keys.changed.connect(this._onChanged, this);
    const { extensions, model } = _options;
    this._parts = extensions
      ? new CustomParts({
          extensions,
          model,
          contentUrl: this._contentUrl,
          onChanged: () => this._onChanged()
        })
      : null;
  }

  /**
   * What is shown.
   */
  readonly model: LabelingModel;

  /**
   * Whether the model's predictions stand on the buttons, where the project shows them.
   */
  get showPredictions(): boolean {
    return this._showPredictions;
  }
  set showPredictions(value: boolean) {
    this._showPredictions = value;
    this._onChanged();
  }

  /**
   * Unfold a pane, or fold it if it is the one that is open.
   */
  togglePane(pane: NonNullable<Pane>): void {
    if (pane === 'answers' && this._pane !== pane) {
      void this.model.readAnswers();
    }
    this._setPane(this._pane === pane ? null : pane);
  }

  /**
   * Say why the sample was chosen, or stop saying it.
   */
  toggleWhy = (): void => {
    this._isExplained = !this._isExplained;
    this._onChanged();
  };

  /**
   * Play the sound of the sample, or pause it.
   */
  togglePlaying(): void {
    const player = this.node.querySelector<HTMLAudioElement>(
      '.jp-al-Card:not(.jp-al-mod-waiting) audio'
    );
    if (player?.paused) {
      // What can't be played says so itself.
      player.play().catch(() => undefined);
    } else {
      player?.pause();
    }
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this.model.changed.disconnect(this._onChanged, this);
    this._options.keys.changed.disconnect(this._onChanged, this);
    this._parts?.dispose();
    super.dispose();
    this.model.dispose();
  }

  protected override render(): JSX.Element {
    return <Connected widget={this} />;
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    window.addEventListener('keydown', this._onRepeatedKey, true);
    window.addEventListener('keydown', this._onEditorKey, true);
    this.node.addEventListener('keydown', this._onHelpKey);
    window.addEventListener('beforeunload', this._onBeforeUnload);
    window.addEventListener('pagehide', this._onPageHide);
    window.addEventListener('pageshow', this._onPageShow);
  }

  protected override onBeforeDetach(message: Message): void {
    window.removeEventListener('keydown', this._onRepeatedKey, true);
    window.removeEventListener('keydown', this._onEditorKey, true);
    this.node.removeEventListener('keydown', this._onHelpKey);
    window.removeEventListener('beforeunload', this._onBeforeUnload);
    window.removeEventListener('pagehide', this._onPageHide);
    window.removeEventListener('pageshow', this._onPageShow);
    super.onBeforeDetach(message);
  }

  protected override onActivateRequest(): void {
    this._focusSample();
  }

  /**
   * Listen to changes; React's side of the store.
   */
  readonly subscribe = (listener: () => void): (() => void) => {
    this._listeners.add(listener);
    return () => this._listeners.delete(listener);
  };

  /**
   * The number of changes so far.
   */
  readonly version = (): number => this._version;

  /**
   * Everything that the view shows now.
   */
  viewProps(): ILabelingViewProps {
    const { model } = this;
    const { project, metrics, current, outbox } = model;
    const { trans, keys, renderMime } = this._options;
    const classes = classViews(model, keys.classes, this._showPredictions);
    return {
      header: {
        title: project?.title || model.name,
        labeled: model.labeled,
        total: project?.n_samples ?? 0,
        accuracy: metrics?.accuracy ?? null,
        isMulti: project?.multi_label ?? false,
        curve: metrics?.curve.map(point => point.accuracy) ?? [],
        model: metrics && modelWords(metrics, trans)
      },
      samples: model.held.map(held => ({
        id: held.lease.sample_id,
        sampleKey: held.lease.sample_key,
        display: held.lease.display,
        drawing: project ? this._parts?.drawingOf(project, held) : undefined
      })),
      empty: this._empty(),
      info: this._info(),
      actions: {
        nChosen: current?.selection.length ?? 0,
        isFlagged: current?.flagged ?? false,
        canUndo: model.undoable > 0 || model.waitingKeys > 0,
        outbox: {
          waiting: outbox.waiting,
          lost: model.lost,
          isKept: outbox.isKept
        },
        onSubmit: () => model.submit(),
        onSkip: () => model.skip(),
        onFlag: () => model.toggleFlag(),
        onComment: () => this.togglePane('comment'),
        onUndo: () => model.undo(),
        onAnswers: () => this.togglePane('answers'),
        onHelp: () => this.togglePane('help'),
        onRetry: () => model.lookAgain()
      },
      keys: this._keys(),
      classes,
      editor: project ? this._parts?.editorOf(project, classes) : undefined,
      isMany: (project?.classes.length ?? 0) > MOST_BUTTONS,
      isMulti: project?.multi_label ?? false,
      canAdd: project?.role === 'owner',
      lastChoice: model.lastChoice,
      comment: current?.comment ?? '',
      answers: model.answers && answerViews(model.answers, trans),
      pane: this._pane,
      onPane: this._setPane,
      onShown: this._onShown,
      contentUrl: this._contentUrl,
      originalUrl: this._originalUrl,
      onChoose: label => model.choose(label),
      onAddClass: name => model.addClass(name),
      onCommentChange: text => model.comment(text),
      onReopen: id => {
        const answer = model.answers?.find(each => each.id === id);
        if (answer) {
          model.reopen(answer);
        }
      },
      renderMime,
      trans
    };
  }

  /**
   * The keys of what can be done here.
   */
  private _keys(): ILabelingViewProps['keys'] {
    const { project } = this.model;
    const keys = { ...this._options.keys.actions };
    if ((project?.classes.length ?? 0) <= MOST_BUTTONS) {
      delete keys.find;
    }
    if (project?.role !== 'owner') {
      delete keys.add;
    }
    if (!project?.multi_label) {
      delete keys.submit;
    }
    if (!soundOf(this.model.current?.lease.display ?? {})) {
      delete keys.play;
    }
    if (pictureOf(this.model.current?.lease.display ?? {})) {
      keys.zoom = ZOOM_KEYS;
    }
    return keys;
  }

  private _empty(): ILabelingViewProps['empty'] {
    const { model } = this;
    const { project } = model;
    if (model.emptiness === null) {
      return null;
    }
    const total = project?.n_samples ?? 0;
    return {
      kind: model.emptiness,
      total,
      left: Math.max(total - model.labeled, 0),
      backAt: model.backAt,
      preparing: project?.preparing ?? null,
      error: project?.error ?? null,
      isArchived: project?.state === 'archived',
      isOwner: project?.role === 'owner',
      review: reviewWords(
        model.metrics,
        model.comingBack,
        this._options.trans,
        false
      ),
      canReview: isReviewable(model.metrics),
      onReview: () => {
        // The button may go; keys go to the view, and then to the sample.
        this._focusSample();
        void model.review();
      },
      onLookAgain: () => model.lookAgain(),
      onResume: () => void model.resume(),
      exportMenu: this._exportMenu()
    };
  }

  private _info(): ILabelingViewProps['info'] {
    const { model } = this;
    const { current, metrics } = model;
    const { trans } = this._options;
    return {
      isExplained: this._isExplained,
      words: current && this._words(current, metrics),
      notice: model.notice,
      refused: model.outbox.refused.map(({ key, label, message }) => ({
        key,
        label: labelText(label, trans),
        message
      })),
      advice:
        metrics?.advice.stop &&
        current !== null &&
        model.comingBack === null &&
        !this._keepsGoing
          ? adviceWords(metrics, trans)
          : null,
      exportMenu: this._exportMenu(),
      onWhy: this.toggleWhy,
      onRetry: () => model.lookAgain(),
      onDiscard: key => model.outbox.discard(key),
      onKeepGoing: () => {
        this._keepsGoing = true;
        this._onChanged();
      }
    };
  }

  private _words(
    current: IHeldSample,
    metrics: IMetricsReply | null
  ): string | null {
    const { trans } = this._options;
    const { project, comingBack } = this.model;
    if (comingBack !== null) {
      return reviewWords(metrics, comingBack, trans);
    }
    if (this._isExplained) {
      return whyWords(current.lease, metrics, trans, project?.multi_label);
    }
    return current.earlier
      ? trans.__('Your answer was %1.', labelText(current.earlier, trans))
      : null;
  }

  private _exportMenu(): JSX.Element | null {
    const { client, trans } = this._options;
    const { project, metrics } = this.model;
    return project === null || !mayExport(project) ? null : (
      <ExportMenu
        url={(format, what, withData) =>
          client.exportUrl(this.model.name, format, what, withData)
        }
        hasModel={(metrics?.curve.length ?? 0) > 0}
        trans={trans}
      />
    );
  }

  private _onChanged(): void {
    const title = this.model.project?.title;
    if (title) {
      this.title.label = title;
    }
    this._version += 1;
    this._listeners.forEach(listener => listener());
  }

  private _setPane = (pane: Pane): void => {
    this._pane = pane;
    this._onChanged();
    if (pane === null) {
      this._focusSample();
    }
  };

  private _focusSample(): void {
    const card = this.node.querySelector<HTMLElement>(
      '.jp-al-Card:not(.jp-al-mod-waiting)'
    );
    (card ?? this.node).focus({ preventScroll: true });
  }

  private _contentUrl = (sampleId: number): string =>
    this._options.client.contentUrl(this.model.name, sampleId);

  private _originalUrl = (sampleId: number): string =>
    this._options.client.originalUrl(this.model.name, sampleId);

  private _onShown = (sampleId: number): void => {
    this.model.markShown(sampleId);
  };

  /**
   * A key that is held down gives one label, not thirty a second.
   */
  private _onRepeatedKey = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement | null;
    if (
      event.repeat &&
      event.key.length === 1 &&
      this.node.contains(target) &&
      !target?.matches(':read-write')
    ) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  };

  /**
   * What another extension takes labels with gets the keys first, other than those that are typed
   * into a field or meant for something that is unfolded.
   */
  private _onEditorKey = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement | null;
    if (
      this._pane === null &&
      this.node.contains(target) &&
      !target?.matches(':read-write') &&
      !pressesControl(event, target) &&
      this._parts?.handleKey(event)
    ) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  };

  /**
   * JupyterLab's shortcuts know keys by their place on an English keyboard, where `?` is above `/`;
   * help must be found on any other, too.
   */
  private _onHelpKey = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement | null;
    if (
      event.key === '?' &&
      !event.defaultPrevented &&
      !target?.matches(':read-write')
    ) {
      this.togglePane('help');
    }
  };

  private _onBeforeUnload = (event: BeforeUnloadEvent): void => {
    const { outbox, lost } = this.model;
    if (outbox.waiting > 0 && (lost || !outbox.isKept)) {
      event.preventDefault();
    }
  };

  private _onPageHide = (): void => {
    this.model.release(true);
  };

  private _onPageShow = (event: PageTransitionEvent): void => {
    if (event.persisted) {
      this.model.lookAgain();
    }
  };

  private _isExplained = false;
  private _keepsGoing = false;
  private _listeners = new Set<() => void>();
  private _pane: Pane = null;
  private _parts: CustomParts | null;
  private _showPredictions = false;
  private _version = 0;
}

/**
 * The namespace for `LabelingWidget` statics.
 */
export namespace LabelingWidget {
  /**
   * The options of a labeling widget.
   */
  export interface IOptions {
    /**
     * The model; the widget disposes it.
     */
    model: LabelingModel;
    client: Client;
    /**
     * What other extensions draw samples and take labels with.
     */
    extensions?: Extensions;
    /**
     * The keys to print.
     */
    keys: IPrintedKeys;
    renderMime?: RenderMime;
    trans: TranslationBundle;
  }
}

/**
 * The view, drawn anew in the same frame as the key that changed it.
 */
function Connected(props: { widget: LabelingWidget }): JSX.Element {
  const { widget } = props;
  useSyncExternalStore(widget.subscribe, widget.version);
  return <LabelingView {...widget.viewProps()} />;
}

/** Whether a key is that of the button which has the focus, e.g. Enter on "skip". */
function pressesControl(
  event: KeyboardEvent,
  target: HTMLElement | null
): boolean {
  const presses = event.key === 'Enter' || event.key === ' ';
  return presses && (target?.matches('button, a, summary') ?? false);
}
