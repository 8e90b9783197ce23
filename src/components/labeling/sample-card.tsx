import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { CustomSample, type ICustomDrawing } from './custom-sample';
import { AudioSample } from './audio-sample';
import {
  needsRenderer,
  pictureOf,
  rowOf,
  seriesOf,
  soundOf,
  textOf,
  type Bundle,
  type RenderMime
} from './display';
import { ImageSample } from './image-sample';
import { MimeSample } from './mime-sample';
import { RowSample } from './row-sample';
import { SeriesSample } from './series-sample';
import { TextSample } from './text-sample';

/**
 * One sample, laid out whether it is shown or waits.
 */
export interface ISampleCardProps {
  sampleId: number;
  sampleKey: string;
  display: Bundle;
  isCurrent: boolean;
  /** How another extension draws it. */
  drawing?: ICustomDrawing;
  /** The address of a sample's bytes. */
  contentUrl: (id: number) => string;
  /** The address of the picture that a smaller one was made of. */
  originalUrl: (id: number) => string;
  renderMime?: RenderMime;
  trans: TranslationBundle;
}

/**
 * A sample that fills the stage; hidden ones take up their place already.
 */
export const SampleCard = React.memo(
  React.forwardRef<HTMLDivElement, ISampleCardProps>((props, ref) => {
    const { sampleKey, display, isCurrent, trans } = props;
    const classes = [
      'jp-al-Card',
      ...(isCurrent ? [] : ['jp-al-mod-waiting']),
      // The key that plays is bound to it.
      ...(soundOf(display) ? ['jp-al-mod-sound'] : [])
    ];
    return (
      <div
        ref={ref}
        className={classes.join(' ')}
        role="article"
        aria-label={trans.__('Sample %1', sampleKey)}
        aria-hidden={!isCurrent}
        tabIndex={isCurrent ? 0 : -1}
      >
        {props.drawing ? (
          <CustomSample drawing={props.drawing} trans={trans}>
            <Content {...props} />
          </CustomSample>
        ) : (
          <Content {...props} />
        )}
      </div>
    );
  })
);
SampleCard.displayName = 'SampleCard';

function Content(props: ISampleCardProps): JSX.Element {
  const { display, sampleId, sampleKey, renderMime, trans } = props;
  const { contentUrl, originalUrl } = props;
  const sound = soundOf(display);
  if (sound) {
    return (
      <AudioSample
        sound={sound}
        url={contentUrl(sampleId)}
        name={sampleKey}
        trans={trans}
      />
    );
  }
  const series = seriesOf(display);
  if (series) {
    return <SeriesSample series={series} name={sampleKey} trans={trans} />;
  }
  const row = rowOf(display);
  if (row) {
    return <RowSample row={row} trans={trans} />;
  }
  const picture = pictureOf(display);
  if (picture) {
    return (
      <ImageSample
        picture={picture}
        originalUrl={picture.hasOriginal ? originalUrl(sampleId) : undefined}
        name={sampleKey}
        trans={trans}
      />
    );
  }
  if (renderMime && needsRenderer(display)) {
    return <MimeSample bundle={display} render={renderMime} />;
  }
  const text = textOf(display) ?? display['text/markdown'];
  if (typeof text === 'string') {
    return <TextSample text={text} trans={trans} />;
  }
  return (
    <p className="jp-al-Hint">
      {trans.__('This sample cannot be shown here.')}
    </p>
  );
}
