"""Whether a folder can give what a person asks for, said before a project is made."""

from __future__ import annotations

from pathlib import Path

from jupyterlab_al.datasets.description import DatasetSpec, DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.folders import folder_files
from jupyterlab_al.datasets.prepare_audio import settle_audio
from jupyterlab_al.datasets.prepare_images import settle_images
from jupyterlab_al.datasets.prepare_texts import settle_texts
from jupyterlab_al.datasets.sources import source_path
from jupyterlab_al.domain.folders import WORDS


def check_folder(
    root: Path, dataset: DatasetSpec, display: DisplaySpec, features: FeaturesSpec
) -> None:
    """Refuse display and features that the files of a folder can't give; else do nothing.

    Raises
    ------
    InvalidSettingError
        The message says what they can give.
    """
    if dataset.kind not in WORDS:
        return
    files = folder_files(source_path(root, dataset), root, dataset.kind)
    if dataset.kind == "images":
        settle_images(display, features)
    elif dataset.kind == "texts":
        settle_texts(display, features, files)
    else:
        settle_audio(display, features, files)
