// Generated from jupyterlab_al/handlers/schemas by `jlpm types`: do not edit.

/**
 * Accuracy on random checks with its 95 % interval; shares from 0 to 1.
 */
export interface IAccuracyReply {
  value: number;
  low: number;
  high: number;
  n: number;
}
/**
 * Body of `POST projects/{name}/samples`: an upload, or a file below the server's root.
 */
export interface IAddSamples {
  upload_id?: string | null;
  path?: string | null;
  features_upload_id?: string | null;
}
/**
 * Whether more labels would help.
 */
export interface IAdviceReply {
  stop: boolean;
  votes: IVote[];
}
/**
 * One stopping rule's opinion.
 */
export interface IVote {
  rule: string;
  says: 'continue' | 'stop' | 'unknown';
  because: string;
}
/**
 * How far annotators agree about the samples that several of them labeled.
 */
export interface IAgreementReply {
  value: number;
  same: number;
  n: number;
  confused: IConfusionReply[];
}
/**
 * Two labels that annotators take for each other, and how many samples got both.
 */
export interface IConfusionReply {
  /**
   * @minItems 2
   * @maxItems 2
   */
  labels: unknown[];
  n: number;
}
/**
 * Body of `POST projects/{name}/annotations`; all or nothing.
 */
export interface IAnnotateRequest {
  /**
   * @minItems 1
   * @maxItems 1000
   */
  annotations: IAnnotationIn[];
}
/**
 * One annotation; `key` makes a repeat harmless.
 */
export interface IAnnotationIn {
  key: string;
  sample_id: number;
  token?: string | null;
  label: string | string[];
  flagged?: boolean;
  comment?: string | null;
  seconds?: number | null;
}
/**
 * Reply of `GET annotations`: in order of arrival.
 */
export interface IAnnotationPage {
  annotations: IAnnotationReply[];
  next: string | null;
}
/**
 * One annotation as it is stored.
 */
export interface IAnnotationReply {
  id: string;
  key: string;
  sample_id: number;
  sample_key: string;
  label: string | string[];
  annotator: string;
  source: 'query' | 'check' | 'cold_start' | 'review' | 'manual' | 'import';
  created_at: string;
  undone_at: string | null;
  flagged: boolean;
  comment: string | null;
  seconds: number | null;
}
/**
 * Reply of annotate.
 */
export interface IAnnotationsReply {
  annotations: IAnnotationReply[];
}
/**
 * Reply of a claim: leases, or why there are none.
 */
export interface IClaimReply {
  leases: ILeaseReply[];
  empty_because: ('preparing' | 'all_labeled' | 'held_by_others' | 'budget' | 'paused') | null;
  back_at?: string | null;
}
/**
 * One leased sample, ready to show. `source` and `prediction` are absent in blind projects.
 */
export interface ILeaseReply {
  sample_id: number;
  sample_key: string;
  rank: number;
  source?: ('query' | 'check' | 'cold_start' | 'review') | null;
  expires_at: string;
  token: string;
  display: {
    [k: string]: unknown;
  };
  prediction?: {
    [k: string]: number;
  } | null;
}
/**
 * Body of `POST projects/{name}/queue/claim`.
 */
export interface IClaimRequest {
  size?: number;
  client?: string | null;
}
/**
 * One class on the random checks; null where none was counted.
 */
export interface IClassFiguresReply {
  precision: IAccuracyReply | null;
  recall: IAccuracyReply | null;
}
/**
 * A column of a dataset, as found by a look at its first rows.
 */
export interface IColumnReply {
  name: string;
  type: 'number' | 'category' | 'text' | 'date' | 'boolean' | 'other';
  missing: number;
  distinct: number;
  example: string | null;
  display: 'text' | 'image' | 'mime' | 'series';
}
/**
 * Body of `POST projects`: everything but `name` and `dataset` has a default.
 */
export interface ICreateProject {
  name: string;
  title?: string | null;
  dataset: IDatasetIn;
  display?: IDisplayIn;
  features?: IFeaturesIn;
  /**
   * @maxItems 10000
   */
  classes?: string[];
  multi_label?: boolean;
  label_column?: string | null;
  estimator?: IEstimatorIn | null;
  strategy?: IStrategyIn;
  retrain_every?: number;
  early_rounds?: boolean | null;
  check_share?: number;
  review_share?: number;
  overlap?: number;
  queue_size?: number;
  seed?: number;
  blind?: boolean;
  error_cost?: number;
  budget?: number;
}
/**
 * Where the samples come from.
 */
export interface IDatasetIn {
  kind: 'table' | 'array' | 'images' | 'texts' | 'audio' | 'upload' | 'demo' | 'auto';
  path?: string | null;
  upload_id?: string | null;
  name?: string | null;
  key_column?: string | null;
  key_type?: string | null;
  array?: string | null;
}
/**
 * How a sample is shown.
 */
export interface IDisplayIn {
  kind?: 'text' | 'markdown' | 'image' | 'audio' | 'row' | 'series' | 'mime' | 'auto';
  column?: string | null;
  columns?: string[] | null;
}
/**
 * What the estimator learns from.
 */
export interface IFeaturesIn {
  kind?: 'text' | 'columns' | 'pixels' | 'audio' | 'array' | 'precomputed' | 'embedding' | 'auto';
  column?: string | null;
  columns?: string[] | null;
  path?: string | null;
  upload_id?: string | null;
  model?: string | null;
}
/**
 * An estimator by import path with parameters, or an uploaded skops file.
 */
export interface IEstimatorIn {
  import?: string | null;
  params?: {
    [k: string]: unknown;
  };
  skops?: string | null;
  description?: string | null;
}
/**
 * A query strategy by its registered name.
 */
export interface IStrategyIn {
  name?: string;
  params?: {
    [k: string]: unknown;
  };
}
/**
 * One finished round on the learning curve.
 */
export interface ICurvePoint {
  round: string;
  n_labels: number;
  accuracy: number | null;
  low: number | null;
  high: number | null;
  utility_mean: number | null;
  changed_share: number | null;
  agreement: number | null;
  gain: IGainReply | null;
}
/**
 * Chosen labels against as many random ones, both measured on the same random checks.
 */
export interface IGainReply {
  n_labels: number;
  chosen: number;
  random: number;
  low: number;
  high: number;
  n_checks: number;
}
/**
 * Every refusal: a word for programs, a sentence for people, and facts where there are some.
 *
 * Such as `field`, the part of the body that is wrong, or `labeled`, the classes that are labeled.
 */
export interface IErrorReply {
  error: string;
  message: string;
  [k: string]: unknown;
}
/**
 * The samples of some keys, in their order; null where there is none.
 */
export interface IFindSamplesReply {
  sample_ids: (number | null)[];
}
/**
 * Body of `POST projects/{name}/samples/find`.
 */
export interface IFindSamplesRequest {
  /**
   * @maxItems 100000
   */
  keys: string[];
}
/**
 * A lease that was still held.
 */
export interface IHeldLease {
  sample_id: number;
  token: string;
  expires_at: string;
}
/**
 * Reply of `POST datasets/inspect`.
 */
export interface IInspectReply {
  n_rows: number;
  n_rows_exact: boolean;
  columns: IColumnReply[];
  arrays: string[];
  preview: IPreviewReply[];
  proposal: {
    [k: string]: unknown;
  };
  problems: IProblemReply[];
}
/**
 * One of the first rows, as the annotator will see it.
 */
export interface IPreviewReply {
  sample_key: string;
  display: {
    [k: string]: unknown;
  };
}
/**
 * Something about the data that a person should know, beside the field it belongs to.
 */
export interface IProblemReply {
  field: string;
  message: string;
}
/**
 * Body of `POST datasets/inspect`.
 */
export interface IInspectRequest {
  dataset: IDatasetIn;
  display?: IDisplayIn | null;
}
/**
 * The newest round, for the status line.
 */
export interface ILastRoundReply {
  id: string;
  state: 'queued' | 'running' | 'finished' | 'failed' | 'cancelled';
  phase: string | null;
  progress: number;
  error: string | null;
}
/**
 * A lease by its sample and token.
 */
export interface ILeaseRef {
  sample_id: number;
  token: string;
}
/**
 * Reply of extend, release and skip.
 */
export interface ILeasesReply {
  leases: IHeldLease[];
}
/**
 * Body of extend, release and skip.
 */
export interface ILeasesRequest {
  /**
   * @maxItems 1000
   */
  leases: ILeaseRef[];
}
/**
 * A class whose labels are to count as another's from now on.
 */
export interface IMergeClass {
  from: string;
  into: string;
}
/**
 * A class that was merged into another.
 */
export interface IMergedClass {
  name: string;
  into: string;
  position: number;
}
/**
 * Reply of `GET metrics`; no figure but `second_reading` comes from chosen labels.
 */
export interface IMetricsReply {
  labels: number;
  labels_per_class: {
    [k: string]: number;
  };
  checks: number;
  skipped: number;
  skipped_checks: number;
  n_samples: number;
  n_labeled: number;
  accuracy: IAccuracyReply | null;
  curve: ICurvePoint[];
  per_class: {
    [k: string]: IClassFiguresReply;
  };
  macro_f1: IAccuracyReply | null;
  gain: IGainReply | null;
  second_reading: ISecondReadingReply | null;
  agreement: IAgreementReply | null;
  disputed: number;
  suspected: number;
  review_note: string | null;
  predicted_share: {
    [k: string]: number;
  };
  utilities: IUtilityHistogramReply | null;
  advice: IAdviceReply;
  order: IOrderReply;
  last_round: ILastRoundReply | null;
  throughput: IThroughputReply | null;
}
/**
 * Accuracy from chosen labels, weighted by the probabilities of their draws (LURE).
 */
export interface ISecondReadingReply {
  value: number;
  standard_error: number;
  n: number;
}
/**
 * How many samples have utilities between `low` and `high`, in bins of one width.
 */
export interface IUtilityHistogramReply {
  low: number;
  high: number;
  counts: number[];
}
/**
 * What the queue is ordered by now.
 */
export interface IOrderReply {
  by: 'random' | 'model';
  phase: 'explore' | 'refine';
  round: string | null;
  n_labels: number;
  labels_since: number;
  needs: {
    [k: string]: number;
  };
}
/**
 * The pace of labeling over the newest labels of the project.
 */
export interface IThroughputReply {
  per_hour: number;
  seconds_per_label: number;
}
/**
 * Body of requests that say all there is to say by their address.
 */
export interface INothing {}
/**
 * Where a labeling view can be opened by hand: below the server's address.
 */
export interface IOpenReply {
  path: string;
}
/**
 * An annotation of the caller's, with what is shown of its sample.
 */
export interface IOwnAnnotationReply {
  id: string;
  key: string;
  sample_id: number;
  sample_key: string;
  label: string | string[];
  annotator: string;
  source: 'query' | 'check' | 'cold_start' | 'review' | 'manual' | 'import';
  created_at: string;
  undone_at: string | null;
  flagged: boolean;
  comment: string | null;
  seconds: number | null;
  display: {
    [k: string]: unknown;
  };
}
/**
 * Reply of `GET annotations/own`: newest first, those left out that were undone.
 */
export interface IOwnAnnotationsReply {
  annotations: IOwnAnnotationReply[];
}
/**
 * Body of `PATCH projects/{name}`: only what is to change.
 *
 * `classes` is the whole new list: it keeps every class that stands now and adds new ones at
 * any place, or has the same length with names changed (a rename by position);
 * `rename_classes` says it outright. Merged classes keep their labels as they were given, so that
 * `split_classes`, by their earlier names, takes the merge back.
 */
export interface IPatchProject {
  title?: string | null;
  classes?: string[] | null;
  rename_classes?: IRenameClass[] | null;
  merge_classes?: IMergeClass[] | null;
  split_classes?: string[] | null;
  strategy?: IStrategyIn | null;
  estimator?: IEstimatorIn | null;
  retrain_every?: number | null;
  early_rounds?: boolean | null;
  check_share?: number | null;
  review_share?: number | null;
  overlap?: number | null;
  state?: ('active' | 'paused' | 'archived') | null;
  blind?: boolean | null;
  error_cost?: number | null;
  budget?: number | null;
}
/**
 * A class to rename; `from` is the name it has now.
 */
export interface IRenameClass {
  from: string;
  to: string;
}
/**
 * How far a background job is.
 */
export interface IProgressReply {
  phase: string;
  progress: number;
}
/**
 * Data of one server-sent event: a hint to read again by REST.
 */
export interface IProjectEvent {
  seq: number;
  project: string;
  at: string;
  what: string;
  round?: string | null;
  phase?: string | null;
  progress?: number | null;
  n_labels?: number | null;
}
/**
 * One project.
 */
export interface IProjectReply {
  name: string;
  title: string;
  state: 'preparing' | 'active' | 'paused' | 'archived' | 'failed';
  error: string | null;
  dataset: unknown;
  display: unknown;
  features: unknown;
  classes: string[];
  merged: IMergedClass[];
  multi_label: boolean;
  label_column: string | null;
  estimator: unknown;
  strategy: unknown;
  retrain_every: number;
  early_rounds: boolean;
  check_share: number;
  review_share: number;
  overlap: number;
  queue_size: number;
  seed: number;
  blind: boolean;
  error_cost: number;
  budget: number;
  n_samples: number;
  n_labeled: number;
  n_annotations: number;
  n_checks: number;
  accuracy: IAccuracyReply | null;
  preparing: IProgressReply | null;
  problems: string[];
  role: 'owner' | 'annotator' | 'reviewer' | 'viewer';
  created_at: string;
  last_activity_at: string;
}
/**
 * Reply of `GET projects`.
 */
export interface IProjectsReply {
  projects: IProjectReply[];
  next: string | null;
}
/**
 * Reply of review: how many samples now stand at the front of the queue.
 */
export interface IReviewReply {
  queued: number;
}
/**
 * Body of `POST projects/{name}/queue/review`.
 */
export interface IReviewRequest {
  what?: 'disputed' | 'suspected' | 'all';
}
/**
 * One round. `seconds` are wall clock and disjoint.
 */
export interface IRoundReply {
  id: string;
  state: 'queued' | 'running' | 'finished' | 'failed' | 'cancelled';
  phase: string | null;
  progress: number;
  n_labels: number;
  n_train: number;
  n_checks: number;
  n_scored: number | null;
  n_candidates: number | null;
  seconds: {
    [k: string]: number;
  };
  accuracy: IAccuracyReply | null;
  warnings: string[];
  error: string | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
}
/**
 * Reply of `GET rounds`, newest first.
 */
export interface IRoundsReply {
  rounds: IRoundReply[];
  next: string | null;
}
/**
 * Reply of `GET samples/{id}`.
 */
export interface ISampleReply {
  sample_id: number;
  sample_key: string;
  display: {
    [k: string]: unknown;
  };
}
/**
 * Reply of `GET status`.
 */
export interface IStatusReply {
  version: string;
  database: 'sqlite' | 'postgresql';
  worker: IWorkerReply;
  user: IUserReply;
  strategies: string[];
}
/**
 * The background worker, as the server sees it.
 */
export interface IWorkerReply {
  state: 'off' | 'starting' | 'idle' | 'busy' | 'broken' | 'external';
  pid: number | null;
  busy_with: string | null;
  message?: string | null;
}
/**
 * Who the server takes the caller for.
 */
export interface IUserReply {
  id: string;
  name: string;
  role: 'owner' | 'annotator' | 'reviewer' | 'viewer';
}
/**
 * Reply of `POST uploads`.
 */
export interface IUploadReply {
  upload_id: string;
}
