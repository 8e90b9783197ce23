import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IProjectReply } from '../../api/types';
import { accuracy, ago, count } from '../charts';
import { ProgressBar } from './progress-bar';
import { phaseWord, stateWord } from './words';

/** One project in the list. */
export interface IProjectCardProps {
  project: IProjectReply;
  isChosen: boolean;
  /** Milliseconds since the epoch. */
  now: number;
  onChoose: (name: string) => void;
  trans: TranslationBundle;
}

/** A project's title, labels, accuracy and last activity; a press opens it below. */
export function ProjectCard(props: IProjectCardProps): JSX.Element {
  const { project, isChosen, now, onChoose, trans } = props;
  const state = stateWord(project.state, trans);
  return (
    <li className={`jp-al-ProjectCard jp-al-mod-${project.state}`}>
      <button
        type="button"
        className="jp-al-ProjectCard-button"
        aria-current={isChosen ? 'true' : undefined}
        onClick={() => onChoose(project.name)}
      >
        <span className="jp-al-ProjectCard-top">
          <span className="jp-al-ProjectCard-title" title={project.title}>
            <bdi>{project.title}</bdi>
          </span>
          {state && <span className="jp-al-ProjectCard-state">{state}</span>}
        </span>
        {project.state === 'preparing' ? (
          <Preparing project={project} trans={trans} />
        ) : (
          project.state !== 'failed' && (
            <Figures project={project} now={now} trans={trans} />
          )
        )}
      </button>
    </li>
  );
}

function Preparing(props: {
  project: IProjectReply;
  trans: TranslationBundle;
}): JSX.Element {
  const { preparing } = props.project;
  return (
    <>
      <ProgressBar
        label={props.trans.__('Preparing')}
        value={preparing?.progress ?? 0}
      />
      <span className="jp-al-ProjectCard-figures">
        {preparing
          ? phaseWord(preparing.phase, props.trans)
          : props.trans.__('Waiting for the worker')}
      </span>
    </>
  );
}

function Figures(props: {
  project: IProjectReply;
  now: number;
  trans: TranslationBundle;
}): JSX.Element {
  const { project, now, trans } = props;
  const part = project.n_samples ? project.n_labeled / project.n_samples : 0;
  return (
    <>
      <ProgressBar
        label={trans.__('Labeled')}
        value={part}
        text={trans.__(
          '%1 of %2',
          count(project.n_labeled),
          count(project.n_samples)
        )}
      />
      <span className="jp-al-ProjectCard-figures">
        <span>
          {project.accuracy
            ? accuracy(project.accuracy)
            : trans.__('no accuracy yet')}
          {project.accuracy && (
            <span className="jp-al-ProjectCard-checks">
              {' '}
              {trans._n('%1 check', '%1 checks', project.accuracy.n)}
            </span>
          )}
        </span>
        <time dateTime={project.last_activity_at}>
          {ago(project.last_activity_at, now, trans)}
        </time>
      </span>
    </>
  );
}
