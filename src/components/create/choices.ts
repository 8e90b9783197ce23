import type { TranslationBundle } from '@jupyterlab/translation';

import type { IEstimatorIn } from '../../api/types';

/** A model to pick, with what it is good for. */
export interface IEstimatorChoice {
  title: string;
  /** When to take it, in a few words. */
  note: string;
  estimator: { import: string; params: Record<string, unknown> };
}

/** A query strategy to pick. */
export interface IStrategyChoice {
  name: string;
  title: string;
  /** What choosing it does, in a sentence. */
  effect: string;
}

/** The models that are offered by name; any other is given by its import path. */
export function estimatorChoices(
  trans: TranslationBundle,
  isDense: boolean
): IEstimatorChoice[] {
  const linear = 'sklearn.linear_model.LogisticRegression';
  const forest = 'sklearn.ensemble.RandomForestClassifier';
  const neighbors = 'sklearn.neighbors.KNeighborsClassifier';
  return [
    {
      title: trans.__('Logistic regression'),
      note: trans.__('fast, good first choice'),
      // Rows of words have length 1, which the usual penalty would keep from being learned from.
      estimator: scaled(isDense, linear, {
        ...(isDense ? {} : { C: 30 }),
        max_iter: 1000
      })
    },
    {
      title: trans.__('Random forest'),
      note: trans.__('good with columns of numbers, slower'),
      estimator: { import: forest, params: { n_estimators: 200 } }
    },
    {
      title: trans.__('Linear support vectors'),
      note: trans.__('good with many words or pixels'),
      estimator: scaled(isDense, 'sklearn.svm.LinearSVC', {})
    },
    {
      title: trans.__('Nearest neighbors'),
      note: trans.__('no training, good when classes form groups'),
      estimator: scaled(isDense, neighbors, { n_neighbors: 5 })
    }
  ];
}

/** Columns of large numbers would outweigh all others: dense features are scaled first. */
function scaled(
  isDense: boolean,
  path: string,
  params: Record<string, unknown>
): IEstimatorChoice['estimator'] {
  const estimator = { import: path, params };
  if (!isDense) {
    return estimator;
  }
  const scaler = { import: 'sklearn.preprocessing.StandardScaler', params: {} };
  return {
    import: 'sklearn.pipeline.Pipeline',
    params: {
      steps: [
        ['scale', scaler],
        ['classify', estimator]
      ]
    }
  };
}

/** Whether features of this description are numbers in columns rather than words. */
export function isDense(features: unknown): boolean {
  const kind = (features as { kind?: string } | null)?.kind;
  return kind !== 'text';
}

/** The query strategies that the server knows, the ones of others by their own name. */
export function strategyChoices(
  names: readonly string[],
  trans: TranslationBundle
): IStrategyChoice[] {
  const known: Record<string, Omit<IStrategyChoice, 'name'>> = {
    default: {
      title: trans.__('Recommended'),
      effect: trans.__(
        'What new projects get: at present Unsure and spread, which saved most labels on real data.'
      )
    },
    margin: {
      title: trans.__('Margin'),
      effect: trans.__('Asks where the two likeliest classes are close.')
    },
    entropy: {
      title: trans.__('Entropy'),
      effect: trans.__('Asks where the model wavers between many classes.')
    },
    least_confidence: {
      title: trans.__('Least confidence'),
      effect: trans.__('Asks where even the likeliest class is unsure.')
    },
    random: {
      title: trans.__('Random'),
      effect: trans.__('Asks at random: a fair baseline that learns slower.')
    },
    uncertainty_herding: {
      title: trans.__('Unsure and spread'),
      effect: trans.__(
        'Asks where the model is unsure, one sample for each group of similar ones.'
      )
    },
    herding: {
      title: trans.__('Spread'),
      effect: trans.__(
        'Asks one sample for each group of similar ones, whatever the model thinks.'
      )
    },
    typical_first: {
      title: trans.__('Typical first'),
      effect: trans.__(
        'Asks about typical samples until each class has 3 labels, then as Recommended does.'
      )
    },
    typical: {
      title: trans.__('Typical'),
      effect: trans.__('Asks about the middle of each group of samples.')
    },
    badge: {
      title: trans.__('Badge'),
      effect: trans.__(
        'Asks samples that would change the model most, and differently.'
      )
    },
    falcun: {
      title: trans.__('Falcun'),
      effect: trans.__(
        'Asks at random among unsure samples whose likely classes differ.'
      )
    },
    density: {
      title: trans.__('Density'),
      effect: trans.__('Asks unsure samples that many others are like.')
    },
    committee: {
      title: trans.__('Committee'),
      effect: trans.__(
        'Asks where seven models disagree, each trained on a part of the labels.'
      )
    },
    scikit_activeml: {
      title: trans.__('From scikit-activeml'),
      effect: trans.__(
        'Max herding of the library scikit-activeml, which has to be installed; other methods of it can be named over REST.'
      )
    },
    power_margin: {
      title: trans.__('Margin by chance'),
      effect: trans.__(
        'Draws unsure samples more often than others, so that chosen labels give a second reading of the accuracy.'
      )
    }
  };
  return names.map(name => ({
    name,
    ...(known[name] ?? {
      title: name,
      effect: trans.__('Added by another package.')
    })
  }));
}

/** What a new round after so many labels means. */
export function paceEffect(every: number, trans: TranslationBundle): string {
  return trans._n(
    'After each new label the model learns again in the background; you go on labeling meanwhile.',
    'After %1 new labels the model learns again in the background; you go on labeling meanwhile.',
    every
  );
}

/** What it means that so many samples are to be labeled; 0: all of them. */
export function budgetEffect(budget: number, trans: TranslationBundle): string {
  return budget === 0
    ? trans.__('Labeling goes on for as long as there are samples.')
    : trans._n(
        'No more samples are handed out once one is labeled. All labels stay, and you can raise the number at any time.',
        'No more samples are handed out once %2 are labeled. All labels stay, and you can raise the number at any time.',
        budget,
        budget.toLocaleString()
      );
}

/** What a share of random checks means. */
export function checksEffect(share: number, trans: TranslationBundle): string {
  if (share <= 0) {
    return trans.__('Without random checks no accuracy can be given.');
  }
  if (share >= 1) {
    return trans.__('Every sample measures the model, none teaches it.');
  }
  return trans.__(
    'About 1 in %1 samples is drawn at random: it measures the model and never teaches it.',
    Math.round(1 / share)
  );
}

/** What a share of reviews means. */
export function reviewsEffect(share: number, trans: TranslationBundle): string {
  if (share <= 0) {
    return trans.__(
      'No sample comes again by itself; “Review them” under Label quality brings all of them.'
    );
  }
  return trans.__(
    'About 1 in %1 samples comes again, if people disagree about it or the model doubts its label.',
    Math.round(1 / share)
  );
}

/** The import path of an estimator, of the last step in a pipeline; null for an uploaded one. */
export function importPath(estimator: unknown): string | null {
  const found = (estimator ?? {}) as Partial<IEstimatorIn>;
  const steps = found.params?.steps;
  if (Array.isArray(steps) && steps.length > 0) {
    const step: unknown = steps[steps.length - 1];
    return Array.isArray(step) ? importPath(step[1]) : null;
  }
  return typeof found.import === 'string' ? found.import : null;
}

/** What an uploaded estimator is; null for one that has an import path. */
export function uploadedEstimator(estimator: unknown): string | null {
  const found = (estimator ?? {}) as Partial<IEstimatorIn>;
  return found.skops ? (found.description ?? found.skops) : null;
}
