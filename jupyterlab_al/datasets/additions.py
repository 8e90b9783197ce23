"""What every addition of samples does: features like the first ones, and the record at last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from jupyterlab_al.datasets.bundles import as_text
from jupyterlab_al.datasets.encoders import Encoder
from jupyterlab_al.datasets.features_writer import features_writer
from jupyterlab_al.datasets.labels import ImportedLabels
from jupyterlab_al.datasets.pool import SamplePool
from jupyterlab_al.datasets.precomputed import open_precomputed, write_given
from jupyterlab_al.datasets.preparation import Prepared, PrepareTask, Report
from jupyterlab_al.datasets.record import FEATURES, DatasetRecord
from jupyterlab_al.datasets.stored_table import StoredTable
from jupyterlab_al.datasets.values import python_values
from jupyterlab_al.domain.errors import InvalidDatasetError


def done(
    record: DatasetRecord,
    target: Path,
    n: int,
    imported: ImportedLabels | None = None,
    problems: tuple[str, ...] = (),
) -> Prepared:
    """Write the record of samples that were added, and return what came of it."""
    replace(record, n_samples=n).write(target)
    given = imported or ImportedLabels()
    return Prepared(
        n_samples=n,
        n_features=record.n_features,
        display=record.display,
        features=record.features,
        classes=given.classes,
        imported=given,
        problems=problems,
    )


def given_features(
    task: PrepareTask, record: DatasetRecord, n: int, target: Path, report: Report
) -> None:
    """Copy features that a person computed; they must be as wide as the first ones."""
    if not task.features.upload and not task.features.path:
        raise InvalidDatasetError(
            "The features of this project were given with its samples, so further samples need "
            "theirs: project.add(rows, features=X)."
        )
    root, path = task.precomputed(task.features)
    given = open_precomputed(root, path, n)
    if given.shape[1] != record.n_features:
        raise InvalidDatasetError(
            f"The further samples have {given.shape[1]:,} features, those of the project "
            f"{record.n_features:,}; give the same features for all."
        )
    progress = partial(report, "featurize")
    write_given(given, target / FEATURES, progress, layout=record.layout)


def write_features(
    record: DatasetRecord,
    target: Path,
    pieces: Iterator[Any],
    n: int,
    encoder: Encoder,
    report: Report,
) -> None:
    """Write the features of samples that come piece by piece."""
    n_done = 0
    with features_writer(target / FEATURES, record.layout, record.n_features) as rows:
        for piece in pieces:
            rows.append(encoder(piece))
            n_done += len(piece)
            report("featurize", n_done / n)


def refuse_known_keys(task: PrepareTask, table: StoredTable, key: str) -> None:
    """Refuse samples that are there already: their labels could not be told apart."""
    pool = SamplePool.open(task.folder, n_samples=task.start)
    for batch in table.batches([key]):
        keys = [as_text(value) for value in python_values(batch.column(0)) if value is not None]
        known = [
            name for name, at in zip(keys, pool.positions(keys), strict=True) if at is not None
        ]
        if known:
            raise InvalidDatasetError(
                f"The project has a sample {known[0]!r} already; nothing was added. Leave out the "
                f'rows that are there, or give them other values of "{key}".'
            )
    pool.close()
