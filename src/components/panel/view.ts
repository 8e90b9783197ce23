import type { ExportFormat, ExportWhat } from '../../api/client';
import type {
  IMetricsReply,
  IPatchProject,
  IProjectReply,
  IRoundReply,
  IWorkerReply
} from '../../api/types';
import type { PanelAction } from '../../models/panel-model';

/** Everything that the panel shows. */
export interface IPanelView {
  isLoaded: boolean;
  /** Why the list can't be read at the moment. */
  failure: { message: string; isLost: boolean } | null;
  projects: readonly IProjectReply[];
  chosen: IProjectReply | null;
  metrics: IMetricsReply | null;
  rounds: readonly IRoundReply[];
  strategies: readonly string[];
  worker: IWorkerReply | null;
  /** How many samples of the chosen project were asked for again. */
  comingBack: number | null;
  folded: readonly string[];
  /** Milliseconds since the epoch. */
  now: number;
  isBusy: (action: PanelAction) => boolean;
  errorOf: (action: PanelAction) => string | null;
}

/** Everything that a person can do in the panel. */
export interface IPanelActions {
  choose: (name: string) => void;
  create: () => void;
  demo: () => void;
  label: (name: string) => void;
  train: () => void;
  cancelRound: (id: string) => void;
  review: () => void;
  patch: (action: PanelAction, body: IPatchProject) => void;
  remove: (confirm: string) => void;
  toggleSection: (section: string) => void;
  refresh: () => void;
  exportUrl: (
    name: string,
    format: ExportFormat,
    what: ExportWhat,
    withData: boolean
  ) => string;
}
