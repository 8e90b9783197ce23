import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IMetricsReply, IProjectReply } from '../../api/types';
import { Adding } from './adding';
import { ExportMenu, mayExport } from './export-menu';
import { Notice } from './notice';
import { ProjectSections } from './project-sections';
import { ProgressBar } from './progress-bar';
import { StateButtons } from './settings-section';
import type { IPanelActions, IPanelView } from './view';
import { phaseWord } from './words';

/** The chosen project. */
export interface IProjectDetailProps {
  project: IProjectReply;
  view: IPanelView;
  actions: IPanelActions;
  trans: TranslationBundle;
}

/** What the chosen project is doing, and what a person can do with it. */
export function ProjectDetail(props: IProjectDetailProps): JSX.Element {
  const { project, trans } = props;
  return (
    <div className="jp-al-Detail" role="region" aria-label={project.title}>
      <h2 className="jp-al-Detail-title" title={project.title}>
        <bdi>{project.title}</bdi>
      </h2>
      {project.state === 'preparing' && <Preparing {...props} />}
      {project.state === 'failed' && <Failed {...props} />}
      {!['preparing', 'failed'].includes(project.state) && (
        <>
          <Toolbar {...props} />
          <States {...props} />
          <Adding project={project} trans={trans} />
          <ProjectSections {...props} />
        </>
      )}
      {project.problems.length > 0 && (
        <Notice kind="warning" trans={trans}>
          <ul className="jp-al-Problems">
            {project.problems.map(problem => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </Notice>
      )}
    </div>
  );
}

/** The buttons of a project that can be worked on. */
function Toolbar(props: IProjectDetailProps): JSX.Element {
  const { project, view, actions, trans } = props;
  const round = view.metrics?.last_round;
  const isTraining =
    view.isBusy('train') ||
    (round ? ['queued', 'running'].includes(round.state) : false);
  const error = view.errorOf('train');
  return (
    <>
      <div className="jp-al-Buttons">
        <button
          type="button"
          className="jp-al-Button jp-al-mod-accept"
          disabled={project.state !== 'active' || project.role === 'viewer'}
          onClick={() => actions.label(project.name)}
        >
          {trans.__('Label')}
        </button>
        {project.role === 'owner' && (
          <button
            type="button"
            className="jp-al-Button"
            disabled={isTraining || project.state !== 'active'}
            onClick={() => actions.train()}
          >
            {isTraining ? trans.__('Training…') : trans.__('Train now')}
          </button>
        )}
        {mayExport(project) && (
          <ExportMenu
            url={(format, what, withData) =>
              actions.exportUrl(project.name, format, what, withData)
            }
            hasModel={(view.metrics?.curve.length ?? 0) > 0}
            trans={trans}
          />
        )}
      </div>
      {error && (
        <Notice kind="error" trans={trans}>
          {error}
        </Notice>
      )}
    </>
  );
}

/** What stands in the way of labeling, and who can change it. */
function States(props: IProjectDetailProps): JSX.Element | null {
  const { project, view, trans } = props;
  const text = stateSentence(project, view.metrics, trans);
  return text ? (
    <Notice kind="info" trans={trans}>
      {text}
    </Notice>
  ) : null;
}

function stateSentence(
  project: IProjectReply,
  metrics: IMetricsReply | null,
  trans: TranslationBundle
): string | null {
  const isOwner = project.role === 'owner';
  switch (project.state) {
    case 'paused':
      return isOwner
        ? trans.__('Paused: nobody is handed a sample. Resume under Settings.')
        : trans.__('Paused: an owner of the project can resume it.');
    case 'archived':
      return isOwner
        ? trans.__('Archived: all labels are kept. Restore under Settings.')
        : trans.__('Archived: an owner of the project can restore it.');
    default:
      break;
  }
  if (
    metrics &&
    metrics.n_samples > 0 &&
    metrics.n_labeled >= metrics.n_samples
  ) {
    return trans.__('All %1 samples are labeled.', metrics.n_samples);
  }
  return project.role === 'viewer'
    ? trans.__('You may look at this project; an owner can let you label.')
    : null;
}

/** How far the import of the data is. */
function Preparing(props: IProjectDetailProps): JSX.Element {
  const { project, view, actions, trans } = props;
  const { preparing } = project;
  return (
    <div className="jp-al-Preparing" role="status">
      <p className="jp-al-Sentence">
        {preparing
          ? phaseWord(preparing.phase, trans)
          : trans.__('Waiting for the worker')}
      </p>
      <ProgressBar
        label={trans.__('Preparing')}
        value={preparing?.progress ?? 0}
      />
      <p className="jp-al-Hint">
        {trans.__(
          'You can label as soon as this is done; it goes on by itself.'
        )}
      </p>
      {project.role === 'owner' && (
        <StateButtons
          project={project}
          strategies={view.strategies}
          isBusy={view.isBusy}
          errorOf={view.errorOf}
          onPatch={actions.patch}
          onDelete={actions.remove}
          trans={trans}
        />
      )}
    </div>
  );
}

/** Why the data could not be used, and what to do. */
function Failed(props: IProjectDetailProps): JSX.Element {
  const { project, view, actions, trans } = props;
  return (
    <>
      <Notice kind="error" lead={trans.__('Failed:')} trans={trans}>
        {project.error ?? trans.__('The data could not be prepared.')}{' '}
        {trans.__(
          'The file itself was not changed. Mend what is named, then make the project again.'
        )}
      </Notice>
      <div className="jp-al-Buttons">
        <button
          type="button"
          className="jp-al-Button"
          onClick={() => actions.create()}
        >
          {trans.__('New project…')}
        </button>
      </div>
      {project.role === 'owner' && (
        <StateButtons
          project={project}
          strategies={view.strategies}
          isBusy={view.isBusy}
          errorOf={view.errorOf}
          onPatch={actions.patch}
          onDelete={actions.remove}
          trans={trans}
        />
      )}
    </>
  );
}
