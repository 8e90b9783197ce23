"""What the queue is made of: queries and random checks, woven into one stream."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from sqlalchemy import Connection

from jupyterlab_al.domain.blocks import BlockOrder
from jupyterlab_al.domain.models import Draw, JobId, Project, SampleId, Source
from jupyterlab_al.domain.permutation import Integers, is_check_slot
from jupyterlab_al.store import projects, queue

#: A sample, its utility (None: drawn at random) and the probability of the draw.
Pick = tuple[SampleId, float | None, float]
#: Tells which of some samples are not to be drawn.
Unwanted = Callable[[Sequence[SampleId]], set[SampleId]]

#: Keeps the places of reviews apart from those of checks.
_REVIEW_SALT = 0x7E71E3


def is_reserved(project: Project, sample_id: SampleId) -> bool:
    """Return whether a sample is kept for checks: a function of the seed alone."""
    return project.n_reserved > 0 and _order(project).is_reserved(sample_id)


def skips_counted(project: Project, samples: Iterable[SampleId]) -> Counter[tuple[str, int]]:
    """Return by how much skips of some samples change the counters."""
    counts: Counter[tuple[str, int]] = Counter()
    for sample_id in samples:
        counts["skips", 0] += 1
        counts["skipped_checks", 0] += is_reserved(project, sample_id)
    return counts


def reserved_samples(project: Project) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return all samples kept for checks, in the order in which they are drawn."""
    return _order(project).reserved_samples()


def publish_random(
    tx: Connection, project: Project, *, size: int | None = None, at: int | None = None
) -> int:
    """Fill the queue from the seeded permutation: the cold start. Return how many were drawn.

    `size`: draw only so many places; `fill_up` draws the rest.
    """
    taken = partial(queue.taken_among, tx, project.id, at=at)
    picks = _random_picks(project, taken)
    order = weave(tx, project, picks, source="cold_start", round_id=None, size=size, at=at)
    queue.publish(tx, project, order, at=at)
    return len(order)


def fill_up(tx: Connection, project: Project) -> int:
    """Draw what the queue has room for, behind what is in it; return how many were drawn."""
    waiting = queue.count_open(tx, project.id) // project.overlap
    room = int(project.config["queue_size"]) - waiting
    return append_random(tx, project, size=room) if room > 0 else 0


def append_random(tx: Connection, project: Project, *, size: int | None = None) -> int:
    """Put samples that are not in the queue behind those that are; return how many were drawn."""
    present = partial(queue.present_among, tx, project.id)
    order = _woven(
        project,
        _random_picks(project, present),
        _checks(tx, project, present),
        start=_drawn(tx, project) + queue.count_open(tx, project.id),
        source="cold_start",
        round_id=None,
        size=size,
    )
    queue.append(tx, project, order)
    return len(order)


def weave(
    tx: Connection,
    project: Project,
    picks: Iterable[Pick],
    *,
    source: Source,
    round_id: JobId | None,
    reviews: Sequence[Draw] = (),
    size: int | None = None,
    at: int | None = None,
) -> list[Draw]:
    """Return the new order: at each place of the stream a check, a review or the next pick.

    Which places are checks depends on the seed and on how many samples were drawn so far, not on
    the estimator. Where checks or picks run out, the others fill their places. Reviews take their
    share of what is no check, never fill in for anything, and come before something new or not at
    all: once that ends, they are a person's choice.
    """
    taken = partial(queue.taken_among, tx, project.id, at=at)
    return _woven(
        project,
        picks,
        _checks(tx, project, taken),
        start=position(tx, project, at=at),
        source=source,
        round_id=round_id,
        reviews=reviews,
        size=size,
    )


def position(tx: Connection, project: Project, *, at: int | None = None) -> int:
    """Return how many places of the stream were handed out so far."""
    return _drawn(tx, project) + queue.count_leased(tx, project.id, at=at)


def moved_on(draws: Sequence[Draw], by: int) -> list[Draw]:
    """Return an order that was woven some places of the stream ago.

    The places that were handed out meanwhile go to the end, so that the checks stand where the
    stream wants them; reviews among them wait for the next round, as none comes last.
    """
    if by <= 0:
        return list(draws)
    turned = [*draws[by:], *(draw for draw in draws[:by] if draw.source != "review")]
    return [replace(draw, rank=rank) for rank, draw in enumerate(turned)]


def _woven(
    project: Project,
    picks: Iterable[Pick],
    checks: Iterator[list[SampleId]],
    *,
    start: int,
    source: Source,
    round_id: JobId | None,
    reviews: Sequence[Draw] = (),
    size: int | None = None,
) -> list[Draw]:
    if size is None:
        size = int(project.config["queue_size"])
    share = float(project.config["check_share"])
    stream = np.arange(start, start + size)
    places = is_check_slot(stream, seed=project.seed, share=share)
    looks = is_check_slot(
        stream, seed=project.seed ^ _REVIEW_SALT, share=project.review_share if reviews else 0.0
    )
    to_review = iter(reviews)
    #: Reviews whose place was a check's: they take the next one.
    owed = 0
    remaining = iter(picks)
    chance = 1.0 / max(1, project.n_samples)
    order = _NewOrder()
    for is_check, is_look in zip(places.tolist(), looks.tolist(), strict=True):
        owed += is_look
        if owed and not is_check:
            owed -= 1
            review = next(to_review, None)
            if review is not None:
                order.put_off(review)
                continue
        group = next(checks, None) if is_check else None
        pick = next(remaining, None) if group is None else None
        if pick is not None:
            order.put(*pick, source=source, round_id=round_id)
            continue
        if group is None and not is_check:
            group = next(checks, None)
        if group is None:
            break
        for sample_id in group:
            order.put(sample_id, None, chance, source="check")
    return order.draws


class _NewOrder:
    """An order in the making, in which every review comes before something new."""

    def __init__(self) -> None:
        self.draws: list[Draw] = []
        self._waiting: list[Draw] = []

    def put_off(self, review: Draw) -> None:
        """Keep a review until something new comes after it."""
        self._waiting.append(review)

    def put(
        self,
        sample_id: SampleId,
        utility: float | None,
        probability: float,
        *,
        source: Source,
        round_id: JobId | None = None,
    ) -> None:
        """Add something new, behind the reviews that waited for it."""
        for review in self._waiting:
            self.draws.append(replace(review, rank=len(self.draws)))
        self.draws.append(
            Draw(
                sample_id=sample_id,
                rank=len(self.draws),
                source=source,
                utility=utility,
                draw_probability=probability,
                round_id=round_id,
            )
        )
        self._waiting.clear()


def _drawn(tx: Connection, project: Project) -> int:
    """Return how many labels came out of the queue so far."""
    return projects.tallies(tx, project.id).get("drawn", {}).get(0, 0)


def _random_picks(project: Project, unwanted: Unwanted) -> Iterator[Pick]:
    """Yield samples that are not kept for checks, in the seeded order."""
    left = max(1, project.n_samples - project.n_reserved)
    rest = _wanted(_order(project).free(), unwanted)
    return ((sample_id, None, 1.0 / left) for sample_id in rest)


def _checks(tx: Connection, project: Project, unwanted: Unwanted) -> Iterator[list[SampleId]]:
    """Yield the checks for one place each: one that nobody skipped, behind those that were.

    Who skipped a check is never asked it again. If it used up a place of the stream it would do so
    in every order, and a person who labels alone would get no check any more.
    """
    skipped = queue.skipped(tx, project.id)
    group: list[SampleId] = []
    for sample_id in _wanted(_order(project).reserved(), unwanted):
        group.append(sample_id)
        if sample_id not in skipped:
            yield group
            group = []
    if group:
        yield group


def _wanted(steps: Iterable[Integers], unwanted: Unwanted) -> Iterator[SampleId]:
    """Yield the wanted ones of samples that come some at a time."""
    for step in steps:
        samples = step.tolist()
        left_out = unwanted(samples)
        yield from (sample_id for sample_id in samples if sample_id not in left_out)


def _order(project: Project) -> BlockOrder:
    return BlockOrder(project.blocks, project.seed)
