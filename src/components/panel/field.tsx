import React, { useId } from 'react';

/** What a control needs to be tied to its label, its hint and its problem. */
export interface IControlProps {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean | undefined;
}

/** A control with everything that is said about it. */
export interface IFieldProps {
  label: string;
  /** What it does, in a sentence. */
  hint?: React.ReactNode;
  /** What is wrong with it, in words. */
  problem?: string | null;
  /** What should be known but stops nobody. */
  remark?: string | null;
  children: (control: IControlProps) => React.ReactNode;
}

/** A labeled control; hint and problem stand beside it and are read with it. */
export function Field(props: IFieldProps): JSX.Element {
  const { label, hint, problem, remark, children } = props;
  const id = useId();
  const described = [
    hint ? `${id}-hint` : '',
    remark ? `${id}-remark` : '',
    problem ? `${id}-problem` : ''
  ].filter(each => each !== '');
  return (
    <div className="jp-al-Field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        'aria-describedby': described.join(' ') || undefined,
        'aria-invalid': problem ? true : undefined
      })}
      {hint && (
        <p id={`${id}-hint`} className="jp-al-Hint">
          {hint}
        </p>
      )}
      {remark && (
        <p id={`${id}-remark`} className="jp-al-Field-remark" role="status">
          {remark}
        </p>
      )}
      {problem && (
        <p id={`${id}-problem`} className="jp-al-Field-problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
