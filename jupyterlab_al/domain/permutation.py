"""A random order of the whole pool that needs no memory, and which labels of it are checks."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

import numpy as np
import numpy.typing as npt

from jupyterlab_al.domain.errors import InvalidSampleError, InvalidSettingError

Integers = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15
_CHECK_SALT = 0xC4EC4C4EC4EC4ECB
#: Half-rounds of the Feistel network; fewer show in chi-square tests of tiny pools.
_ROUNDS = 12
_MAX_SAMPLES = 1 << 53
_FINEST_SHARE = 1_000_000


def mix(words: Words) -> Words:
    """Return 64 well-mixed bits for each word (the finalizer of splitmix64)."""
    words = words ^ (words >> np.uint64(30))
    words = words * np.uint64(0xBF58476D1CE4E5B9)
    words = words ^ (words >> np.uint64(27))
    words = words * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


def keyed_hash(numbers: npt.ArrayLike, *, key: int) -> Words:
    """Return 64 repeatable random bits for each whole number under `key`."""
    words = np.asarray(numbers).astype(np.uint64)
    start = mix(np.array([(key + _GOLDEN) & _MASK], dtype=np.uint64))
    return mix(words * np.uint64(_GOLDEN) + start)


class Permutation:
    """A fixed random order of the samples 0 … n-1, computed on demand.

    A Feistel network over a grid of about sqrt(n) x sqrt(n) cells gives an exact bijection without
    a table: the same `n` and `seed` give the same order everywhere, up to billions of samples.

    Parameters
    ----------
    n : int
        Number of samples.
    seed : int
        Chooses the order.

    Examples
    --------
    >>> order = Permutation(5, seed=0)
    >>> sorted(order.at(np.arange(5)).tolist())
    [0, 1, 2, 3, 4]
    >>> order.position_of(order.at(np.array([3]))).tolist()
    [3]
    """

    def __init__(self, n: int, seed: int) -> None:
        if not 0 <= n <= _MAX_SAMPLES:
            raise InvalidSettingError(f"A pool has 0 to {_MAX_SAMPLES} samples, not {n}.")
        self.n = n
        self.seed = seed
        rows = max(1, isqrt(max(n - 1, 0)) + 1)
        columns = max(1, -(-n // rows))
        self._sides = (np.uint64(rows), np.uint64(columns))
        self._keys = keyed_hash(np.arange(_ROUNDS), key=seed)

    def at(self, positions: npt.ArrayLike) -> Integers:
        """Return the samples that stand at `positions` of the order."""
        return self._walk(positions, backward=False)

    def position_of(self, sample_ids: npt.ArrayLike) -> Integers:
        """Return where in the order the samples stand; the inverse of `at`."""
        return self._walk(sample_ids, backward=True)

    def _walk(self, numbers: npt.ArrayLike, *, backward: bool) -> Integers:
        """Apply the network until each number is inside the pool (cycle walking)."""
        given = np.atleast_1d(np.asarray(numbers, dtype=np.int64))
        if given.size and (given.min() < 0 or given.max() >= self.n):
            raise InvalidSampleError(f"Samples and positions go from 0 to {self.n - 1}.")
        words = self._network(given.astype(np.uint64), backward=backward)
        limit = np.uint64(self.n)
        outside = np.flatnonzero(words >= limit)
        while outside.size:
            words[outside] = self._network(words[outside], backward=backward)
            outside = outside[words[outside] >= limit]
        return words.astype(np.int64)

    def _network(self, words: Words, *, backward: bool) -> Words:
        """Map the cells of the grid one to one onto themselves."""
        columns = self._sides[1]
        halves = [words // columns, words % columns]
        turns = range(_ROUNDS - 1, -1, -1) if backward else range(_ROUNDS)
        for turn in turns:
            changed, kept, side = turn % 2, 1 - turn % 2, self._sides[turn % 2]
            shift = mix(halves[kept] * np.uint64(_GOLDEN) + self._keys[turn]) % side
            halves[changed] = (halves[changed] + (side - shift if backward else shift)) % side
        return halves[0] * columns + halves[1]


def is_check_slot(stream_index: npt.ArrayLike, *, seed: int, share: float) -> npt.NDArray[np.bool_]:
    """Return which places of the stream of samples handed out are random checks.

    The stream 0, 1, 2, … is cut in blocks of ``1 / share`` (whole numbers that differ by at most
    one); a hash of seed and block chooses exactly one place in each. Being a pure function of the
    place, it gives the same share however often the queue is published again.

    Parameters
    ----------
    stream_index : array of int, shape (n,)
        Places in the stream, from 0.
    seed : int
        The project's seed.
    share : float
        Part of the stream that is checks, 0 (none) to 1 (all).

    Returns
    -------
    array of bool, shape (n,)

    Examples
    --------
    >>> int(is_check_slot(np.arange(100), seed=0, share=0.1).sum())
    10
    """
    if not 0.0 <= share <= 1.0:
        raise InvalidSettingError(f"The share of checks goes from 0 to 1, not {share}.")
    index = np.atleast_1d(np.asarray(stream_index, dtype=np.int64))
    # Fractions keep the borders exact: 0.29 * 100 is 28.999999999999996 in floating point.
    exact = Fraction(str(float(share))).limit_denominator(_FINEST_SHARE)
    if exact == 0:
        return np.zeros(index.shape, dtype=np.bool_)
    block = index * exact.numerator // exact.denominator
    start = -(-block * exact.denominator // exact.numerator)
    end = -(-(block + 1) * exact.denominator // exact.numerator)
    chosen = keyed_hash(block, key=seed ^ _CHECK_SALT) % (end - start).astype(np.uint64)
    mask: npt.NDArray[np.bool_] = index == start + chosen.astype(np.int64)
    return mask
