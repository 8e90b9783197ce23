"""A folder of pictures imported: what is shown and what is learned from, in one reading."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from jupyterlab_al.datasets.description import DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.folders import (
    FOLDER,
    PATH,
    check_label_column,
    damaged_files,
    folder_files,
    name_in,
    require_readable,
    subfolder_labels,
    subfolder_of,
)
from jupyterlab_al.datasets.image_files import LARGEST_SIDE, N_FEATURES, Picture, read_picture
from jupyterlab_al.datasets.npy_writer import NpyWriter
from jupyterlab_al.datasets.precomputed import write_precomputed_features
from jupyterlab_al.datasets.preparation import Prepared, PrepareTask, Report
from jupyterlab_al.datasets.record import DENSE, FEATURES, TABLE, DatasetRecord
from jupyterlab_al.domain.errors import InvalidSettingError

#: What is shown of a picture.
IMAGE = "image"
COLUMNS = ((PATH, "text"), (FOLDER, "category"), (IMAGE, "other"))
#: Pictures kept in memory at once, and read together later.
BATCH_PICTURES = 32


def prepare_images(task: PrepareTask, folder: Path, report: Report) -> Prepared:
    """Import all pictures of a folder; one that can't be read stays, is shown as such and named.

    Raises
    ------
    ActiveLearningError
        If there are no pictures, or something is asked for that they can't give.
    """
    display, features = settle_images(task.display, task.features)
    check_label_column(task.label_column)
    files = folder_files(folder, task.root, "images")
    damaged = write_pictures(task.folder, folder, files, report)
    require_readable(files, damaged, "picture")
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
        layout=features.layout,
        n_features=width,
        key_column=PATH,
        original_from=LARGEST_SIDE,
        batch_rows=BATCH_PICTURES,
        columns=COLUMNS,
    ).write(task.folder)
    imported = subfolder_labels(folder, files, task.label_column)
    return Prepared(
        n_samples=len(files),
        n_features=width,
        display=display,
        features=features,
        classes=imported.classes,
        imported=imported,
        problems=tuple(damaged_files(damaged, "picture")),
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


def write_pictures(target: Path, folder: Path, files: list[Path], report: Report) -> list[str]:
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
            names = [name_in(folder, path) for path in part]
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
        FOLDER: [subfolder_of(folder, path) for path in files],
        IMAGE: [picture.shown for picture in pictures],
    }
    return pa.RecordBatch.from_pydict(columns, schema=schema)
