import type {
  IMetricsReply,
  IProjectReply,
  IRoundReply
} from '../../api/types';

/** 2026-03-04, noon. */
export const NOON = Date.parse('2026-03-04T12:00:00Z');

/** An active project with 143 of 20,000 labels. */
export function aProject(change: Partial<IProjectReply> = {}): IProjectReply {
  return {
    name: 'reviews',
    title: 'Product reviews',
    state: 'active',
    error: null,
    dataset: { kind: 'table', path: 'reviews.csv' },
    display: { kind: 'text', column: 'review' },
    features: { kind: 'text', column: 'review' },
    classes: ['negative', 'positive'],
    merged: [],
    multi_label: false,
    label_column: null,
    estimator: {
      import: 'sklearn.linear_model.LogisticRegression',
      params: { max_iter: 1000 }
    },
    strategy: { name: 'default', params: {} },
    retrain_every: 10,
    early_rounds: true,
    error_cost: 1,
    budget: 0,
    check_share: 0.1,
    review_share: 0,
    overlap: 1,
    queue_size: 10000,
    seed: 0,
    blind: true,
    n_samples: 20000,
    n_labeled: 143,
    n_annotations: 143,
    n_checks: 14,
    accuracy: { value: 0.871, low: 0.832, high: 0.9, n: 14 },
    preparing: null,
    problems: [],
    role: 'owner',
    created_at: '2026-03-01T08:00:00Z',
    last_activity_at: '2026-03-04T11:55:00Z',
    ...change
  };
}

/** The figures of that project. */
export function someMetrics(
  change: Partial<IMetricsReply> = {}
): IMetricsReply {
  return {
    labels: 143,
    labels_per_class: { negative: 80, positive: 63 },
    checks: 14,
    skipped: 0,
    skipped_checks: 0,
    n_samples: 20000,
    n_labeled: 143,
    accuracy: { value: 0.871, low: 0.832, high: 0.9, n: 14 },
    curve: [
      {
        round: '1',
        n_labels: 20,
        accuracy: null,
        low: null,
        high: null,
        utility_mean: 0.6,
        changed_share: null,
        agreement: null,
        gain: null
      },
      {
        round: '2',
        n_labels: 140,
        accuracy: 0.871,
        low: 0.832,
        high: 0.9,
        utility_mean: 0.4,
        changed_share: 0.031,
        agreement: 0.94,
        gain: null
      }
    ],
    per_class: {},
    macro_f1: null,
    gain: null,
    second_reading: null,
    agreement: null,
    disputed: 0,
    suspected: 0,
    review_note: null,
    predicted_share: { negative: 0.4, positive: 0.6 },
    utilities: null,
    advice: {
      stop: false,
      votes: [
        { rule: 'plateau', says: 'continue', because: 'Accuracy still rises.' }
      ]
    },
    order: {
      by: 'model',
      phase: 'refine',
      round: '2',
      n_labels: 140,
      labels_since: 3,
      needs: {}
    },
    last_round: {
      id: '2',
      state: 'finished',
      phase: null,
      progress: 1,
      error: null
    },
    throughput: { per_hour: 600, seconds_per_label: 6 },
    ...change
  };
}

/** A finished round. */
export function aRound(change: Partial<IRoundReply> = {}): IRoundReply {
  return {
    id: '2',
    state: 'finished',
    phase: null,
    progress: 1,
    n_labels: 140,
    n_train: 126,
    n_checks: 14,
    n_scored: 19857,
    n_candidates: 19857,
    seconds: { start: 0.1, fit: 0.4, score: 0.7 },
    accuracy: { value: 0.871, low: 0.832, high: 0.9, n: 14 },
    warnings: [],
    error: null,
    created_at: '2026-03-04T11:50:00Z',
    started_at: '2026-03-04T11:50:00Z',
    finished_at: '2026-03-04T11:50:01Z',
    ...change
  };
}
