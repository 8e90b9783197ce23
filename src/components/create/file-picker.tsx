import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

/** Choosing a file. */
export interface IFilePickerProps {
  folder: string;
  entries: readonly { name: string; path: string; isFolder: boolean }[];
  error: string | null;
  onBrowse: (folder: string) => void;
  onChoose: (path: string) => void;
  onDemo: () => void;
  trans: TranslationBundle;
}

/** Folders, to look into or to label, and data files to choose from, and the digits for those who only want to try. */
export function FilePicker(props: IFilePickerProps): JSX.Element {
  const { folder, entries, error, onBrowse, onChoose, onDemo, trans } = props;
  const up = folder.split('/').slice(0, -1).join('/');
  return (
    <div className="jp-al-Picker">
      <p>{trans.__('Choose the file to label.')}</p>
      <p className="jp-al-Hint">
        {trans.__(
          'Tables (.csv .tsv .jsonl .json .parquet .arrow .feather), arrays (.npy .npz), and folders of pictures, texts or sounds.'
        )}
      </p>
      <p className="jp-al-Picker-folder">/{folder}</p>
      {error && (
        <p className="jp-al-Field-problem" role="alert">
          {error}
        </p>
      )}
      <ul aria-label={trans.__('Files')}>
        {folder !== '' && (
          <li>
            <button type="button" onClick={() => onBrowse(up)}>
              {trans.__('Folder above')}
            </button>
          </li>
        )}
        {entries.map(entry => (
          <li key={entry.path}>
            <button
              type="button"
              onClick={() =>
                entry.isFolder ? onBrowse(entry.path) : onChoose(entry.path)
              }
            >
              {entry.isFolder ? `${entry.name}/` : entry.name}
            </button>
          </li>
        ))}
      </ul>
      {folder !== '' && (
        <button
          type="button"
          className="jp-al-Button"
          onClick={() => onChoose(folder)}
        >
          {trans.__('Label the files of this folder')}
        </button>
      )}
      {entries.length === 0 && !error && (
        <p className="jp-al-Hint">{trans.__('No data file in this folder.')}</p>
      )}
      <button type="button" className="jp-al-Button" onClick={onDemo}>
        {trans.__('Try it with handwritten digits')}
      </button>
    </div>
  );
}
