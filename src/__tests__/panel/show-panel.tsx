import { nullTranslator } from '@jupyterlab/translation';
import { render, screen } from '@testing-library/react';
import React from 'react';

import { Panel } from '../../components/panel';
import type { IPanelActions, IPanelView } from '../../components/panel';
import { aProject, aRound, NOON, someMetrics } from './examples';

const trans = nullTranslator.load('jupyterlab_al');

/** Render the panel of one project, with what a test changes; what it calls comes back. */
export function show(change: Partial<IPanelView> = {}): IPanelActions {
  const actions: IPanelActions = {
    choose: jest.fn(),
    create: jest.fn(),
    demo: jest.fn(),
    label: jest.fn(),
    train: jest.fn(),
    cancelRound: jest.fn(),
    review: jest.fn(),
    patch: jest.fn(),
    remove: jest.fn(),
    toggleSection: jest.fn(),
    refresh: jest.fn(),
    exportUrl: (name, format, what, withData) =>
      `/al/${name}?${format}&${what}${withData ? '&data' : ''}`
  };
  const project = aProject();
  const view: IPanelView = {
    isLoaded: true,
    failure: null,
    projects: [project],
    chosen: change.projects ? change.projects[0] : project,
    metrics: someMetrics(),
    rounds: [aRound()],
    strategies: ['default', 'margin', 'random', 'theirs'],
    worker: null,
    comingBack: null,
    folded: [],
    now: NOON,
    isBusy: () => false,
    errorOf: () => null,
    ...change
  };
  render(<Panel view={view} actions={actions} trans={trans} />);
  return actions;
}

export const button = (name: string | RegExp): HTMLElement =>
  screen.getByRole('button', { name });
