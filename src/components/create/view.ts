import type {
  IDisplayIn,
  IEstimatorIn,
  IFeaturesIn,
  IInspectReply,
  IPreviewReply
} from '../../api/types';
import type { RenderMime } from '../labeling/display';

/** What the form holds. */
export interface IFormValues {
  name: string;
  display: IDisplayIn;
  features: IFeaturesIn;
  classes: readonly string[];
  labelColumn: string | null;
  multiLabel: boolean;
  /** null: what the server finds fit. */
  estimator: IEstimatorIn | null;
  strategy: string;
  checkShare: number;
  retrainEvery: number;
  queueSize: number;
  seed: number;
  blind: boolean;
}

/** What a person changes in the form. */
export type FormChange = Partial<
  Omit<IFormValues, 'classes' | 'labelColumn'> & { classes: string[] }
>;

/** What is wrong, by the field that it belongs to. */
export type Errors = Partial<
  Record<keyof IFormValues | 'path' | 'general', string>
>;

/** What the form shows, and what a change calls. */
export interface ICreateFormProps {
  form: IFormValues;
  inspection: IInspectReply;
  /** The first samples, in the display that is chosen. */
  preview: readonly IPreviewReply[];
  /** Draws markup and other MIME types; without it they stay as typed. */
  render?: RenderMime;
  strategies: readonly string[];
  errors: Errors;
  onChange: (change: FormChange) => void;
  /** Another array of the file is to be labeled. */
  onArray: (name: string) => void;
  onLabelColumn: (column: string | null) => void;
}
