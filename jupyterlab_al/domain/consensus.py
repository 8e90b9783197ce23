"""What several people's labels of one sample come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from jupyterlab_al.domain.labels import StoredLabel
from jupyterlab_al.domain.labels import consensus as vote_of


class Opinion(NamedTuple):
    """What one annotator says of a sample."""

    annotator: str
    label: StoredLabel
    #: Given in review by an owner or reviewer: it settles the matter.
    decides: bool = False


class Consensus(NamedTuple):
    """What all opinions of a sample come to."""

    label: StoredLabel
    #: Part of the annotators who say so, each by their newest label.
    agreement: float
    #: No label has more than half of the votes, and nobody decided.
    is_disputed: bool


def current(opinions: Iterable[Opinion]) -> list[Opinion]:
    """Return each annotator's newest opinion, in the order of their first ones.

    >>> current([Opinion("ann", 0), Opinion("ann", 1)])
    [Opinion(annotator='ann', label=1, decides=False)]
    """
    newest: dict[str, Opinion] = {}
    for opinion in opinions:
        newest[opinion.annotator] = opinion
    return list(newest.values())


def consensus(opinions: Iterable[Opinion]) -> Consensus:
    """Return what opinions of one sample, oldest first, come to.

    Whoever decided last has the say, by their newest label. Otherwise each annotator has one vote
    (`domain.labels.consensus`).

    >>> consensus([Opinion("ann", 1), Opinion("bob", 0), Opinion("cat", 1)]).label
    1
    >>> consensus([Opinion("ann", 1), Opinion("bob", 0)])
    Consensus(label=1, agreement=0.5, is_disputed=True)
    >>> consensus([Opinion("ann", 1), Opinion("bob", 0, decides=True)])
    Consensus(label=0, agreement=0.5, is_disputed=False)
    """
    given = list(opinions)
    votes = current(given)
    counts = Counter(_hashable(vote.label) for vote in votes)
    decided = [opinion.annotator for opinion in given if opinion.decides][-1:]
    say = [_hashable(vote.label) for vote in votes if vote.annotator in decided]
    winner = say[0] if say else _hashable(vote_of([vote.label for vote in votes]))
    return Consensus(
        label=list(winner) if isinstance(winner, tuple) else winner,
        agreement=counts[winner] / len(votes),
        is_disputed=not decided and counts[winner] * 2 <= len(votes),
    )


def is_disputed(opinions: Iterable[Opinion]) -> bool:
    """Return whether people disagree about a sample without a majority; not without labels.

    >>> is_disputed([])
    False
    """
    given = list(opinions)
    return bool(given) and consensus(given).is_disputed


def _hashable(label: StoredLabel) -> int | tuple[int, ...]:
    return tuple(label) if isinstance(label, list) else label
