"""A folder of sounds imported: what is played, drawn and learned from, in one reading."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from jupyterlab_al.datasets.audio_features import N_FEATURES
from jupyterlab_al.datasets.audio_files import read_sound
from jupyterlab_al.datasets.description import DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.folders import (
    FOLDER,
    PATH,
    check_label_column,
    damaged_files,
    folder_files,
    name_in,
    require_readable,
    some_of,
    subfolder_labels,
    subfolder_of,
)
from jupyterlab_al.datasets.npy_writer import NpyWriter
from jupyterlab_al.datasets.precomputed import write_precomputed_features
from jupyterlab_al.datasets.preparation import Prepared, PrepareTask, Report
from jupyterlab_al.datasets.record import DENSE, FEATURES, TABLE, DatasetRecord
from jupyterlab_al.domain.errors import InvalidSettingError

#: What is shown of a sound (as JSON), and the file itself.
AUDIO, CONTENT = "audio", "content"
COLUMNS = ((PATH, "text"), (FOLDER, "category"), (AUDIO, "other"), (CONTENT, "other"))
#: Files kept in memory at once.
BATCH_SOUNDS = 4


def prepare_audio(task: PrepareTask, folder: Path, report: Report) -> Prepared:
    """Import all sounds of a folder; one that can't be read stays, is shown as such and named.

    Raises
    ------
    ActiveLearningError
        If there are no sounds, or something is asked for that they can't give.
    """
    files = folder_files(folder, task.root, "audio")
    display, features = settle_audio(task.display, task.features, files)
    check_label_column(task.label_column)
    damaged = write_sounds(task.folder, folder, files, report)
    require_readable(files, damaged, "sound")
    width = N_FEATURES
    if features.kind == "precomputed":
        root, path = task.precomputed(features)
        width = write_precomputed_features(
            root, path, len(files), task.folder / FEATURES, partial(report, "featurize")
        )
    report("featurize", 1.0)
    DatasetRecord(
        n_samples=len(files),
        store="table",
        display=display,
        features=features,
        layout=features.layout,
        n_features=width,
        key_column=PATH,
        content_column=CONTENT,
        batch_rows=BATCH_SOUNDS,
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
        problems=tuple(damaged_files(damaged, "sound")),
    )


def settle_audio(
    display: DisplaySpec, features: FeaturesSpec, files: Sequence[Path]
) -> tuple[DisplaySpec, FeaturesSpec]:
    """Return display and features without `auto`; refuse what sounds can't give."""
    if display.kind not in ("auto", "audio"):
        raise InvalidSettingError(
            f"A display of kind {display.kind} can't be made from sounds; use audio."
        )
    if set(display.all_columns) - {AUDIO}:
        raise InvalidSettingError("Sounds have no columns to show; leave display.column out.")
    if features.kind == "precomputed":
        return DisplaySpec(kind="audio", column=AUDIO), features
    if features.kind not in ("auto", "audio"):
        raise InvalidSettingError(
            f"Features of kind {features.kind} can't be made from sounds; use audio or precomputed."
        )
    said = unlearnable(files)
    if said is not None:
        raise InvalidSettingError(said)
    return DisplaySpec(kind="audio", column=AUDIO), FeaturesSpec(kind="audio")


def unlearnable(files: Sequence[Path]) -> str | None:
    """Return why nothing can be learned from some files; None where all are WAV."""
    others = [path.name for path in files if path.suffix.lower() != ".wav"]
    if not others:
        return None
    return (
        f"Only WAV files can be learned from, and {some_of(others)} can not: convert them to WAV, "
        "or give precomputed features, one row a file in the order of the names."
    )


def write_sounds(target: Path, folder: Path, files: list[Path], report: Report) -> list[str]:
    """Write sounds and features; return the names of those that could not be read."""
    import pyarrow as pa

    types = [(PATH, pa.string()), (FOLDER, pa.string()), (AUDIO, pa.string())]
    schema = pa.schema([*types, (CONTENT, pa.large_binary())])
    damaged: list[str] = []
    with (
        pa.ipc.new_file(str(target / TABLE), schema) as table,
        NpyWriter(target / FEATURES / DENSE, np.float32, (N_FEATURES,)) as dense,
    ):
        for start in range(0, len(files), BATCH_SOUNDS):
            part = files[start : start + BATCH_SOUNDS]
            names = [name_in(folder, path) for path in part]
            sounds = [read_sound(path) for path in part]
            columns = {
                PATH: names,
                FOLDER: [subfolder_of(folder, path) for path in part],
                AUDIO: [json.dumps(sound.shown) if sound.shown else None for sound in sounds],
                CONTENT: [sound.content for sound in sounds],
            }
            table.write_batch(pa.RecordBatch.from_pydict(columns, schema=schema))
            dense.append(np.stack([sound.features for sound in sounds]))
            damaged += [
                name for name, sound in zip(names, sounds, strict=True) if sound.content is None
            ]
            report("read", (start + len(part)) / len(files))
    return damaged
