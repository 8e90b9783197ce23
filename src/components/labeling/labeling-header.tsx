import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { accuracy, count, fullAccuracy } from '../charts/format';
import type { IInterval } from '../charts/format';
import { Sparkline } from '../charts/sparkline';

/**
 * How far the project is and what its model does.
 */
export interface ILabelingHeaderProps {
  title: string;
  labeled: number;
  total: number;
  accuracy: IInterval | null;
  /** Whether a sample is right only when all its classes are. */
  isMulti: boolean;
  /** Accuracies of the rounds so far, from 0 to 1. */
  curve: readonly (number | null)[];
  model: { text: string; progress: number | null; isTrouble: boolean } | null;
  trans: TranslationBundle;
}

/**
 * One line above the sample; training changes words in it and moves nothing.
 */
export function LabelingHeader(props: ILabelingHeaderProps): JSX.Element {
  const { title, labeled, total, curve, model, trans } = props;
  const share = total > 0 ? labeled / total : 0;
  return (
    <header className="jp-al-Header">
      <h2 className="jp-al-Header-title" title={title} dir="auto">
        {title}
      </h2>
      <span className="jp-al-Header-progress">
        {trans.__('%1 of %2', count(labeled), count(total))}
      </span>
      {props.accuracy && (
        <span
          className="jp-al-Header-accuracy"
          title={accuracyTitle(
            fullAccuracy(props.accuracy, trans),
            props.isMulti,
            trans
          )}
        >
          {accuracy(props.accuracy)}{' '}
          <span className="jp-al-Hint">
            {trans._n('%1 check', '%1 checks', props.accuracy.n)}
          </span>
        </span>
      )}
      {curve.length > 1 && (
        <Sparkline
          values={curve}
          label={trans.__('Accuracy over the rounds so far')}
        />
      )}
      {model && (
        <span
          className={
            model.isTrouble
              ? 'jp-al-Header-model jp-al-mod-trouble'
              : 'jp-al-Header-model'
          }
          title={model.text}
        >
          {model.progress !== null && <Ring share={model.progress} />}
          <span role="status">{model.text}</span>
        </span>
      )}
      <div className="jp-al-Header-bar" aria-hidden="true">
        <div style={{ width: `${Math.min(share, 1) * 100}%` }} />
      </div>
    </header>
  );
}

/**
 * A ring that fills as the model learns.
 */
function Ring(props: { share: number }): JSX.Element {
  const length = 2 * Math.PI * 6;
  const share = Math.max(props.share, 0.05);
  return (
    <svg className="jp-al-Ring" viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="6" />
      <circle
        cx="8"
        cy="8"
        r="6"
        transform="rotate(-90 8 8)"
        strokeDasharray={`${share * length} ${length}`}
      />
    </svg>
  );
}

function accuracyTitle(
  figure: string,
  isMulti: boolean,
  trans: TranslationBundle
): string {
  return isMulti
    ? trans.__(
        'Random checks on which the model gets all classes right, with the 95 % interval: %1',
        figure
      )
    : trans.__('Accuracy on random checks, with its 95 % interval: %1', figure);
}
