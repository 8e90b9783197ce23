import type { IInspectReply } from '../../api/types';

/** A look at a table of reviews with some labels. */
export function anInspection(
  change: Partial<IInspectReply> = {}
): IInspectReply {
  return {
    n_rows: 20000,
    n_rows_exact: true,
    arrays: [],
    columns: [
      {
        name: 'review',
        type: 'text',
        missing: 3,
        distinct: 9990,
        example: 'The zipper broke.',
        display: 'text'
      },
      {
        name: 'rating',
        type: 'number',
        missing: 0,
        distinct: 5,
        example: '2',
        display: 'text'
      },
      {
        name: 'sentiment',
        type: 'category',
        missing: 0,
        distinct: 2,
        example: 'negative',
        display: 'text'
      }
    ],
    preview: Array.from({ length: 5 }, (_, index) => ({
      sample_key: String(index),
      display: { 'text/plain': `Review <b>${index}</b>` }
    })),
    proposal: {
      name: 'reviews',
      title: 'Reviews',
      dataset: { kind: 'table', path: 'data/reviews.csv' },
      display: { kind: 'text', column: 'review' },
      features: { kind: 'text', column: 'review' },
      classes: ['negative', 'positive'],
      multi_label: false,
      label_column: 'sentiment'
    },
    problems: [
      {
        field: 'display',
        message: '3 rows are empty in "review"; they are shown empty.'
      }
    ],
    ...change
  };
}
