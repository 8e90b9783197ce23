/**
 * The ids of all commands.
 */
export namespace CommandIDs {
  export const openPanel = 'jupyterlab-al:open-panel';
  export const labelProject = 'jupyterlab-al:label-project';
  export const newProject = 'jupyterlab-al:new-project';
  export const newProjectFromFile = 'jupyterlab-al:new-project-from-file';
  export const trainNow = 'jupyterlab-al:train-now';
  export const exportLabels = 'jupyterlab-al:export-labels';
  export const openFromUrl = 'jupyterlab-al:open-from-url';

  export const labelClass = 'jupyterlab-al:label-class';
  export const submit = 'jupyterlab-al:submit-classes';
  export const skip = 'jupyterlab-al:skip-sample';
  export const flag = 'jupyterlab-al:flag-sample';
  export const comment = 'jupyterlab-al:comment-sample';
  export const undo = 'jupyterlab-al:undo-label';
  export const answers = 'jupyterlab-al:show-answers';
  export const find = 'jupyterlab-al:find-class';
  export const add = 'jupyterlab-al:add-class';
  export const review = 'jupyterlab-al:review-labels';
  export const why = 'jupyterlab-al:explain-sample';
  export const play = 'jupyterlab-al:play-sample';
  export const help = 'jupyterlab-al:show-keys';
}
