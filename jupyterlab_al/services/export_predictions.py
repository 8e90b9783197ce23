"""What the model expects of every sample of a pool, for an export."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from jupyterlab_al.domain.errors import UnknownError
from jupyterlab_al.domain.models import Label, Project, SampleId
from jupyterlab_al.services import export_rows
from jupyterlab_al.store import jobs
from jupyterlab_al.store.prepared import Columns

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from jupyterlab_al.learning.pool_predictions import Predictor

COLUMNS = ("sample_id", "sample_key", "predicted", "probability", "label")


def predictions_of(
    tx: Connection, project: Project, folder: Path, *, size: int
) -> Iterator[Columns]:
    """Yield all samples of a project, `size` at once, with what people said of them, too.

    Loads the last fitted estimator: call it only in a process that may crash.

    Raises
    ------
    UnknownError
        `no_estimator`: no round has finished so far.
    """
    from jupyterlab_al.datasets.features import open_features

    predictor = _predictor(tx, project)
    features = open_features(folder, n_samples=project.n_samples)
    said = _said(tx, project, size=size)
    place, labels = next(said, (-1, {}))
    for number, start in enumerate(range(0, project.n_samples, size)):
        ids = range(start, min(start + size, project.n_samples))
        predicted, probability = predictor.predict(features.chunk(ids.start, ids.stop))
        given: dict[SampleId, Label] = labels if place == number else {}
        yield {
            "sample_id": list(ids),
            "predicted": predicted,
            "probability": probability.tolist(),
            "label": [given.get(SampleId(sample_id)) for sample_id in ids],
        }
        if place == number:
            place, labels = next(said, (-1, {}))


def _predictor(tx: Connection, project: Project) -> Predictor:
    from jupyterlab_al.learning.pool_predictions import Predictor

    last = jobs.last_finished(tx, project.id)
    if last is None or not last.result.get("model_path"):
        raise UnknownError(
            "There are no predictions before the first finished round.", word="no_estimator"
        )
    path = Path(last.result["model_path"])
    return Predictor(path, digest=last.result["model_sha256"], classes=project.classes)


def _said(
    tx: Connection, project: Project, *, size: int
) -> Iterator[tuple[int, dict[SampleId, Label]]]:
    """Yield the number of each part that has labels, and the labels by sample."""
    pairs = (
        pair
        for part in export_rows.labels_of(tx, project, size=size)
        for pair in zip(part["sample_id"], part["label"], strict=True)
    )
    for number, group in groupby(pairs, key=lambda pair: pair[0] // size):
        yield number, dict(group)
