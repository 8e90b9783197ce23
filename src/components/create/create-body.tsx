import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useLayoutEffect } from 'react';

import { Notice } from '../panel/notice';
import { CreateForm } from './create-form';
import { FilePicker } from './file-picker';
import type { IFilePickerProps } from './file-picker';
import type { ICreateFormProps } from './view';
import { rowsWord } from './words';

/** The dialog in each of its steps. */
export interface ICreateBodyProps {
  step: 'choosing' | 'looking' | 'ready' | 'unreadable';
  path: string | null;
  /** Why the file can't be read. */
  error: string | null;
  picker: Omit<IFilePickerProps, 'trans'>;
  /** null before the file was read. */
  form: ICreateFormProps | null;
  isCreating: boolean;
  onOther: () => void;
  /** Called whenever something was drawn. */
  onDrawn: () => void;
  trans: TranslationBundle;
}

/** The body of the dialog for a new project. */
export function CreateBody(props: ICreateBodyProps): JSX.Element {
  const { step, path, form, onOther, onDrawn, trans } = props;
  useLayoutEffect(onDrawn);
  if (step === 'choosing') {
    return <FilePicker {...props.picker} trans={trans} />;
  }
  return (
    <div className="jp-al-Create-body" aria-busy={step === 'looking'}>
      {path !== null && (
        <p className="jp-al-Create-file">
          <strong>{path}</strong>{' '}
          {form && <span>{rowsWord(form.inspection, trans)}</span>}{' '}
          <button type="button" className="jp-al-Link" onClick={onOther}>
            {trans.__('Another file…')}
          </button>
        </p>
      )}
      {step === 'looking' && (
        <p role="status" className="jp-al-Loading">
          {path === null
            ? trans.__('Looking for files…')
            : trans.__('Looking at the first samples…')}
        </p>
      )}
      {props.error !== null && step !== 'looking' && (
        <Notice
          kind="error"
          lead={trans.__('This file can’t be used:')}
          trans={trans}
        >
          {props.error}
        </Notice>
      )}
      {step === 'ready' && form && <CreateForm {...form} trans={trans} />}
      {props.isCreating && (
        <p role="status" className="jp-al-Create-making">
          {trans.__('Making the project…')}
        </p>
      )}
    </div>
  );
}
