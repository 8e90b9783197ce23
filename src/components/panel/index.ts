export { Panel } from './panel';
export type { IPanelProps } from './panel';
export type { Action, IPanelActions, IPanelView } from './view';
