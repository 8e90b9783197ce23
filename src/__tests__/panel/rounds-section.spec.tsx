import { fireEvent, screen, within } from '@testing-library/react';

import { aRound } from './examples';
import { button, show } from './show-panel';

describe('RoundsSection', () => {
  it('gives time, labels, seconds and result of a round', () => {
    show();

    const round = within(
      screen.getByRole('list', { name: 'Rounds' })
    ).getByRole('listitem');
    expect(round.textContent).toMatch(
      /10 min ago140 labels1\.2 s87\s% \(83–90\), 14 checks/
    );
  });

  it('says how much of the pool a round scored, where it was not all', () => {
    show({
      rounds: [
        aRound({ id: '4', n_scored: 200_000, n_candidates: 10_000_000 }),
        aRound({ id: '3' })
      ]
    });

    const rounds = within(
      screen.getByRole('list', { name: 'Rounds' })
    ).getAllByRole('listitem');

    expect(rounds.map(each => /Scored.*/.exec(each.textContent ?? ''))).toEqual(
      [expect.arrayContaining(['Scored 200,000 of 10,000,000']), null]
    );
  });

  it('says in words what the last model warned of, and folds its own words away', () => {
    const said = 'lbfgs failed to converge after 100 iteration(s) (status=1)';
    show({
      rounds: [
        aRound({ id: '6', state: 'running', accuracy: null }),
        aRound({ id: '5', warnings: [said] }),
        aRound({ id: '4', warnings: [said] })
      ]
    });

    const [running, last, earlier] = within(
      screen.getByRole('list', { name: 'Rounds' })
    )
      .getAllByRole('listitem')
      .map(each => within(each));

    expect(
      last.getByText(/before it had settled.*order.*stand.*max_iter/)
    ).toBeTruthy();
    expect(last.getByText(said).closest('details')?.open).toBe(false);
    for (const other of [running, earlier]) {
      expect(other.queryByText('Note:')).toBeNull();
    }
  });

  it.each([
    [[aRound({ warnings: ['lbfgs failed to converge'] })], 'the model warned'],
    [
      [
        aRound({ id: '5', state: 'failed' }),
        aRound({ warnings: ['an old one'] })
      ],
      'the last one failed'
    ],
    [[aRound({ id: '5' }), aRound({ warnings: ['an old one'] })], '']
  ])(
    'says while it is folded, too, what went wrong last (%#)',
    (rounds, words) => {
      show({ rounds, folded: ['rounds'] });

      const header = screen.getByRole('button', { name: /^Rounds/ });

      expect(header.textContent).toBe(`Rounds${words}`);
      expect(screen.queryByRole('list', { name: 'Rounds' })).toBeNull();
    }
  );

  it('keeps what it has no words for as it was said', () => {
    show({
      rounds: [aRound({ warnings: ['Variables are collinear', 'Odd'] })]
    });

    expect(
      screen.getByText(/warned of 2 things while it learned.*order.*stand/)
    ).toBeTruthy();
    expect(screen.getByText(/Variables are collinear\s+Odd/)).toBeTruthy();
  });

  it('cancels a round that runs and tells why one failed', () => {
    const actions = show({
      rounds: [
        aRound({
          id: '4',
          state: 'running',
          phase: 'score',
          progress: 0.5,
          accuracy: null
        }),
        aRound({
          id: '3',
          state: 'failed',
          accuracy: null,
          error: 'Out of memory; the earlier order is kept.'
        })
      ]
    });

    fireEvent.click(button('Cancel round'));

    expect(actions.cancelRound).toHaveBeenCalledWith('4');
    expect(screen.getByText(/Out of memory/)).toBeTruthy();
  });
});
