"""What the queue is made of: queries and random checks, woven into one stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np
from sqlalchemy import Connection

from jupyterlab_al.domain.models import Draw, JobId, Project, SampleId, Source
from jupyterlab_al.domain.permutation import Permutation, is_check_slot
from jupyterlab_al.store import projects, queue

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
    size = int(project.config["queue_size"])
    left = max(1, project.n_samples - project.n_reserved)
    rest = _untaken(tx, project, project.n_reserved, project.n_samples, at=at)
    picks = ((sample_id, None, 1.0 / left) for sample_id in islice(rest, size))
    draws = weave(tx, project, picks, source="cold_start", round_id=None, at=at)
    queue.publish(tx, project, draws, at=at)
    return len(draws)


def weave(
    tx: Connection,
    project: Project,
    picks: Iterable[tuple[SampleId, float | None, float]],
    *,
    source: Source,
    round_id: JobId | None,
    at: int | None = None,
) -> list[Draw]:
    """Return the new order: at each place of the stream a check or the next pick.

    Which places are checks depends on the seed and on how many samples were drawn so far, not on
    the estimator. Where one of the two runs out, the other fills its places.
    """
    size = int(project.config["queue_size"])
    drawn = projects.tallies(tx, project.id).get("drawn", {}).get(0, 0)
    start = drawn + queue.count_leased(tx, project.id, at=at)
    share = float(project.config["check_share"])
    places = is_check_slot(np.arange(start, start + size), seed=project.seed, share=share)
    # A little more than needed, since checks also fill in when the picks run out.
    checks = _untaken(tx, project, 0, project.n_reserved, at=at)
    chance = 1.0 / max(1, project.n_samples)
    draws: list[Draw] = []
    pick_iterator = iter(picks)
    for place in places.tolist():
        draw = None
        if place:
            draw = _check(checks, chance, len(draws))
        if draw is None:
            draw = _pick(pick_iterator, len(draws), source, round_id)
        if draw is None:
            draw = _check(checks, chance, len(draws))
        if draw is None:
            break
        draws.append(draw)
    return draws


def _check(checks: Iterator[SampleId], chance: float, rank: int) -> Draw | None:
    sample_id = next(checks, None)
    if sample_id is None:
        return None
    return Draw(
        sample_id=sample_id,
        rank=rank,
        source="check",
        utility=None,
        draw_probability=chance,
        round_id=None,
    )


def _pick(
    picks: Iterator[tuple[SampleId, float | None, float]],
    rank: int,
    source: Source,
    round_id: JobId | None,
) -> Draw | None:
    found = next(picks, None)
    if found is None:
        return None
    sample_id, utility, probability = found
    return Draw(
        sample_id=sample_id,
        rank=rank,
        source=source,
        utility=utility,
        draw_probability=probability,
        round_id=round_id,
    )


def _untaken(
    tx: Connection, project: Project, start: int, stop: int, *, at: int | None
) -> Iterator[SampleId]:
    """Yield samples at these positions of the permutation that nobody labeled or holds."""
    order = Permutation(project.n_samples, project.seed)
    for begin in range(start, stop, STEP):
        samples = order.at(np.arange(begin, min(begin + STEP, stop), dtype=np.int64)).tolist()
        taken = queue.taken_among(tx, project.id, samples, at=at)
        yield from (sample_id for sample_id in samples if sample_id not in taken)
