import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { EmptyState } from './empty-state';
import { Notice } from './notice';
import { ProjectDetail } from './project-detail';
import { ProjectList } from './project-list';
import type { IPanelActions, IPanelView } from './view';

/** The side panel. */
export interface IPanelProps {
  view: IPanelView;
  actions: IPanelActions;
  trans: TranslationBundle;
}

/** All projects, and the chosen one below. */
export function Panel(props: IPanelProps): JSX.Element {
  const { actions, trans } = props;
  return (
    <div className="jp-al-Panel-content">
      <header className="jp-al-Panel-header">
        <h2>{trans.__('Active learning')}</h2>
        <button
          type="button"
          className="jp-al-Button jp-al-Panel-new"
          aria-label={trans.__('New project')}
          title={trans.__('New project')}
          onClick={() => actions.create()}
        >
          +
        </button>
      </header>
      <Failure {...props} />
      <Worker {...props} />
      <Body {...props} />
    </div>
  );
}

/** The list, what to do without one, or nothing while it is read for the first time. */
function Body(props: IPanelProps): JSX.Element | null {
  const { view, actions, trans } = props;
  if (!view.isLoaded) {
    return view.failure ? null : (
      <p className="jp-al-Loading" role="status">
        {trans.__('Looking for projects…')}
      </p>
    );
  }
  if (view.projects.length === 0) {
    return (
      <EmptyState
        isBusy={view.isBusy('demo')}
        error={view.errorOf('demo')}
        onNew={actions.create}
        onDemo={actions.demo}
        trans={trans}
      />
    );
  }
  return (
    <>
      <ProjectList
        projects={view.projects}
        chosen={view.chosen?.name ?? null}
        now={view.now}
        onChoose={actions.choose}
        trans={trans}
      />
      {view.chosen && (
        <ProjectDetail
          key={view.chosen.name}
          project={view.chosen}
          view={view}
          actions={actions}
          trans={trans}
        />
      )}
    </>
  );
}

/** That the server can't be reached, and what is shown meanwhile. */
function Failure(props: IPanelProps): JSX.Element | null {
  const { view, actions, trans } = props;
  if (!view.failure) {
    return null;
  }
  return (
    <Notice kind="warning" detail={view.failure.message} trans={trans}>
      {view.failure.isLost
        ? trans.__(
            'Lost the server. What you see may be old; labels given meanwhile are kept. It is tried again by itself.'
          )
        : trans.__(
            'The projects could not be read; it is tried again by itself.'
          )}{' '}
      <button
        type="button"
        className="jp-al-Link"
        onClick={() => actions.refresh()}
      >
        {trans.__('Try now')}
      </button>
    </Notice>
  );
}

/** That the background worker needs a person. */
function Worker(props: IPanelProps): JSX.Element | null {
  const { worker } = props.view;
  if (worker?.state !== 'broken') {
    return null;
  }
  return (
    <Notice
      kind="warning"
      detail={worker.message ?? undefined}
      trans={props.trans}
    >
      {props.trans.__(
        'The background worker stopped several times, so no model is trained at the moment. Labeling goes on and all labels are kept. “Train now” tries again.'
      )}
    </Notice>
  );
}
