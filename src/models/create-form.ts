import type {
  ICreateProject,
  IDatasetIn,
  IDisplayIn,
  IEstimatorIn,
  IFeaturesIn
} from '../api/types';

/** What a person can change before a project is made. */
export interface ICreateForm {
  name: string;
  display: IDisplayIn;
  features: IFeaturesIn;
  classes: string[];
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

/** Something that is wrong, beside the field that it belongs to. */
export type FieldErrors = Partial<
  Record<keyof ICreateForm | 'path', string>
> & {
  /** What belongs to no field. */
  general?: string;
};

/** The wire's names of the fields, where they differ from ours. */
const FIELDS = new Map<string, keyof ICreateForm | 'path'>([
  ['dataset', 'path'],
  ['title', 'name'],
  ['label_column', 'labelColumn'],
  ['multi_label', 'multiLabel'],
  ['check_share', 'checkShare'],
  ['retrain_every', 'retrainEvery'],
  ['queue_size', 'queueSize']
]);

const SAME = [
  'name',
  'display',
  'features',
  'classes',
  'estimator',
  'strategy',
  'seed',
  'blind'
] as const;

const FIELD_NAMED = /^(\w+)[\w.]*: */;

/** Returns a refusal without the field that it names: it stands beside that field. */
export function withoutField(message: string): string {
  return fieldNamedBy(message) ? message.replace(FIELD_NAMED, '') : message;
}

/** Returns the field that a refusal names at its beginning, as in "check_share: …". */
export function fieldNamedBy(message: string): keyof FieldErrors | null {
  const word = FIELD_NAMED.exec(message)?.[1] ?? '';
  return FIELDS.get(word) ?? SAME.find(each => each === word) ?? null;
}

/** Whether the server takes it for a project's name. */
export function isName(name: string): boolean {
  return /^[\p{L}\p{N}_][\p{L}\p{N}_ .-]{0,63}$/u.test(name.trim());
}

const TABLES = [
  'csv',
  'tsv',
  'jsonl',
  'ndjson',
  'json',
  'parquet',
  'arrow',
  'feather'
];
const ARRAYS = ['npy', 'npz'];

/** Returns the dataset that a file or folder is, judged by its name alone. */
export function datasetOf(path: string): IDatasetIn {
  const file = path.split('/').pop() ?? '';
  const ending = file.includes('.') ? file.split('.').pop()?.toLowerCase() : '';
  if (ARRAYS.includes(ending ?? '')) {
    return { kind: 'array', path };
  }
  // What a folder holds, only the server can see.
  return { kind: TABLES.includes(ending ?? '') ? 'table' : 'auto', path };
}

/** Whether a file can be made a project of. */
export function isDataFile(name: string): boolean {
  const ending = name.split('.').pop()?.toLowerCase() ?? '';
  return [...TABLES, ...ARRAYS].includes(ending);
}

/** Returns the form that a proposal of the server fills. */
export function formOf(proposal: { [key: string]: unknown }): ICreateForm {
  const given = proposal as Partial<ICreateProject>;
  return {
    name: given.name ?? 'project',
    display: given.display ?? { kind: 'auto' },
    features: given.features ?? { kind: 'auto' },
    classes: given.classes ?? [],
    labelColumn: given.label_column ?? null,
    multiLabel: given.multi_label ?? false,
    estimator: given.estimator ?? null,
    strategy: given.strategy?.name ?? 'default',
    checkShare: given.check_share ?? 0.1,
    retrainEvery: given.retrain_every ?? RETRAIN_EVERY,
    queueSize: given.queue_size ?? 10_000,
    seed: given.seed ?? 0,
    blind: given.blind ?? true
  };
}

/** New labels after which a round starts, where nobody says otherwise. */
const RETRAIN_EVERY = 10;

/** Returns the body of `POST projects`. */
export function bodyOf(
  form: ICreateForm,
  proposal: { [key: string]: unknown },
  dataset: IDatasetIn
): ICreateProject {
  const proposed = proposal as Partial<ICreateProject>;
  const name = form.name.trim();
  return {
    name,
    title: titleOf(name, proposed),
    dataset: proposed.dataset ?? dataset,
    display: form.display,
    features: form.features,
    classes: form.classes,
    multi_label: form.multiLabel,
    label_column: form.labelColumn,
    ...(form.estimator ? { estimator: form.estimator } : {}),
    strategy: { name: form.strategy, params: {} },
    // A pace that is said outright is kept exactly; otherwise quick rounds may come sooner.
    ...(form.retrainEvery === RETRAIN_EVERY
      ? {}
      : { retrain_every: form.retrainEvery }),
    check_share: form.checkShare,
    queue_size: form.queueSize,
    seed: form.seed,
    blind: form.blind
  };
}

/** Returns the proposed title, with the number that made its name free; a typed name is the title as well. */
function titleOf(name: string, proposed: Partial<ICreateProject>): string {
  const title = proposed.title ?? name;
  if (name === proposed.name) {
    return title;
  }
  const number = /-(\d+)$/.exec(name)?.[1];
  return number && name === `${proposed.name}-${number}`
    ? `${title} ${number}`
    : name;
}

/** Returns the form with another label column, which then is neither shown nor learned from. */
export function withLabelColumn(
  form: ICreateForm,
  column: string | null,
  found: readonly string[]
): ICreateForm {
  const without = (columns?: string[] | null) =>
    columns?.filter(each => each !== column);
  return {
    ...form,
    labelColumn: column,
    classes: [...found],
    display: form.display.columns
      ? { ...form.display, columns: without(form.display.columns) }
      : form.display,
    features: form.features.columns
      ? { ...form.features, columns: without(form.features.columns) }
      : form.features
  };
}
