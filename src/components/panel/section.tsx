import React, { useId } from 'react';

/** A heading that folds what stands below it. */
export interface ISectionProps {
  title: string;
  /** A few words beside the title, also when folded. */
  note?: React.ReactNode;
  isOpen: boolean;
  onToggle: () => void;
  children: React.ReactNode;
}

/** A section of the side panel. */
export function Section(props: ISectionProps): JSX.Element {
  const { title, note, isOpen, onToggle, children } = props;
  const id = useId();
  return (
    <section className="jp-al-Section" aria-labelledby={`${id}-title`}>
      <h3 className="jp-al-Section-header">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={`${id}-body`}
          onClick={onToggle}
        >
          <span className="jp-al-Section-arrow" aria-hidden="true" />
          <span id={`${id}-title`} className="jp-al-Section-title">
            {title}
          </span>
          {note && <span className="jp-al-Section-note">{note}</span>}
        </button>
      </h3>
      <div id={`${id}-body`} className="jp-al-Section-body" hidden={!isOpen}>
        {isOpen && children}
      </div>
    </section>
  );
}
