"""How far annotators agree about the samples that several of them labeled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np

#: So many pairs of classes are named that annotators take for each other.
MOST_CONFUSED = 5

#: Annotator → label, of one sample.
Opinions = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Confusion:
    """Two labels that annotators take for each other."""

    labels: tuple[str, str]
    #: Samples that got both.
    n: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """How far annotators agree."""

    #: Agreement beyond chance (Fleiss' kappa): 1 is full agreement, 0 that of chance.
    value: float
    #: Of two annotators of a sample, the share that say the same.
    same: float
    #: Samples that several labeled.
    n: int
    #: What is confused most often, first.
    confused: tuple[Confusion, ...]


def agreement(samples: Sequence[Opinions]) -> Agreement | None:
    """Return how far annotators agree; None where no sample has two of them.

    Each sample counts once, however many labeled it: every ordered pair of its annotators weighs
    ``1 / (pairs of the sample)``. Cohen's kappa of these pairs is Fleiss' kappa [1]_ where all
    samples have as many annotators.

    Parameters
    ----------
    samples : sequence of mapping
        What each annotator says, sample by sample; those with one annotator are left out.

    Examples
    --------
    >>> found = agreement([{"ann": "cat", "bob": "cat"}, {"ann": "dog", "bob": "cat"}])
    >>> found.same, found.n, found.confused[0].labels
    (0.5, 2, ('cat', 'dog'))

    References
    ----------
    .. [1] Fleiss (1971), Measuring nominal scale agreement among many raters, Psychological
       Bulletin 76.
    """
    from sklearn.metrics import cohen_kappa_score

    one: list[str] = []
    other: list[str] = []
    weight: list[float] = []
    confused: Counter[tuple[str, str]] = Counter()
    n = 0
    for opinions in samples:
        labels = [_name(label) for label in opinions.values()]
        pairs = list(permutations(labels, 2))
        if not pairs:
            continue
        n += 1
        one += [first for first, _second in pairs]
        other += [second for _first, second in pairs]
        weight += [1 / len(pairs)] * len(pairs)
        confused.update({(a, b) for a, b in pairs if a < b})
    if n == 0:
        return None
    same = float(np.sum([w for a, b, w in zip(one, other, weight, strict=True) if a == b]) / n)
    # With one label for everything there is nothing that chance could get wrong.
    kappa = 1.0 if len({*one}) == 1 else float(cohen_kappa_score(one, other, sample_weight=weight))
    most = sorted(confused.items(), key=lambda item: (-item[1], item[0]))[:MOST_CONFUSED]
    return Agreement(
        value=kappa,
        same=same,
        n=n,
        confused=tuple(Confusion(labels=labels, n=times) for labels, times in most),
    )


def _name(label: Any) -> str:
    return label if isinstance(label, str) else ", ".join(label) or "none"
