import type { ITranslator } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import { CommandIDs } from '../commands';
import { SLOTS } from '../models/class-slots';
import type { LabelingWidget } from '../widgets/labeling-widget';

/**
 * The acts of the labeling view as commands; their keys are set in the schema of the settings.
 *
 * @param current - the view that they act on, null while there is none
 */
export function addLabelingCommands(
  commands: CommandRegistry,
  current: () => LabelingWidget | null,
  translator: ITranslator
): void {
  const trans = translator.load('jupyterlab_al');
  const add = (
    id: string,
    label: string,
    act: (widget: LabelingWidget) => void
  ) =>
    commands.addCommand(id, {
      label,
      describedBy: { args: { type: 'object', properties: {} } },
      isEnabled: () => current() !== null,
      execute: () => {
        const view = current();
        if (view) {
          act(view);
        }
      }
    });

  commands.addCommand(CommandIDs.labelClass, {
    label: ({ slot }) =>
      trans.__('Label With the Class of Key %1', String(slot)),
    describedBy: {
      args: {
        type: 'object',
        properties: {
          slot: {
            type: 'string',
            enum: SLOTS,
            description: trans.__('The key that the class has by default')
          }
        },
        required: ['slot']
      }
    },
    isEnabled: () => current() !== null,
    execute: ({ slot }) => current()?.model.chooseSlot(String(slot))
  });
  add(CommandIDs.submit, trans.__('Submit the Chosen Classes'), widget =>
    widget.model.submit()
  );
  add(CommandIDs.skip, trans.__('Skip Sample'), widget => widget.model.skip());
  add(CommandIDs.flag, trans.__('Flag Sample'), widget =>
    widget.model.toggleFlag()
  );
  add(CommandIDs.comment, trans.__('Comment on Sample'), widget =>
    widget.togglePane('comment')
  );
  add(CommandIDs.undo, trans.__('Undo Label'), widget => widget.model.undo());
  add(CommandIDs.answers, trans.__('Show My Last Answers'), widget =>
    widget.togglePane('answers')
  );
  add(CommandIDs.find, trans.__('Find a Class'), widget =>
    widget.togglePane('find')
  );
  add(CommandIDs.add, trans.__('Add a Class'), widget =>
    widget.togglePane('add')
  );
  add(
    CommandIDs.review,
    trans.__('Review Disputed and Doubtful Labels'),
    widget => void widget.model.review()
  );
  add(CommandIDs.why, trans.__('Why This Sample?'), widget =>
    widget.toggleWhy()
  );
  add(CommandIDs.play, trans.__('Play or Pause the Sound'), widget =>
    widget.togglePlaying()
  );
  add(CommandIDs.help, trans.__('Show Labeling Keys'), widget =>
    widget.togglePane('help')
  );
}
