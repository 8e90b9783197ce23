import type { ExportFormat } from '../../api/client';

/** A file format and its name, which is the same in every language. */
export interface IExportFormat {
  format: ExportFormat;
  name: string;
}

/** Tables: one line a sample or a fact. */
export const TABLES: IExportFormat[] = [
  { format: 'csv', name: 'CSV' },
  { format: 'jsonl', name: 'JSON Lines' },
  { format: 'parquet', name: 'Parquet' }
];

/** What other tools read: samples and labels together. */
export const FOR_TOOLS: IExportFormat[] = [
  { format: 'hf', name: 'Hugging Face datasets' },
  { format: 'label-studio', name: 'Label Studio' }
];
