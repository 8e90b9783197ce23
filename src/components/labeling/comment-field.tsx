import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useRef } from 'react';

/**
 * A remark on the sample, sent with the answer.
 */
export interface ICommentFieldProps {
  text: string;
  onChange: (text: string) => void;
  onClose: () => void;
  trans: TranslationBundle;
}

/**
 * A field for a remark. Enter and Escape go back to the sample, with the text kept.
 */
export function CommentField(props: ICommentFieldProps): JSX.Element {
  const { text, onChange, onClose, trans } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <div className="jp-al-Comment">
      <textarea
        ref={field}
        className="jp-al-Input"
        rows={2}
        maxLength={10000}
        dir="auto"
        aria-label={trans.__('Comment on this sample')}
        placeholder={trans.__(
          'Goes with your answer. Enter: back to the sample.'
        )}
        value={text}
        onChange={event => onChange(event.target.value)}
        onKeyDown={event => {
          const ends = event.key === 'Enter' && !event.shiftKey;
          if (ends || event.key === 'Escape') {
            event.preventDefault();
            event.stopPropagation();
            onClose();
          }
        }}
      />
    </div>
  );
}
