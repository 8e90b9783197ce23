"""A look at a folder of sounds."""

from __future__ import annotations

import json
from pathlib import Path

from jupyterlab_al.datasets.audio_files import read_sound
from jupyterlab_al.datasets.description import DatasetSpec, DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.folders import folder_files, name_in
from jupyterlab_al.datasets.inspect import PREVIEW_ROWS, Inspection, Problem
from jupyterlab_al.datasets.inspect_folder import inspect_folder
from jupyterlab_al.datasets.prepare_audio import unlearnable
from jupyterlab_al.datasets.table_samples import row_as_bundle


def inspect_audio(folder: Path, root: Path, dataset: DatasetSpec) -> Inspection:
    """Return how many sounds there are, the waveforms of the first, and what to propose."""
    files = folder_files(folder, root, "audio")
    shown = [read_sound(path).shown for path in files[:PREVIEW_ROWS]]
    said = [
        f"{name_in(folder, path)} is no sound that can be read."
        for path, each in zip(files, shown, strict=False)
        if each is None
    ]
    others = unlearnable(files)
    return inspect_folder(
        folder,
        files,
        dataset,
        display=DisplaySpec(kind="audio"),
        features=FeaturesSpec(kind="audio"),
        first=[row_as_bundle("audio", [("audio", each and json.dumps(each))]) for each in shown],
        problems=[
            Problem(field="dataset", message=message)
            for message in (*([others] if others else []), *said)
        ],
    )
