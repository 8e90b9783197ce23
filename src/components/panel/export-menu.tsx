import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useId, useRef, useState } from 'react';

import type { ExportFormat, ExportWhat } from '../../api/client';
import type { IProjectReply } from '../../api/types';
import { FOR_TOOLS, TABLES, type IExportFormat } from './export-formats';

/** Downloads of a project. */
export interface IExportMenuProps {
  /** Address of one download. */
  url: (format: ExportFormat, what: ExportWhat, withData: boolean) => string;
  /** Whether there is a model that can be asked about all samples. */
  hasModel: boolean;
  trans: TranslationBundle;
}

/** Whether a person may see what others answered. */
export function mayExport(project: Pick<IProjectReply, 'role'>): boolean {
  return project.role === 'owner' || project.role === 'reviewer';
}

/** A button that opens the list of downloads. */
export function ExportMenu(props: IExportMenuProps): JSX.Element {
  const { url, hasModel, trans } = props;
  const [isOpen, setOpen] = useState(false);
  const [withData, setWithData] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!isOpen) {
      return;
    }
    const onDown = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) {
        setOpen(false);
      }
    };
    document.addEventListener('pointerdown', onDown);
    return () => document.removeEventListener('pointerdown', onDown);
  }, [isOpen]);
  const groups: {
    what: ExportWhat;
    title: string;
    formats: IExportFormat[];
  }[] = [
    {
      what: 'labels',
      title: trans.__('Labels, one row a sample'),
      formats: TABLES
    },
    {
      what: 'annotations',
      title: trans.__('Annotations, every fact'),
      formats: TABLES
    },
    {
      what: 'labels',
      title: trans.__('Samples with labels, for other tools'),
      formats: FOR_TOOLS
    }
  ];
  if (hasModel) {
    groups.push({
      what: 'predictions',
      title: trans.__('What the model says of every sample'),
      formats: TABLES
    });
  }
  return (
    <div
      ref={root}
      className="jp-al-Export"
      onKeyDown={event => {
        if (event.key === 'Escape' && isOpen) {
          event.stopPropagation();
          setOpen(false);
          button.current?.focus();
        }
      }}
    >
      <button
        ref={button}
        type="button"
        className="jp-al-Button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        {trans.__('Export')} <span aria-hidden="true">▾</span>
      </button>
      <div id={id} className="jp-al-Export-list" hidden={!isOpen}>
        <label>
          <input
            type="checkbox"
            checked={withData}
            onChange={event => setWithData(event.target.checked)}
          />
          {trans.__("Tables with the samples' own columns")}
        </label>
        {groups.map(({ what, title, formats }) => (
          <section key={title} aria-label={title}>
            <h4>{title}</h4>
            <ul>
              {formats.map(({ format, name }) => (
                <li key={format}>
                  <a
                    href={url(format, what, withData)}
                    download
                    onClick={() => setOpen(false)}
                  >
                    {name}
                  </a>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </div>
  );
}
