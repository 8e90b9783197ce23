import type { TranslationBundle } from '@jupyterlab/translation';

import type { IColumnReply, IInspectReply } from '../../api/types';
import { count } from '../charts';

/** A column with its type. */
export function columnWord(
  column: IColumnReply,
  trans: TranslationBundle
): string {
  return trans.__('%1 (%2)', column.name, typeWord(column.type, trans));
}

function typeWord(
  type: IColumnReply['type'],
  trans: TranslationBundle
): string {
  switch (type) {
    case 'number':
      return trans.__('number');
    case 'category':
      return trans.__('category');
    case 'text':
      return trans.__('text');
    case 'date':
      return trans.__('date');
    case 'boolean':
      return trans.__('yes or no');
    case 'other':
      return trans.__('other');
  }
}

/** How many samples there are, and whether that is certain. */
export function rowsWord(
  inspection: IInspectReply,
  trans: TranslationBundle
): string {
  const rows = count(inspection.n_rows);
  const { display } = inspection.proposal as { display?: { kind?: string } };
  switch (display?.kind === 'image' ? 'images' : kindOf(inspection)) {
    case 'images':
      return trans._n('%2 picture', '%2 pictures', inspection.n_rows, rows);
    case 'audio':
      return trans._n('%2 sound', '%2 sounds', inspection.n_rows, rows);
    case 'texts':
      return trans._n('%2 text', '%2 texts', inspection.n_rows, rows);
  }
  return inspection.n_rows_exact
    ? trans._n('%2 row', '%2 rows', inspection.n_rows, rows)
    : trans.__('about %1 rows', rows);
}

/** Whether each sample is a file of a folder: there are no columns to show or learn from. */
export function areFiles(inspection: IInspectReply): boolean {
  return ['images', 'texts', 'audio'].includes(kindOf(inspection));
}

/** Whether the samples are rows or images of an array. */
export function isArray(inspection: IInspectReply): boolean {
  return kindOf(inspection) === 'array';
}

function kindOf(inspection: IInspectReply): string {
  const dataset = inspection.proposal.dataset as { kind?: string } | undefined;
  return dataset?.kind ?? '';
}
