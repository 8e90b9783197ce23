"""The random order of a pool that grew: one permutation for each block of samples, merged.

A block's sample at place p of n stands at (p + 1/2) / n. So at any moment the samples drawn are
the first ones of each block, in proportion to its size: a block added late comes first until it
has caught up, and then every block has its share. One block alone is a plain permutation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from jupyterlab_al.domain.models import Block
from jupyterlab_al.domain.permutation import Integers, Permutation, keyed_hash

#: How many places are looked at together.
STEP = 2_000


class BlockOrder:
    """A fixed random order of all samples.

    Examples
    --------
    >>> from jupyterlab_al.domain.models import Block
    >>> blocks = [Block(start=0, n=4, n_reserved=1), Block(start=4, n=8, n_reserved=2)]
    >>> order = BlockOrder(blocks, seed=0)
    >>> sorted(sample for step in order.free() for sample in step.tolist()) == sorted(
    ...     set(range(12)) - set(order.reserved_samples().tolist())
    ... )
    True
    """

    def __init__(self, blocks: Sequence[Block], seed: int) -> None:
        self._blocks = list(blocks)
        self._orders = [
            Permutation(
                block.n, int(keyed_hash([block.start], key=seed)[0]) if block.start else seed
            )
            for block in blocks
        ]

    def is_reserved(self, sample_id: int) -> bool:
        """Return whether a sample is kept for checks."""
        for block, order in zip(self._blocks, self._orders, strict=True):
            if block.start <= sample_id < block.start + block.n:
                place = order.position_of(np.array([sample_id - block.start]))[0]
                return int(place) < block.n_reserved
        return False

    def reserved_samples(self) -> Integers:
        """Return all samples kept for checks, in the order in which they are drawn."""
        steps = list(self.reserved())
        return np.concatenate(steps) if steps else np.empty(0, np.int64)

    def reserved(self) -> Iterator[Integers]:
        """Yield the samples kept for checks, in their order, some at a time."""
        return self._merged([(0, block.n_reserved) for block in self._blocks])

    def free(self) -> Iterator[Integers]:
        """Yield all other samples, in their order, some at a time."""
        return self._merged([(block.n_reserved, block.n) for block in self._blocks])

    def _merged(self, ranges: Sequence[tuple[int, int]]) -> Iterator[Integers]:
        if len(ranges) == 1:
            low, high = ranges[0]
            for begin in range(low, high, STEP):
                places = np.arange(begin, min(begin + STEP, high), dtype=np.int64)
                yield self._orders[0].at(places) + self._blocks[0].start
            return
        total = sum(high - low for low, high in ranges)
        edges = np.linspace(0.0, 1.0, -(-total // STEP) + 1)
        bounds = [
            np.clip(np.ceil(edges * block.n - 0.5), low, high).astype(np.int64)
            for block, (low, high) in zip(self._blocks, ranges, strict=True)
        ]
        for step in range(len(edges) - 1):
            parts = [np.arange(bound[step], bound[step + 1], dtype=np.int64) for bound in bounds]
            of_block = list(zip(parts, self._blocks, self._orders, strict=True))
            samples = [order.at(part) + block.start for part, block, order in of_block]
            heights = [(part + 0.5) / block.n for part, block, _ in of_block]
            yield np.concatenate(samples)[np.argsort(np.concatenate(heights), kind="stable")]
