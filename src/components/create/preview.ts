import type { IDisplayIn, IPreviewReply } from '../../api/types';
import { ROW, SERIES } from '../labeling/display';

/** Returns the first rows in the chosen display; a row of an array comes as a line and as numbers. */
export function previewOf(
  preview: readonly IPreviewReply[],
  { kind }: IDisplayIn
): IPreviewReply[] {
  const left = kind === 'row' ? SERIES : kind === 'series' ? ROW : null;
  return preview.map(each => ({
    ...each,
    display: Object.fromEntries(
      Object.entries(each.display).filter(([mime]) => mime !== left)
    )
  }));
}
