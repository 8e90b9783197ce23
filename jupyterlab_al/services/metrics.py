"""The figures that people look at: progress, accuracy on random checks, the curve, advice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jupyterlab_al.domain.models import Job, Person, Project
from jupyterlab_al.domain.roles import require
from jupyterlab_al.domain.stopping import Effort, Vote, vote
from jupyterlab_al.services.labeling import CLASSES_NEEDED
from jupyterlab_al.store import annotation_log, jobs, projects, reviews

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: The pace is taken over this many of the newest labels.
PACE_WINDOW = 100
#: A longer pause between two labels is not labeling time.
LONGEST_PAUSE_MS = 3_600_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Metrics:
    """Everything `GET metrics` says."""

    project: Project
    labels: int
    labels_per_class: dict[str, int]
    checks: int
    skipped: int
    #: Skips of samples that were random checks.
    skipped_checks: int
    n_labeled: int
    rounds: list[Job]
    last_round: Job | None
    #: Classes that still lack labels before the model can join, and how many.
    needs: dict[str, int]
    votes: list[Vote]
    #: Samples that people disagree about, and labels that the model doubts.
    disputed: int
    suspected: int
    #: Labels an hour, seconds a label.
    throughput: tuple[float, float] | None

    @property
    def accuracy(self) -> dict[str, Any] | None:
        """Accuracy of the newest finished round."""
        return self.rounds[-1].result.get("accuracy") if self.rounds else None


def get(tx: Connection, name: str, person: Person) -> Metrics:
    """Return the figures of a project; cost grows with its rounds, not with its pool."""
    project = projects.find(tx, name, person)
    require(project, "view")
    tallies = projects.tallies(tx, project.id)
    rounds = jobs.finished_rounds(tx, project.id)
    n_labeled = tallies.get("samples", {}).get(0, 0)
    return Metrics(
        project=project,
        labels=tallies.get("annotations", {}).get(0, 0),
        labels_per_class=_by_name(project, tallies.get("class", {})),
        checks=tallies.get("checks", {}).get(0, 0),
        skipped=tallies.get("skips", {}).get(0, 0),
        skipped_checks=tallies.get("skipped_checks", {}).get(0, 0),
        n_labeled=n_labeled,
        rounds=rounds,
        last_round=jobs.last(tx, project.id, "round"),
        needs=_needs(project, tallies.get("train", {})),
        votes=vote(
            [{**job.result, "n_labels": job.n_labels} for job in rounds],
            Effort(
                n_labeled=n_labeled,
                n_samples=project.n_samples,
                error_cost=float(project.config.get("error_cost", 1.0)),
                budget=project.budget,
                multi_label=project.multi_label,
            ),
        ),
        disputed=tallies.get("disputed", {}).get(0, 0),
        suspected=reviews.count(tx, project.id, "suspected"),
        throughput=_throughput(tx, project),
    )


def _needs(project: Project, trained: dict[int, int]) -> dict[str, int]:
    have = _by_name(project, trained)
    if sum(n > 0 for n in have.values()) >= CLASSES_NEEDED:
        return {}
    return {name: 1 for name, n in have.items() if n == 0}


def _by_name(project: Project, counts: Mapping[int, int]) -> dict[str, int]:
    """Return counts by class index as counts by name; merged classes count together."""
    result = dict.fromkeys(project.classes, 0)
    for index, name in enumerate(project.classes):
        result[name] += counts.get(index, 0)
    return result


def _throughput(tx: Connection, project: Project) -> tuple[float, float] | None:
    newest = annotation_log.high_water(tx, project.id)
    n, first, last = annotation_log.pace(tx, project.id, after=newest - PACE_WINDOW)
    if n < 2 or first is None or last is None or not 0 < last - first < LONGEST_PAUSE_MS * n:
        return None
    seconds = (last - first) / 1000 / (n - 1)
    return 3600 / seconds, seconds


def curve(rounds: Sequence[Job]) -> list[dict[str, Any]]:
    """Return the points of the learning curve."""
    points = []
    for job in rounds:
        accuracy = job.result.get("accuracy") or {}
        points.append(
            {
                "round": str(job.id),
                "n_labels": job.n_labels,
                "accuracy": accuracy.get("value"),
                "low": accuracy.get("low"),
                "high": accuracy.get("high"),
                "utility_mean": job.result.get("utility_mean"),
                "changed_share": job.result.get("changed_share"),
                "agreement": job.result.get("agreement"),
                "gain": job.result.get("gain"),
            }
        )
    return points
