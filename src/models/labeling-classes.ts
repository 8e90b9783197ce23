import type { TranslationBundle } from '@jupyterlab/translation';

import { slotsOf } from './class-slots';
import type { LabelingModel } from './labeling-model';

/**
 * A class as the labeling view shows it.
 */
export interface ILabelingClass {
  label: string;
  keyCap?: string;
  isOn: boolean;
  isEarlier: boolean;
  count: number;
  share?: number;
}

/**
 * The classes in the project's order, so that a key keeps its class.
 */
export function classViews(
  model: LabelingModel,
  keys: { readonly [slot: string]: string | undefined },
  showPredictions: boolean
): ILabelingClass[] {
  const { project, metrics, current } = model;
  const classes = project?.classes ?? [];
  const slots = project ? slotsOf(project) : [];
  return classes.map((label, index) => ({
    label,
    keyCap: keys[slots[index] ?? ''],
    isOn: current?.selection.includes(label) ?? false,
    isEarlier: current?.earlier?.includes(label) ?? false,
    count: metrics?.labels_per_class[label] ?? 0,
    share: showPredictions ? current?.lease.prediction?.[label] : undefined
  }));
}

/**
 * A label in words.
 */
export function labelText(
  label: string | readonly string[],
  trans: TranslationBundle
): string {
  if (typeof label === 'string') {
    return label;
  }
  return label.length > 0 ? label.join(', ') : trans.__('none of the classes');
}
