"""A shortlist as a table of numbers without gaps, for libraries that take no sparse features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import issparse

from jupyterlab_al.domain.errors import RoundFailedError
from jupyterlab_al.strategies.base import Utilities
from jupyterlab_al.strategies.batch import Shortlist

#: Numbers of a table: 128 MiB of them. What takes it copies it, several times and to float64.
MOST_NUMBERS = 1 << 25
#: With fewer candidates than so many for each that is chosen, there is nothing to choose.
FEWEST_EACH = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Labeled samples and candidates as rows of numbers."""

    #: Shape (n_labeled + n_kept, n_kept_features), labeled samples first.
    X: npt.NDArray[np.floating]
    n_labeled: int
    #: Places in the shortlist of the candidates that were kept, shape (n_kept,).
    places: npt.NDArray[np.int64]


def table_of(candidates: Shortlist, *, n: int, what: str, times: int = 1) -> Table:
    """Return the labeled samples and the candidates, or as many of these as there is room for.

    Columns in which no sample has a value go first: without them distances are the same, and so is
    what a linear classifier learns. Then candidates go, from both halves of the shortlist.

    Parameters
    ----------
    candidates : Shortlist
        With its labeled set.
    n : int
        How many are to be chosen.
    what : str
        What takes the table, for the message.
    times : int, default=1
        How many numbers it makes of each.

    Raises
    ------
    RoundFailedError
        If the labeled samples leave no room for candidates.
    """
    labeled, X = candidates.labeled.X if candidates.labeled else candidates.X[:0], candidates.X
    n_labeled, n_candidates = labeled.shape[0], X.shape[0]
    most = MOST_NUMBERS // times
    if issparse(X) and (n_labeled + n_candidates) * X.shape[1] > most:
        used = np.unique(np.concatenate([labeled.indices, X.indices]))
        labeled, X = labeled[:, used], X[:, used]
    room = most // max(1, X.shape[1]) - n_labeled
    if room < min(n_candidates, FEWEST_EACH * n):
        raise RoundFailedError(
            f"{what} takes no sparse features, and a table of {n_labeled:,} labeled samples with "
            f"{X.shape[1]:,} features each would need more memory than it may take. Choose another "
            "strategy, such as uncertainty_herding, which takes features of any width."
            if issparse(X)
            else f"{what} looks at all features of the labeled samples at once, and "
            f"{n_labeled:,} samples with {X.shape[1]:,} features each would need more memory than "
            "it may take. Choose another strategy, such as margin, or make fewer features."
        )
    places = _kept(candidates.utilities, candidates.at_random, room)
    return Table(
        X=np.concatenate([_dense(labeled), _dense(X[places])]),
        n_labeled=n_labeled,
        places=places,
    )


def _kept(
    utilities: Utilities, at_random: npt.NDArray[np.bool_], room: int
) -> npt.NDArray[np.int64]:
    """Return the candidates that stay, sorted: the best of all, and an even part of random ones."""
    n = len(utilities)
    if n <= room:
        return np.arange(n, dtype=np.int64)
    best = np.argsort(-utilities, kind="stable")[: room - room // 2]
    others = np.setdiff1d(np.flatnonzero(at_random), best)
    # Sorted by sample, and so in no order that means anything.
    some = others[np.linspace(0, len(others) - 1, min(room // 2, len(others))).astype(np.int64)]
    return np.union1d(best, some).astype(np.int64)


def _dense(X: Any) -> Any:
    return X.toarray() if issparse(X) else np.asarray(X)
