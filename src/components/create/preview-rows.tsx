import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { IPreviewReply } from '../../api/types';
import {
  needsRenderer,
  pictureOf,
  rowOf,
  seriesOf,
  soundOf,
  textOf
} from '../labeling/display';
import type { Bundle, RenderMime } from '../labeling/display';
import { MimeSample } from '../labeling/mime-sample';
import { readable } from '../labeling/readable';
import { SeriesSample } from '../labeling/series-sample';
import { Waveform } from '../labeling/waveform';

/** The first rows. */
export interface IPreviewRowsProps {
  rows: readonly IPreviewReply[];
  /** Draws markup and other MIME types; without it they stay as typed. */
  render?: RenderMime;
  trans: TranslationBundle;
}

/** A longer text is cut in the preview. */
const LONG = 280;

/** The first rows as the annotator will see them. */
export function PreviewRows(props: IPreviewRowsProps): JSX.Element {
  const { rows, render, trans } = props;
  return (
    <section
      className="jp-al-Preview"
      aria-label={trans.__('The first samples as they will look')}
    >
      <h3>{trans.__('The first samples as they will look')}</h3>
      <ol>
        {rows.map(({ sample_key, display }) => (
          <li key={sample_key}>
            <Sample
              display={display}
              name={sample_key}
              render={render}
              trans={trans}
            />
          </li>
        ))}
      </ol>
    </section>
  );
}

/** A sample, small. */
function Sample(props: {
  display: Bundle;
  name: string;
  render?: RenderMime;
  trans: TranslationBundle;
}): JSX.Element {
  const { display, name, render, trans } = props;
  const sound = soundOf(display);
  if (sound?.peaks) {
    return <Waveform sound={sound} name={name} trans={trans} />;
  }
  const series = seriesOf(display);
  if (series) {
    return (
      <SeriesSample series={series} name={name} height={150} trans={trans} />
    );
  }
  const row = rowOf(display);
  if (row) {
    return (
      <dl className="jp-al-Facts">
        {row.slice(0, 8).map(([key, value]) => (
          <React.Fragment key={key}>
            <dt>{key}</dt>
            <dd>{cut(readable(value))}</dd>
          </React.Fragment>
        ))}
        {row.length > 8 && <dt>{trans.__('and %1 more', row.length - 8)}</dt>}
      </dl>
    );
  }
  const picture = pictureOf(display);
  if (picture) {
    const isSmall = (picture.width ?? 64) < 64;
    return (
      <img
        className={isSmall ? 'jp-al-mod-crisp' : undefined}
        src={picture.url}
        alt={trans.__('Sample %1', name)}
      />
    );
  }
  if (render && needsRenderer(display)) {
    return <MimeSample bundle={display} render={render} />;
  }
  const text = textOf(display) ?? asText(display['text/markdown']);
  return text === '' ? (
    <p className="jp-al-Hint">{trans.__('(empty)')}</p>
  ) : (
    <p dir="auto">{cut(text)}</p>
  );
}

function asText(value: unknown): string {
  if (value === null || value === undefined) {
    return '';
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function cut(text: string): string {
  return text.length > LONG ? `${text.slice(0, LONG)}…` : text;
}
