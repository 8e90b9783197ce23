import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useState } from 'react';

import type { IProjectReply } from '../../api/types';
import { ProjectCard } from './project-card';

/** The projects to choose from. */
export interface IProjectListProps {
  projects: readonly IProjectReply[];
  chosen: string | null;
  now: number;
  onChoose: (name: string) => void;
  trans: TranslationBundle;
}

/** More projects than this get a search field. */
const SEARCH_FROM = 8;

/** All projects as cards. */
export function ProjectList(props: IProjectListProps): JSX.Element {
  const { projects, chosen, now, onChoose, trans } = props;
  const [wanted, setWanted] = useState('');
  const isSearched = projects.length > SEARCH_FROM;
  const shown = isSearched
    ? projects.filter(each => matches(each, wanted))
    : projects;
  return (
    <div className="jp-al-Projects">
      {isSearched && (
        <input
          type="search"
          className="jp-al-Input jp-al-Projects-search"
          aria-label={trans.__('Search projects')}
          placeholder={trans.__('Search projects')}
          value={wanted}
          onChange={event => setWanted(event.target.value)}
        />
      )}
      {shown.length === 0 ? (
        <p className="jp-al-Chart-empty" role="status">
          {trans.__('No project has “%1” in its name.', wanted)}
        </p>
      ) : (
        <ul className="jp-al-ProjectCards" aria-label={trans.__('Projects')}>
          {shown.map(project => (
            <ProjectCard
              key={project.name}
              project={project}
              isChosen={project.name === chosen}
              now={now}
              onChoose={onChoose}
              trans={trans}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

function matches(project: IProjectReply, wanted: string): boolean {
  const text = `${project.title}\n${project.name}`.toLocaleLowerCase();
  return text.includes(wanted.trim().toLocaleLowerCase());
}
