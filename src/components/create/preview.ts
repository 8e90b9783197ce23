import type { IDisplayIn, IInspectReply } from '../../api/types';
import { ROW, SERIES, rowOf } from '../labeling/display';
import type { Bundle } from '../labeling/display';
import { areFiles } from './words';

/** One of the first rows as it will look. */
export interface IPreviewRow {
  key: string;
  display: Bundle;
}

/** The first rows; `isPartial` when only the first value of each column is known. */
export interface IPreview {
  rows: IPreviewRow[];
  isPartial: boolean;
}

/** Returns the first rows in the chosen display, as far as the look at the file tells them. */
export function previewOf(
  inspection: IInspectReply,
  display: IDisplayIn
): IPreview {
  const proposed = (inspection.proposal.display ?? {}) as IDisplayIn;
  if (inspection.columns.length === 0 || areFiles(inspection)) {
    const rows = asFound(inspection);
    return { rows: rows.map(each => only(each, display)), isPartial: false };
  }
  if (isSame(display, proposed)) {
    return { rows: asFound(inspection), isPartial: false };
  }
  const columns = columnsOf(display);
  const found = inspection.preview.map(each => rowOf(each.display));
  if (found.length > 0 && found.every(row => holds(row, columns))) {
    const rows = inspection.preview.map((each, index) => ({
      key: each.sample_key,
      display: bundle(display, pick(found[index] ?? [], columns))
    }));
    return { rows, isPartial: false };
  }
  const examples = inspection.columns.map(
    each => [each.name, each.example] as [string, unknown]
  );
  const key = inspection.preview[0]?.sample_key ?? '0';
  return {
    rows: [{ key, display: bundle(display, pick(examples, columns)) }],
    isPartial: true
  };
}

function asFound(inspection: IInspectReply): IPreviewRow[] {
  return inspection.preview.map(each => ({
    key: each.sample_key,
    display: each.display
  }));
}

/** A row of an array comes as a line and as numbers: leave what is not shown out. */
function only(row: IPreviewRow, { kind }: IDisplayIn): IPreviewRow {
  const left = kind === 'row' ? SERIES : kind === 'series' ? ROW : null;
  const kept = Object.entries(row.display).filter(([mime]) => mime !== left);
  return { ...row, display: Object.fromEntries(kept) };
}

function columnsOf(display: IDisplayIn): string[] {
  return display.columns ?? (display.column ? [display.column] : []);
}

function isSame(one: IDisplayIn, other: IDisplayIn): boolean {
  return (
    one.kind === other.kind &&
    columnsOf(one).join('\n') === columnsOf(other).join('\n')
  );
}

function holds(
  row: [string, unknown][] | null,
  columns: readonly string[]
): boolean {
  return columns.every(column => row?.some(([name]) => name === column));
}

function pick(
  row: readonly [string, unknown][],
  columns: readonly string[]
): [string, unknown][] {
  return row.filter(([name]) => columns.includes(name));
}

function bundle(display: IDisplayIn, values: [string, unknown][]): Bundle {
  return display.kind === 'row'
    ? { [ROW]: values }
    : { 'text/plain': String(values[0]?.[1] ?? '') };
}
