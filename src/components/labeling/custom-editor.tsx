import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useLayoutEffect, useRef, useState } from 'react';

import type {
  ILabelEditor,
  ILabelEditorContext,
  ILabelEditorState,
  ILabelEditorView
} from '../../extension-points';

/**
 * A label editor of another extension, and what it is given.
 */
export interface ICustomEditor {
  editor: ILabelEditor;
  context: ILabelEditorContext;
  state: ILabelEditorState;
  /** Called with the editor on screen, and with null when it is gone. */
  onView: (view: ILabelEditorView | null) => void;
}

/**
 * A label editor of another extension; where it fails, what went wrong and the buttons.
 */
export function CustomEditor(
  props: ICustomEditor & { buttons: JSX.Element; trans: TranslationBundle }
): JSX.Element {
  const { editor, context, state, onView, buttons, trans } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<ILabelEditorView | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const attempt = (act: () => void) => {
    try {
      act();
    } catch (reason) {
      console.error(`${editor.id} failed:`, reason);
      setProblem(reason instanceof Error ? reason.message : String(reason));
      onView(null);
    }
  };
  useLayoutEffect(() => {
    const element = host.current!;
    setProblem(null);
    attempt(() => {
      view.current = editor.create(context, element);
      onView(view.current);
    });
    return () => {
      onView(null);
      attempt(() => view.current?.dispose());
      view.current = null;
      element.replaceChildren();
    };
  }, [editor, context]);
  useLayoutEffect(() => {
    attempt(() => view.current?.update(state));
  }, [editor, context, state]);
  return (
    <>
      <div
        ref={host}
        className="jp-al-Editor"
        role="group"
        aria-label={trans.__('Classes')}
        hidden={problem !== null}
      />
      {problem !== null && (
        <p className="jp-al-Error" role="alert">
          {trans.__(
            '%1 failed (%2); the buttons stand in for it.',
            editor.id,
            problem
          )}
        </p>
      )}
      {(problem !== null || editor.keepsButtons) && buttons}
    </>
  );
}
