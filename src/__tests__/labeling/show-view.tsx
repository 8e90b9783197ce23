import { nullTranslator } from '@jupyterlab/translation';
import { render, type RenderResult } from '@testing-library/react';
import React from 'react';

import {
  LabelingView,
  type ILabelingViewProps
} from '../../components/labeling/labeling-view';
import type { IClassView } from '../../components/labeling/class-buttons';

export const trans = nullTranslator.load('jupyterlab_al');

/** A class as the view gets it. */
export function aClass(
  label: string,
  change: Partial<IClassView> = {}
): IClassView {
  return { label, isOn: false, isEarlier: false, count: 0, ...change };
}

/** A sample of the view. */
export function aSample(id: number, display: Record<string, unknown>) {
  return { id, sampleKey: String(id), display };
}

/** What the view gets, with a change. */
export function props(
  change: Partial<ILabelingViewProps> = {}
): ILabelingViewProps {
  return {
    header: {
      title: 'Pets',
      labeled: 143,
      total: 20000,
      isMulti: false,
      accuracy: { value: 0.871, low: 0.83, high: 0.9, n: 60 },
      curve: [0.5, 0.8, 0.871],
      model: { text: 'model learning…', progress: 0.4, isTrouble: false }
    },
    samples: [
      aSample(1, { 'text/plain': 'A cat' }),
      aSample(2, { 'text/plain': 'A dog' })
    ],
    empty: null,
    info: {
      words: null,
      isExplained: false,
      notice: null,
      refused: [],
      advice: null,
      onWhy: jest.fn(),
      onRetry: jest.fn(),
      onDiscard: jest.fn(),
      onKeepGoing: jest.fn()
    },
    actions: {
      nChosen: 0,
      isFlagged: false,
      canUndo: false,
      outbox: { waiting: 0, lost: false, isKept: true },
      onSubmit: jest.fn(),
      onSkip: jest.fn(),
      onFlag: jest.fn(),
      onComment: jest.fn(),
      onUndo: jest.fn(),
      onAnswers: jest.fn(),
      onHelp: jest.fn(),
      onRetry: jest.fn()
    },
    keys: { skip: 'S', undo: 'Z', help: '?' },
    classes: [aClass('cat', { keyCap: '1' }), aClass('dog', { keyCap: '2' })],
    isMany: false,
    isMulti: false,
    canAdd: true,
    lastChoice: { labels: [], count: 0 },
    comment: '',
    pane: null,
    answers: null,
    onReopen: jest.fn(),
    onPane: jest.fn(),
    onShown: jest.fn(),
    contentUrl: id => `/content/${id}`,
    originalUrl: id => `/original/${id}`,
    onChoose: jest.fn(),
    onAddClass: jest.fn(() => Promise.resolve()),
    onCommentChange: jest.fn(),
    trans,
    ...change
  };
}

/** What is said where everything is labeled. */
export const nothing = {
  kind: 'all_labeled' as const,
  total: 1797,
  left: 0,
  backAt: null,
  preparing: null,
  error: null,
  isArchived: false,
  isOwner: true,
  review: 'People disagree about 2 samples.',
  canReview: true,
  onReview: jest.fn(),
  onLookAgain: jest.fn(),
  onResume: jest.fn(),
  exportMenu: <button>Export</button>
};

/** Draw the view; returns what it was given, too. */
export function show(
  change: Partial<ILabelingViewProps> = {}
): ILabelingViewProps & RenderResult {
  const given = props(change);
  const view = render(<LabelingView {...given} />);
  return { ...given, ...view };
}
