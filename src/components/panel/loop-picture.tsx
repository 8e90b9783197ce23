import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

/** The loop of labeling and learning as a small picture. */
export function LoopPicture(props: { trans: TranslationBundle }): JSX.Element {
  const { trans } = props;
  const steps = [
    { x: 120, y: 24, text: trans.__('You label') },
    { x: 198, y: 76, text: trans.__('The model learns') },
    { x: 120, y: 128, text: trans.__('It is checked') },
    { x: 42, y: 76, text: trans.__('It asks next') }
  ];
  return (
    <svg
      className="jp-al-Loop"
      viewBox="0 0 240 152"
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
        'M160,28Q190,34 196,58',
        'M196,94Q190,118 160,126',
        'M80,126Q50,118 44,94',
        'M44,58Q50,34 80,28'
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
