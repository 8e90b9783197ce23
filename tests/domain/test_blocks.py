"""The random order of a pool that grew."""

from __future__ import annotations

import numpy as np
from scipy.stats import chisquare

from jupyterlab_al.domain.blocks import BlockOrder
from jupyterlab_al.domain.models import Block
from jupyterlab_al.domain.permutation import Permutation


def grown(*sizes: int, share: float = 0.1) -> list[Block]:
    """Return blocks of these sizes."""
    starts = np.concatenate([[0], np.cumsum(sizes)]).tolist()
    return [
        Block(start=start, n=n, n_reserved=int(np.ceil(n * share)))
        for start, n in zip(starts, sizes, strict=False)
    ]


def test_one_block_is_a_plain_permutation() -> None:
    """A pool that never grew keeps the order it had."""
    order = BlockOrder(grown(5_000), seed=3)

    drawn = np.concatenate([order.reserved_samples(), *order.free()])

    assert drawn.tolist() == Permutation(5_000, 3).at(np.arange(5_000)).tolist()


def test_every_sample_is_drawn_once_either_as_check_or_as_other() -> None:
    """Blocks of any size share out all samples, and is_reserved knows which is which."""
    order = BlockOrder(grown(4_321, 7, 2_500, 1), seed=5)

    checks, others = order.reserved_samples(), np.concatenate(list(order.free()))

    assert sorted([*checks.tolist(), *others.tolist()]) == list(range(4_321 + 7 + 2_500 + 1))
    known = [order.is_reserved(sample) for sample in range(4_321 + 7 + 2_500 + 1)]
    assert np.flatnonzero(known).tolist() == sorted(checks.tolist())


def test_what_was_reserved_stays_reserved_in_its_order() -> None:
    """Growing takes no check away and changes no order among those that were there."""
    before = BlockOrder(grown(3_000), seed=1).reserved_samples()

    after = BlockOrder(grown(3_000, 5_000), seed=1).reserved_samples()

    assert after[after < 3_000].tolist() == before.tolist()


def test_a_new_block_comes_first_until_it_has_caught_up() -> None:
    """With the first checks taken, the next ones are new samples; then each has its share."""
    checks = BlockOrder(grown(10_000, 10_000), seed=2).reserved_samples()
    old = BlockOrder(grown(10_000), seed=2).reserved_samples()[:200]

    coming = checks[~np.isin(checks, old)]

    assert (coming[:200] >= 10_000).all()
    shares = [(coming[200 + n : 300 + n] >= 10_000).mean() for n in range(0, 1_000, 100)]
    assert all(0.45 <= share <= 0.55 for share in shares)


def test_at_any_moment_the_checks_are_uniform_over_the_grown_pool() -> None:
    """Over many seeds each sample is a check equally often, whichever block it came with."""
    blocks, times = grown(60, 40), np.zeros(100)

    for seed in range(2_000):
        times[BlockOrder(blocks, seed).reserved_samples()[:5]] += 1

    assert times.sum() == 2_000 * 5
    assert chisquare(times).pvalue > 1e-4
    assert abs(times[60:].sum() / times.sum() - 0.4) < 0.02
