"""From what the store knows to a round, and from its outcome to what is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from jupyterlab_al.datasets.record import DatasetRecord
from jupyterlab_al.domain import labels
from jupyterlab_al.domain.models import Job, Label, Project
from jupyterlab_al.domain.settings import Settings
from jupyterlab_al.learning.outcome import RoundOutcome
from jupyterlab_al.learning.spec import EstimatorSpec, KeptSource, default_spec
from jupyterlab_al.learning.task import Doubts, RoundTask
from jupyterlab_al.learning.uploaded import UploadedEstimator
from jupyterlab_al.services.training import Labeled, Ranking
from jupyterlab_al.services.uploads import estimator_path


def round_task(job: Job, labeled: Labeled, settings: Settings) -> RoundTask:
    """Return what a round of a project is to do."""
    project = labeled.project
    folder = settings.project_folder(project.id)
    strategy = project.config["strategy"]
    return RoundTask(
        project_folder=folder,
        features_folder=folder,
        round_id=job.id,
        order_only=job.early,
        estimator=_estimator(project, DatasetRecord.read(folder), settings),
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
        score_seconds=settings.score_seconds,
        check_ids=np.array(labeled.check_ids, dtype=np.int64),
        check_y=_names(project, labeled.check_labels),
        excluded=np.array(labeled.excluded, dtype=np.int64),
        upcoming=np.array(labeled.upcoming, dtype=np.int64),
        several=[
            {each.annotator: labels.to_label(each.label, classes=project.classes) for each in votes}
            for votes in labeled.several
        ],
        reviewed=np.array(labeled.reviewed, dtype=np.int64),
        doubted_before=Doubts(**labeled.doubted_before) if labeled.doubted_before else None,
    )


def ranking(outcome: RoundOutcome, seconds: Mapping[str, float]) -> Ranking:
    """Return what a round publishes; `seconds` are those that the worker measured itself."""
    doubts = outcome.doubts
    picks = (outcome.sample_ids, outcome.utilities, outcome.draw_probabilities)
    return Ranking(
        # A list: a transaction may be repeated.
        picks=list(zip(*(each.tolist() for each in picks), strict=True)),
        result={
            "strategy_phase": outcome.strategy_phase,
            "accuracy": outcome.accuracy and asdict(outcome.accuracy),
            "per_class": asdict(outcome.checks)["per_class"] if outcome.checks else {},
            "macro_f1": asdict(outcome.checks)["macro_f1"] if outcome.checks else None,
            "gain": outcome.gain and asdict(outcome.gain),
            "second_reading": outcome.second_reading and asdict(outcome.second_reading),
            "doubts": doubts and {"n_train": doubts.n_train, "note": doubts.note},
            "annotators": outcome.annotators and asdict(outcome.annotators),
            "utility_mean": outcome.utility_mean,
            "uncertainty": outcome.uncertainty,
            "utility_histogram": outcome.utility_histogram and asdict(outcome.utility_histogram),
            "changed_share": outcome.changed_share,
            "agreement": outcome.agreement,
            "predicted_share": dict(outcome.predicted_share),
            "n_train": outcome.n_train,
            "n_checks": outcome.n_checks,
            "n_scored": outcome.n_scored,
            "n_candidates": outcome.n_candidates,
            "classes_seen": list(outcome.classes_seen),
            "warnings": list(outcome.warnings),
            "model_path": outcome.model_path and str(outcome.model_path),
            "model_sha256": outcome.model_sha256,
            "seconds": {**seconds, **outcome.seconds},
        },
        suspected=None
        if doubts is None or doubts.sample_ids is None
        else doubts.sample_ids.tolist(),
    )


def _estimator(project: Project, record: DatasetRecord, settings: Settings) -> KeptSource:
    described = project.config.get("estimator")
    if not described:
        return default_spec(is_sparse=record.layout == "csr")
    given = {key: value for key, value in described.items() if value is not None}
    if "skops" not in given:
        return EstimatorSpec.from_json(given)
    return UploadedEstimator(
        path=estimator_path(settings, given["skops"], project.id),
        description=given["description"],
        allowed=tuple(settings.allowed_estimators),
    )


def _names(project: Project, stored: Sequence[labels.StoredLabel]) -> Any:
    """Return labels by the names of their classes: one, or a list of them, each."""
    names: list[Label] = [labels.to_label(label, classes=project.classes) for label in stored]
    return names
