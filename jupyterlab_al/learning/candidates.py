"""Which samples to score where there is no time for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from jupyterlab_al.domain.ranking import RunningTop, random_keys
from jupyterlab_al.learning.features import Features
from jupyterlab_al.learning.neighbors import Neighbors

Integers = npt.NDArray[np.int64]

#: Samples around each labeled one.
AROUND = 100
#: Labeled samples whose neighbors are taken, at most.
MOST_ANCHORS = 256
#: The shares of the best of the round before, and of neighbors; the others are random.
OF_BEST, OF_NEIGHBORS = 0.25, 0.5


def candidate_set(
    features: Features,
    size: int,
    *,
    project_folder: Path,
    anchors: Integers,
    best: Integers,
    excluded: Integers,
    seed: int,
    round_seed: int,
) -> Integers:
    """Return the samples to score: near labeled ones, best of the round before, random ones.

    A random part alone would miss what is rare: of a class that one sample in ten thousand has, a
    hundred neighbors of the one that was found are worth more than a million others.

    Parameters
    ----------
    features : Features
        Of the whole pool.
    size : int
        How many to return at most.
    project_folder : Path
        Where the places of neighbors are kept.
    anchors : array of int
        Labeled samples, those first whose neighbors matter most.
    best : array of int
        What the round before found best, best first.
    excluded : array of int
        Samples that are no candidates, sorted.
    seed : int
        Of the project.
    round_seed : int
        Another one each round: the random part changes.

    Returns
    -------
    array of int
        Sorted, each once.

    References
    ----------
    Coleman, C., et al. (2022). Similarity search for efficient active learning and search of rare
    concepts. AAAI 2022. arXiv:2007.00077 (SEALS).
    """
    n = features.shape[0]
    near = _near(features, anchors, int(size * OF_NEIGHBORS), project_folder, seed)
    chosen = np.union1d(best[: int(size * OF_BEST)], near)
    chosen = np.setdiff1d(chosen, excluded, assume_unique=True)
    wanted = max(0, size - len(chosen))
    # Drawn among all, then without those that are there or out: the rest is still uniform.
    top = RunningTop(min(n, wanted + len(chosen) + len(excluded)), seed=round_seed)
    for start in range(0, n, 1 << 20):
        ids = np.arange(start, min(start + (1 << 20), n), dtype=np.int64)
        top.push(ids, random_keys(ids, seed=round_seed))
    drawn = top.result()[0]
    fresh = drawn[~(np.isin(drawn, chosen) | np.isin(drawn, excluded))][:wanted]
    return np.union1d(chosen, fresh)


def anchors_of(
    labeled_ids: Integers, labels: Sequence[str | Iterable[str]], order: Integers
) -> Integers:
    """Return labeled samples, classes by turns and the newest of each first.

    Each class has the same share of the neighbors, however few of it were found.
    """
    newest = np.argsort(-order, kind="stable")
    turns: dict[object, int] = {}
    place = np.empty(len(newest), dtype=np.int64)
    for index in newest.tolist():
        label = labels[index]
        name = label if isinstance(label, str) else tuple(label)
        place[index] = turns.get(name, 0)
        turns[name] = place[index] + 1
    return labeled_ids[np.lexsort((-order, place))]


def _near(
    features: Features, anchors: Integers, size: int, project_folder: Path, seed: int
) -> Integers:
    if len(anchors) == 0 or size == 0:
        return np.empty(0, dtype=np.int64)
    neighbors = Neighbors.opened(project_folder, features, seed=seed)
    found: set[int] = set()
    for anchor in anchors[:MOST_ANCHORS].tolist():
        if len(found) >= size:
            break
        found.update(neighbors.of(anchor, AROUND).tolist())
    return np.array(sorted(found), dtype=np.int64)
