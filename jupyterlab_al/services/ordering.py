"""What the queue is made of: queries and random checks, woven into one stream."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from sqlalchemy import Connection

from jupyterlab_al.domain.models import Draw, JobId, Project, SampleId, Source
from jupyterlab_al.domain.permutation import Permutation, is_check_slot
from jupyterlab_al.store import projects, queue

#: A sample, its utility (None: drawn at random) and the probability of the draw.
Pick = tuple[SampleId, float | None, float]
#: Tells which of some samples are not to be drawn.
Unwanted = Callable[[Sequence[SampleId]], set[SampleId]]

#: How many positions of the permutation are looked at together.
STEP = 2_000


def reserved(n_samples: int, check_share: float) -> int:
    """Return how many samples are kept for checks: enough for the share of a pool fully labeled."""
    return min(n_samples, int(np.ceil(n_samples * check_share)))


def is_reserved(project: Project, sample_id: SampleId) -> bool:
    """Return whether a sample is kept for checks: a function of the seed alone."""
    if project.n_reserved == 0:
        return False
    order = Permutation(project.n_samples, project.seed)
    return int(order.position_of(np.array([sample_id]))[0]) < project.n_reserved


def reserved_samples(project: Project) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return all samples kept for checks, in the order in which they are drawn."""
    order = Permutation(project.n_samples, project.seed)
    return order.at(np.arange(project.n_reserved, dtype=np.int64))


def publish_random(tx: Connection, project: Project, *, at: int | None = None) -> int:
    """Fill the queue from the seeded permutation: the cold start. Return how many were drawn."""
    taken = partial(queue.taken_among, tx, project.id, at=at)
    picks = _random_picks(project, taken)
    order = weave(tx, project, picks, source="cold_start", round_id=None, at=at)
    queue.publish(tx, project, order, at=at)
    return len(order)


def append_random(tx: Connection, project: Project) -> int:
    """Put samples that are not in the queue behind those that are; return how many were drawn."""
    present = partial(queue.present_among, tx, project.id)
    order = _woven(
        project,
        _random_picks(project, present),
        _checks(tx, project, present),
        start=_drawn(tx, project) + queue.count_open(tx, project.id),
        source="cold_start",
        round_id=None,
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
    at: int | None = None,
) -> list[Draw]:
    """Return the new order: at each place of the stream a check or the next pick.

    Which places are checks depends on the seed and on how many samples were drawn so far, not on
    the estimator. Where one of the two runs out, the other fills its places.
    """
    taken = partial(queue.taken_among, tx, project.id, at=at)
    return _woven(
        project,
        picks,
        _checks(tx, project, taken),
        start=position(tx, project, at=at),
        source=source,
        round_id=round_id,
    )


def position(tx: Connection, project: Project, *, at: int | None = None) -> int:
    """Return how many places of the stream were handed out so far."""
    return _drawn(tx, project) + queue.count_leased(tx, project.id, at=at)


def moved_on(draws: Sequence[Draw], by: int) -> list[Draw]:
    """Return an order that was woven some places of the stream ago.

    The places that were handed out meanwhile go to the end, so that the checks stand where the
    stream wants them.
    """
    if by <= 0:
        return list(draws)
    turned = [*draws[by:], *draws[:by]]
    return [replace(draw, rank=rank) for rank, draw in enumerate(turned)]


def _woven(
    project: Project,
    picks: Iterable[Pick],
    checks: Iterator[list[SampleId]],
    *,
    start: int,
    source: Source,
    round_id: JobId | None,
) -> list[Draw]:
    size = int(project.config["queue_size"])
    share = float(project.config["check_share"])
    places = is_check_slot(np.arange(start, start + size), seed=project.seed, share=share)
    remaining = iter(picks)
    chance = 1.0 / max(1, project.n_samples)
    draws: list[Draw] = []

    def put(sample_id: SampleId, utility: float | None, probability: float, drawn: Source) -> None:
        draws.append(
            Draw(
                sample_id=sample_id,
                rank=len(draws),
                source=drawn,
                utility=utility,
                draw_probability=probability,
                round_id=round_id if drawn == source else None,
            )
        )

    for is_check in places.tolist():
        group = next(checks, None) if is_check else None
        pick = next(remaining, None) if group is None else None
        if pick is not None:
            put(*pick, source)
            continue
        if group is None and not is_check:
            group = next(checks, None)
        if group is None:
            break
        for sample_id in group:
            put(sample_id, None, chance, "check")
    return draws


def _drawn(tx: Connection, project: Project) -> int:
    """Return how many labels came out of the queue so far."""
    return projects.tallies(tx, project.id).get("drawn", {}).get(0, 0)


def _random_picks(project: Project, unwanted: Unwanted) -> Iterator[Pick]:
    """Yield samples that are not kept for checks, in the seeded order."""
    left = max(1, project.n_samples - project.n_reserved)
    rest = _permuted(project, project.n_reserved, project.n_samples, unwanted)
    return ((sample_id, None, 1.0 / left) for sample_id in rest)


def _checks(tx: Connection, project: Project, unwanted: Unwanted) -> Iterator[list[SampleId]]:
    """Yield the checks for one place each: one that nobody skipped, behind those that were.

    Who skipped a check is never asked it again. If it used up a place of the stream it would do so
    in every order, and a person who labels alone would get no check any more.
    """
    skipped = queue.skipped(tx, project.id)
    group: list[SampleId] = []
    for sample_id in _permuted(project, 0, project.n_reserved, unwanted):
        group.append(sample_id)
        if sample_id not in skipped:
            yield group
            group = []
    if group:
        yield group


def _permuted(project: Project, start: int, stop: int, unwanted: Unwanted) -> Iterator[SampleId]:
    """Yield the wanted samples at these positions of the permutation."""
    order = Permutation(project.n_samples, project.seed)
    for begin in range(start, stop, STEP):
        samples = order.at(np.arange(begin, min(begin + STEP, stop), dtype=np.int64)).tolist()
        left_out = unwanted(samples)
        yield from (sample_id for sample_id in samples if sample_id not in left_out)
