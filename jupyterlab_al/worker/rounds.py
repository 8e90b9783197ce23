"""From what the store knows to a round, and from its outcome to what is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from jupyterlab_al.datasets.record import DatasetRecord
from jupyterlab_al.domain import labels
from jupyterlab_al.domain.models import JobId, Label, Project
from jupyterlab_al.domain.settings import Settings
from jupyterlab_al.learning.outcome import RoundOutcome
from jupyterlab_al.learning.spec import EstimatorSpec, default_spec
from jupyterlab_al.learning.task import RoundTask
from jupyterlab_al.services.training import Labeled, Ranking


def round_task(job_id: JobId, labeled: Labeled, settings: Settings) -> RoundTask:
    """Return what a round of a project is to do."""
    project = labeled.project
    folder = settings.project_folder(project.id)
    strategy = project.config["strategy"]
    return RoundTask(
        project_folder=folder,
        features_folder=folder,
        round_id=job_id,
        estimator=_estimator(project, DatasetRecord.read(folder)),
        strategy=(strategy["name"], strategy["params"]),
        classes=tuple(project.classes),
        multi_label=project.multi_label,
        seed=project.seed,
        queue_size=int(project.config["queue_size"]),
        n_samples=project.n_samples,
        labeled_ids=np.array(labeled.train_ids, dtype=np.int64),
        labeled_y=_names(project, labeled.train_labels),
        labeled_order=np.array(labeled.train_arrival, dtype=np.int64),
        labeled_chances=np.array(labeled.train_chances, dtype=np.float64),
        labeled_uniform=np.array(labeled.train_uniform, dtype=np.bool_),
        n_drawable=project.n_samples - project.n_reserved,
        executor=settings.executor,
        check_ids=np.array(labeled.check_ids, dtype=np.int64),
        check_y=_names(project, labeled.check_labels),
        excluded=np.array(labeled.excluded, dtype=np.int64),
    )


def ranking(outcome: RoundOutcome, seconds: Mapping[str, float]) -> Ranking:
    """Return what a round publishes; `seconds` are those that the worker measured itself."""
    picks = (outcome.sample_ids, outcome.utilities, outcome.draw_probabilities)
    return Ranking(
        # A list: a transaction may be repeated.
        picks=list(zip(*(each.tolist() for each in picks), strict=True)),
        result={
            "strategy_phase": outcome.strategy_phase,
            "accuracy": outcome.accuracy and asdict(outcome.accuracy),
            "per_class": asdict(outcome.checks)["per_class"] if outcome.checks else {},
            "gain": outcome.gain and asdict(outcome.gain),
            "second_reading": outcome.second_reading and asdict(outcome.second_reading),
            "utility_mean": outcome.utility_mean,
            "changed_share": outcome.changed_share,
            "agreement": outcome.agreement,
            "predicted_share": dict(outcome.predicted_share),
            "n_train": outcome.n_train,
            "n_checks": outcome.n_checks,
            "n_candidates": outcome.n_candidates,
            "classes_seen": list(outcome.classes_seen),
            "warnings": list(outcome.warnings),
            "model_path": str(outcome.model_path),
            "model_sha256": outcome.model_sha256,
            "seconds": {**seconds, **outcome.seconds},
        },
    )


def _estimator(project: Project, record: DatasetRecord) -> EstimatorSpec:
    described = project.config.get("estimator")
    if not described:
        return default_spec(is_sparse=record.layout == "csr")
    given = {key: value for key, value in described.items() if value is not None}
    return EstimatorSpec.from_json(given)


def _names(project: Project, stored: Sequence[labels.StoredLabel]) -> Any:
    """Return labels by the names of their classes: one, or a list of them, each."""
    names: list[Label] = [labels.to_label(label, classes=project.classes) for label in stored]
    return names
