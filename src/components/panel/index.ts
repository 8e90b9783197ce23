export { Panel } from './panel';
export type { IPanelProps } from './panel';
export type { IPanelActions, IPanelView } from './view';
