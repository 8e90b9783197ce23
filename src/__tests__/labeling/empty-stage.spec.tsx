import { fireEvent, screen } from '@testing-library/react';

import { nothing, show } from './show-view';

describe('EmptyStage', () => {
  it.each([
    ['all_labeled', 'All 1,797 samples are labeled'],
    ['loading', 'Fetching samples…'],
    ['preparing', 'The samples are being prepared'],
    ['budget', 'The labels asked for are given'],
    ['paused', 'This project is paused'],
    ['lost', 'Lost the server'],
    ['missing', 'There is no such project'],
    ['failed', 'The project could not be made'],
    ['forbidden', 'You may not label in this project']
  ] as const)('says why: %s', (kind, headline) => {
    show({ samples: [], empty: { ...nothing, kind } });

    expect(screen.getByRole('heading', { name: headline })).not.toBeNull();
  });

  it('says when samples come back that others hold', () => {
    const backAt = new Date(2026, 0, 1, 14, 32);
    show({
      samples: [],
      empty: { ...nothing, kind: 'held_by_others', left: 4, backAt }
    });

    expect(screen.getByRole('heading', { name: /^4 samples/ })).not.toBeNull();
    expect(screen.getByText(/32/)).not.toBeNull();
  });

  it('offers the export when everything is labeled', () => {
    show({ samples: [], empty: nothing });

    expect(screen.getByRole('button', { name: 'Export' })).not.toBeNull();
  });

  it('offers to review what is in doubt when everything is labeled', () => {
    show({ samples: [], empty: nothing });

    fireEvent.click(screen.getByRole('button', { name: 'Review them' }));

    expect(screen.getByText('People disagree about 2 samples.')).not.toBeNull();
    expect(nothing.onReview).toHaveBeenCalledTimes(1);
  });

  it('says plainly when there is nothing to review, and offers no button', () => {
    const review = 'Nothing to review: nobody disagrees about a sample.';
    show({ samples: [], empty: { ...nothing, review, canReview: false } });

    expect(screen.getByText(review)).not.toBeNull();
    expect(screen.queryByRole('button', { name: 'Review them' })).toBeNull();
  });

  it('lets the owner resume a paused project', () => {
    show({ samples: [], empty: { ...nothing, kind: 'paused' } });

    fireEvent.click(screen.getByRole('button', { name: 'Resume labeling' }));

    expect(nothing.onResume).toHaveBeenCalled();
  });
});
