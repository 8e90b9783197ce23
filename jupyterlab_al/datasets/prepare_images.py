"""A folder of pictures imported: what is shown and what is learned from, in one reading."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from jupyterlab_al.datasets.description import DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.image_files import N_FEATURES, Picture, picture_files, read_picture
from jupyterlab_al.datasets.labels import ImportedLabels
from jupyterlab_al.datasets.npy_writer import NpyWriter
from jupyterlab_al.datasets.precomputed import write_precomputed_features
from jupyterlab_al.datasets.preparation import Prepared, PrepareTask, Report
from jupyterlab_al.datasets.profile import sorted_classes
from jupyterlab_al.datasets.record import DENSE, FEATURES, TABLE, DatasetRecord
from jupyterlab_al.domain.errors import InvalidSettingError

#: Columns of a folder of pictures: where each lies, in which folder, and what is shown of it.
PATH, FOLDER, IMAGE = "path", "folder", "image"
COLUMNS = ((PATH, "text"), (FOLDER, "category"), (IMAGE, "other"))
#: Pictures kept in memory at once, and read together later.
BATCH_PICTURES = 32
#: Damaged files that are named.
NAMED = 3


def prepare_images(task: PrepareTask, folder: Path, report: Report) -> Prepared:
    """Import all pictures of a folder; one that can't be read stays, is shown as such and named.

    Raises
    ------
    ActiveLearningError
        If there are no pictures, or something is asked for that they can't give.
    """
    display, features = settle_images(task.display, task.features)
    if task.label_column not in (None, FOLDER):
        raise InvalidSettingError(
            f'Pictures have no column "{task.label_column}"; the labels of a folder can only be '
            f'the names of its subfolders: "{FOLDER}".'
        )
    files = picture_files(folder, task.root)
    damaged = _write(task.folder, folder, files, report)
    if features.kind == "precomputed":
        root, path = task.precomputed(features)
        width = write_precomputed_features(
            root, path, len(files), task.folder / FEATURES, partial(report, "featurize")
        )
    else:
        width = N_FEATURES
    report("featurize", 1.0)
    DatasetRecord(
        n_samples=len(files),
        store="table",
        display=display,
        features=features,
        layout="dense",
        n_features=width,
        key_column=PATH,
        batch_rows=BATCH_PICTURES,
        columns=COLUMNS,
    ).write(task.folder)
    imported = ImportedLabels() if task.label_column is None else _labels(folder, files)
    return Prepared(
        n_samples=len(files),
        n_features=width,
        display=display,
        features=features,
        classes=imported.classes,
        imported=imported,
        problems=tuple(_problems(damaged)),
    )


def settle_images(display: DisplaySpec, features: FeaturesSpec) -> tuple[DisplaySpec, FeaturesSpec]:
    """Return display and features without `auto`; refuse what pictures can't give."""
    if display.kind not in ("auto", "image"):
        raise InvalidSettingError(
            f"A display of kind {display.kind} can't be made from pictures; use image."
        )
    if set(display.all_columns) - {IMAGE}:
        raise InvalidSettingError("Pictures have no columns to show; leave display.column out.")
    if features.kind not in ("auto", "pixels", "precomputed"):
        raise InvalidSettingError(
            f"Features of kind {features.kind} can't be made from pictures; use pixels or "
            "precomputed."
        )
    learned = features if features.kind == "precomputed" else FeaturesSpec(kind="pixels")
    return DisplaySpec(kind="image", column=IMAGE), learned


def folder_name(folder: Path, file: Path) -> str:
    """Return the subfolder that a picture lies in; empty at the top."""
    parent = file.relative_to(folder).parent.as_posix()
    return "" if parent == "." else parent


def _write(target: Path, folder: Path, files: list[Path], report: Report) -> list[str]:
    """Write pictures and features; return the names of those that could not be read."""
    import pyarrow as pa

    types = [(PATH, pa.string()), (FOLDER, pa.string()), (IMAGE, pa.large_binary())]
    damaged: list[str] = []
    with (
        pa.ipc.new_file(str(target / TABLE), pa.schema(types)) as table,
        NpyWriter(target / FEATURES / DENSE, np.float32, (N_FEATURES,)) as dense,
    ):
        for start in range(0, len(files), BATCH_PICTURES):
            part = files[start : start + BATCH_PICTURES]
            names = [path.relative_to(folder).as_posix() for path in part]
            pictures = [read_picture(path) for path in part]
            table.write_batch(_batch(folder, part, names, pictures, pa.schema(types)))
            dense.append(np.stack([picture.features for picture in pictures]))
            damaged += [
                name for name, picture in zip(names, pictures, strict=True) if picture.shown is None
            ]
            report("read", (start + len(part)) / len(files))
    return damaged


def _batch(
    folder: Path, files: list[Path], names: list[str], pictures: list[Picture], schema: object
) -> object:
    import pyarrow as pa

    columns = {
        PATH: names,
        FOLDER: [folder_name(folder, path) for path in files],
        IMAGE: [picture.shown for picture in pictures],
    }
    return pa.RecordBatch.from_pydict(columns, schema=schema)


def _labels(folder: Path, files: list[Path]) -> ImportedLabels:
    named = [(i, name) for i, path in enumerate(files) if (name := folder_name(folder, path))]
    return ImportedLabels(
        sample_ids=np.array([i for i, _ in named], dtype=np.int64),
        labels=[name for _, name in named],
        classes=sorted_classes({name for _, name in named}),
    )


def _problems(damaged: list[str]) -> list[str]:
    if not damaged:
        return []
    n = "1 file is" if len(damaged) == 1 else f"{len(damaged):,} files are"
    names = ", ".join(damaged[:NAMED]) + (", …" if len(damaged) > NAMED else "")
    return [
        f"{n} no picture that can be read ({names}); they keep their places and say so when they "
        "come, so skip them."
    ]
