import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useId, useRef, useState } from 'react';

import type { ExportFormat, ExportWhat } from '../../api/client';

/** Downloads of a project. */
export interface IExportMenuProps {
  /** Address of one download. */
  url: (format: ExportFormat, what: ExportWhat) => string;
  trans: TranslationBundle;
}

const FORMATS: { format: ExportFormat; name: string }[] = [
  { format: 'csv', name: 'CSV' },
  { format: 'jsonl', name: 'JSON Lines' },
  { format: 'parquet', name: 'Parquet' }
];

/** A button that opens the list of downloads. */
export function ExportMenu(props: IExportMenuProps): JSX.Element {
  const { url, trans } = props;
  const [isOpen, setOpen] = useState(false);
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
  const groups: { what: ExportWhat; title: string }[] = [
    { what: 'labels', title: trans.__('Labels, one row a sample') },
    { what: 'annotations', title: trans.__('Annotations, every fact') }
  ];
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
        {groups.map(({ what, title }) => (
          <section key={what} aria-label={title}>
            <h4>{title}</h4>
            <ul>
              {FORMATS.map(({ format, name }) => (
                <li key={format}>
                  <a
                    href={url(format, what)}
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
