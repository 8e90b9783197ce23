import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

/** The loop of labeling and learning as a small picture. */
export function LoopPicture(props: { trans: TranslationBundle }): JSX.Element {
  const { trans } = props;
  const steps = [
    { x: 140, y: 24, text: trans.__('You label') },
    { x: 222, y: 76, text: trans.__('The model learns') },
    { x: 140, y: 128, text: trans.__('It is checked') },
    { x: 56, y: 76, text: trans.__('It asks next') }
  ];
  return (
    <svg
      className="jp-al-Loop"
      viewBox="0 0 280 152"
      role="img"
      aria-label={trans.__(
        'A loop: you label, the model learns, it is checked, and it asks about the samples that teach it most.'
      )}
      focusable="false"
    >
      <defs>
        <marker
          id="jp-al-loop-arrow"
          viewBox="0 0 8 8"
          refX="6"
          refY="4"
          markerWidth="6"
          markerHeight="6"
          orient="auto"
        >
          <path className="jp-al-Loop-arrow" d="M0,0L8,4L0,8Z" />
        </marker>
      </defs>
      {[
        'M182,28Q212,34 220,58',
        'M220,94Q212,118 188,126',
        'M92,126Q64,118 58,94',
        'M58,58Q64,34 98,28'
      ].map(path => (
        <path
          key={path}
          className="jp-al-Loop-line"
          d={path}
          markerEnd="url(#jp-al-loop-arrow)"
        />
      ))}
      {steps.map((step, index) => (
        <text
          key={index}
          className={`jp-al-Loop-step${index === 0 ? ' jp-al-mod-person' : ''}`}
          x={step.x}
          y={step.y}
          dy="0.35em"
          textAnchor="middle"
        >
          {step.text}
        </text>
      ))}
    </svg>
  );
}
