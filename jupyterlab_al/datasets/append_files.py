"""Further files of a project whose samples are files of a folder: pictures, texts or sounds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from jupyterlab_al.datasets.additions import (
    done,
    given_features,
    refuse_known_keys,
    write_features,
)
from jupyterlab_al.datasets.description import DatasetSpec
from jupyterlab_al.datasets.encoders import open_encoder
from jupyterlab_al.datasets.folders import (
    PATH,
    damaged_files,
    folder_files,
    name_in,
    subfolder_labels,
)
from jupyterlab_al.datasets.pool import SamplePool
from jupyterlab_al.datasets.preparation import Prepared, PrepareTask, Report
from jupyterlab_al.datasets.prepare_audio import unlearnable, write_sounds
from jupyterlab_al.datasets.prepare_images import write_pictures
from jupyterlab_al.datasets.prepare_texts import write_texts
from jupyterlab_al.datasets.record import DatasetRecord
from jupyterlab_al.datasets.stored_table import StoredTable
from jupyterlab_al.domain.errors import InvalidDatasetError, InvalidSettingError
from jupyterlab_al.domain.folders import WORDS

#: Names looked for at once.
NAMES = 10_000


def append_files(
    task: PrepareTask,
    first: DatasetSpec,
    record: DatasetRecord,
    folder: Path,
    target: Path,
    report: Report,
) -> Prepared:
    """Import the files of a folder; of the project's own folder those that are new.

    Parameters
    ----------
    first : DatasetSpec
        What the project was made of.

    Raises
    ------
    InvalidDatasetError
        If no file is new, or one of another folder has the name of one that is there.
    """
    files = folder_files(folder, task.root, first.kind)
    # It may have been moved away since.
    first_root = (task.first_root or task.root).resolve()
    home = (first_root / (first.path or "")).resolve()
    is_home = folder.is_relative_to(home)
    base = home if is_home else folder
    if is_home:
        files = _new_ones(task, first, base, files)
    problems = _written(first, record, target, base, files, report)
    table = StoredTable(target)
    refuse_known_keys(task, table, PATH)
    _features(task, record, table, target, len(files), report)
    imported = subfolder_labels(base, files, task.label_column)
    imported = replace(imported, sample_ids=imported.sample_ids + task.start)
    if not is_home:
        # Originals are looked for below the project's root, where they are there.
        is_below = folder.is_relative_to(first_root)
        start = first_root if is_below else task.root.resolve()
        record = replace(record, files_from=folder.relative_to(start).as_posix())
    return done(record, target, len(files), imported, problems)


def _new_ones(task: PrepareTask, first: DatasetSpec, base: Path, files: list[Path]) -> list[Path]:
    """Return the files that the project does not have."""
    pool = SamplePool.open(task.folder, n_samples=task.start)
    new: list[Path] = []
    for start in range(0, len(files), NAMES):
        part = files[start : start + NAMES]
        places = pool.positions([name_in(base, path) for path in part])
        new += [path for path, place in zip(part, places, strict=True) if place is None]
    pool.close()
    if not new:
        raise InvalidDatasetError(
            f"The project has all {len(files):,} {WORDS[first.kind]} of the folder already; put "
            "the new ones into it and add it again."
        )
    return new


def _written(
    first: DatasetSpec,
    record: DatasetRecord,
    target: Path,
    base: Path,
    files: list[Path],
    report: Report,
) -> tuple[str, ...]:
    """Write the samples, and the features that come with reading them; return the problems."""
    if first.kind == "images":
        return tuple(damaged_files(write_pictures(target, base, files, report), "picture"))
    if first.kind == "audio":
        said = unlearnable(files) if record.features.kind == "audio" else None
        if said is not None:
            raise InvalidSettingError(said)
        return tuple(damaged_files(write_sounds(target, base, files, report), "sound"))
    return tuple(write_texts(target, base, files, report).problems())


def _features(
    task: PrepareTask,
    record: DatasetRecord,
    table: StoredTable,
    target: Path,
    n: int,
    report: Report,
) -> None:
    if record.features.kind == "precomputed":
        given_features(task, record, n, target, report)
    elif record.features.kind in ("text", "embedding"):
        encoder = open_encoder(task.folder, allowed=task.allowed_models)
        batches = table.batches(record.features.all_columns)
        write_features(record, target, batches, n, encoder, report)
