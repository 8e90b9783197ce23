import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import {
  ActionBar,
  type IActionBarProps,
  type IActionKeys
} from './action-bar';
import { AnswerList, type IAnswerView } from './answer-list';
import { ClassAdder } from './class-adder';
import { ClassButtons, type IChoice, type IClassView } from './class-buttons';
import { ClassFilter } from './class-filter';
import { CommentField } from './comment-field';
import { CustomEditor, type ICustomEditor } from './custom-editor';
import type { RenderMime } from './display';
import { EmptyStage, type IEmptyStageProps } from './empty-stage';
import { InfoLine, type IInfoLineProps } from './info-line';
import { KeyCap } from './key-cap';
import { KeyHelp } from './key-help';
import { LabelingHeader, type ILabelingHeaderProps } from './labeling-header';
import { SampleStage, type ISampleView } from './sample-stage';

/**
 * What is unfolded beside the sample.
 */
export type Pane = 'comment' | 'add' | 'find' | 'answers' | 'help' | null;

/**
 * Everything that the labeling view shows, and what it reports.
 */
export interface ILabelingViewProps {
  header: Omit<ILabelingHeaderProps, 'trans'>;
  samples: readonly ISampleView[];
  empty: Omit<IEmptyStageProps, 'trans'> | null;
  info: Omit<IInfoLineProps, 'trans' | 'hasSample' | 'whyKey'>;
  actions: Omit<
    IActionBarProps,
    | 'trans'
    | 'keys'
    | 'isMulti'
    | 'hasSample'
    | 'isCommenting'
    | 'hasComment'
    | 'showsAnswers'
  >;
  keys: IActionKeys;
  classes: readonly IClassView[];
  /** What another extension takes labels with. */
  editor?: ICustomEditor;
  /** Whether there are too many classes for a button each. */
  isMany: boolean;
  isMulti: boolean;
  /** Whether the person may add a class. */
  canAdd: boolean;
  lastChoice: IChoice;
  comment: string;
  /** The person's last answers; null until they are known. */
  answers: readonly IAnswerView[] | null;
  pane: Pane;
  onPane: (pane: Pane) => void;
  onShown: (id: number) => void;
  /** The address of a sample's bytes. */
  contentUrl: (id: number) => string;
  /** The address of the picture that a smaller one was made of. */
  originalUrl: (id: number) => string;
  onChoose: (label: string) => void;
  onAddClass: (name: string) => Promise<void>;
  onCommentChange: (text: string) => void;
  onReopen: (answerId: string) => void;
  renderMime?: RenderMime;
  trans: TranslationBundle;
}

/**
 * The labeling view: header, sample, one line of words, and the controls.
 */
export function LabelingView(props: ILabelingViewProps): JSX.Element {
  const { samples, empty, keys, trans, pane, onPane } = props;
  const hasSample = samples.length > 0;
  const close = () => onPane(null);
  return (
    <div className="jp-al-View">
      <LabelingHeader {...props.header} trans={trans} />
      <main className="jp-al-Main">
        <SampleStage
          samples={samples}
          onShown={props.onShown}
          contentUrl={props.contentUrl}
          originalUrl={props.originalUrl}
          renderMime={props.renderMime}
          trans={trans}
        />
        {empty && <EmptyStage {...empty} trans={trans} />}
        {pane === 'help' && (
          <KeyHelp
            keys={keys}
            classes={props.classes}
            isMulti={props.isMulti}
            onClose={close}
            trans={trans}
          />
        )}
        {pane === 'find' && (
          <ClassFilter
            classes={props.classes}
            isMulti={props.isMulti}
            onChoose={label => {
              if (!props.isMulti) {
                close();
              }
              props.onChoose(label);
            }}
            onClose={close}
            trans={trans}
          />
        )}
        {pane === 'answers' && (
          <AnswerList
            answers={props.answers}
            onReopen={id => {
              props.onReopen(id);
              close();
            }}
            onClose={close}
            trans={trans}
          />
        )}
        {pane === 'comment' && (
          <CommentField
            text={props.comment}
            onChange={props.onCommentChange}
            onClose={close}
            trans={trans}
          />
        )}
      </main>
      <InfoLine
        {...props.info}
        hasSample={hasSample}
        whyKey={keys.why}
        trans={trans}
      />
      <div className="jp-al-Controls">
        {props.editor ? (
          <CustomEditor
            {...props.editor}
            buttons={<ClassRow {...props} />}
            trans={trans}
          />
        ) : (
          <ClassRow {...props} />
        )}
        <ActionBar
          {...props.actions}
          keys={keys}
          isMulti={props.isMulti}
          hasSample={hasSample}
          hasComment={props.comment !== ''}
          isCommenting={pane === 'comment'}
          showsAnswers={pane === 'answers'}
          trans={trans}
        />
      </div>
    </div>
  );
}

function ClassRow(props: ILabelingViewProps): JSX.Element {
  const { classes, isMany, samples, keys, pane, onPane, canAdd, trans } = props;
  const isAdding = canAdd && (pane === 'add' || classes.length === 0);
  return (
    <div
      className={isMany ? 'jp-al-ClassRow jp-al-mod-many' : 'jp-al-ClassRow'}
    >
      <ClassButtons
        classes={isMany ? classes.filter(isWorthAButton) : classes}
        isMulti={props.isMulti}
        isDisabled={samples.length === 0}
        lastChoice={props.lastChoice}
        onChoose={props.onChoose}
        trans={trans}
      />
      {isMany && (
        <button
          type="button"
          className="jp-al-Act"
          aria-expanded={pane === 'find'}
          aria-keyshortcuts={keys.find}
          onClick={() => onPane(pane === 'find' ? null : 'find')}
        >
          <KeyCap name={keys.find} />
          <span>{trans.__('find among %1 classes', classes.length)}</span>
        </button>
      )}
      {isAdding ? (
        <ClassAdder
          takesFocus={pane === 'add'}
          onAdd={props.onAddClass}
          onClose={() => onPane(null)}
          trans={trans}
        />
      ) : (
        canAdd && (
          <button
            type="button"
            className="jp-al-Act"
            aria-keyshortcuts={keys.add}
            onClick={() => onPane('add')}
          >
            <KeyCap name={keys.add} />
            <span>{trans.__('+ class')}</span>
          </button>
        )
      )}
    </div>
  );
}

/** Those that have keys, are toggled on or were the answer before. */
function isWorthAButton(item: IClassView): boolean {
  return item.keyCap !== undefined || item.isOn || item.isEarlier;
}
