import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useState } from 'react';

import { readable } from './readable';

/** Values longer than this many characters are folded. */
const LONG = 280;

/** A row of more columns than this is laid out in several pairs side by side. */
const MANY = 16;

/**
 * A row: names and values in two columns; in more where there are many, and room for them.
 */
export function RowSample(props: {
  row: [string, unknown][];
  trans: TranslationBundle;
}): JSX.Element {
  const { row, trans } = props;
  return (
    <dl
      className={row.length > MANY ? 'jp-al-Row jp-al-mod-many' : 'jp-al-Row'}
    >
      {row.map(([name, value], index) => (
        <div className="jp-al-Row-pair" key={index}>
          <dt dir="auto">{name}</dt>
          <Value value={value} trans={trans} />
        </div>
      ))}
    </dl>
  );
}

function Value(props: {
  value: unknown;
  trans: TranslationBundle;
}): JSX.Element {
  const { value, trans } = props;
  const [isOpen, setOpen] = useState(false);
  if (value === null || value === undefined || value === '') {
    return <dd className="jp-al-mod-missing">{trans.__('missing')}</dd>;
  }
  const text = readable(value);
  if (typeof value === 'number') {
    return (
      <dd className="jp-al-mod-number" title={String(value)}>
        {text}
      </dd>
    );
  }
  const isLong = text.length > LONG;
  return (
    <dd dir="auto">
      {isLong && !isOpen ? `${text.slice(0, LONG)}…` : text}
      {isLong && (
        <button
          type="button"
          className="jp-al-Link"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? trans.__('less') : trans.__('more')}
        </button>
      )}
    </dd>
  );
}
