"""A dataset made ready for labeling: samples imported, features computed, labels found."""

from __future__ import annotations

import shutil
from pathlib import Path

from jupyterlab_al.datasets.append import UNPACKED, append
from jupyterlab_al.datasets.arrays import open_array
from jupyterlab_al.datasets.demo import DIGIT_CLASSES, digits
from jupyterlab_al.datasets.preparation import Prepared, PrepareTask, Report
from jupyterlab_al.datasets.prepare_array import prepare_array
from jupyterlab_al.datasets.prepare_audio import prepare_audio
from jupyterlab_al.datasets.prepare_images import prepare_images
from jupyterlab_al.datasets.prepare_table import prepare_table
from jupyterlab_al.datasets.prepare_texts import prepare_texts
from jupyterlab_al.datasets.record import ARRAY, FEATURES, RECORD, TABLE, part_folder
from jupyterlab_al.datasets.sources import holds_array, source_path
from jupyterlab_al.datasets.upload_names import unnamed
from jupyterlab_al.domain.errors import DISK_FULL, ActiveLearningError

__all__ = ["PrepareTask", "Prepared", "Report", "prepare"]


def prepare(task: PrepareTask, report: Report) -> Prepared:
    """Import samples and compute features into `task.folder`; memory does not grow with the data.

    Whatever happens, the folder is either complete or has no `dataset.json`.

    Parameters
    ----------
    task : PrepareTask
        What to import, and where to.
    report : callable
        Called with the phase (`read`, then `featurize`) and its progress from 0 to 1.

    Returns
    -------
    Prepared
        Number of samples, what is shown and learned from, classes and labels found, problems.

    Raises
    ------
    ActiveLearningError
        If the data can't be used as asked; the message says what to do.
    """
    target = part_folder(task.folder, task.start) if task.start else task.folder
    _clear(target)
    (target / FEATURES).mkdir(parents=True)
    try:
        with unnamed(*task.used_uploads):
            return append(task, report) if task.start else _prepared(task, report)
    except OSError as error:
        _clear(target)
        if error.errno in DISK_FULL:
            raise ActiveLearningError(
                "The disk is full, so the data could not be imported; nothing was kept. Make "
                "room and do it again.",
                word="disk_full",
            ) from error
        raise
    except BaseException:
        _clear(target)
        raise
    finally:
        (target / UNPACKED).unlink(missing_ok=True)


def _prepared(task: PrepareTask, report: Report) -> Prepared:
    if task.dataset.kind == "demo":
        return prepare_array(task, digits(), task.dataset.demo, report, classes=DIGIT_CLASSES)
    path = source_path(task.root, task.dataset)
    if task.dataset.kind == "images":
        return prepare_images(task, path, report)
    if task.dataset.kind == "texts":
        return prepare_texts(task, path, report)
    if task.dataset.kind == "audio":
        return prepare_audio(task, path, report)
    if holds_array(path, task.dataset):
        array = open_array(path, unpack_to=task.folder / UNPACKED, wanted=task.dataset.array)
        upload = path if task.dataset.kind == "upload" else None
        return prepare_array(task, array, path.name, report, upload=upload)
    return prepare_table(task, path, report)


def _clear(folder: Path) -> None:
    """Remove what an import wrote; the record first, so that nobody opens half a pool."""
    for name in (RECORD, TABLE, ARRAY, UNPACKED):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / FEATURES, ignore_errors=True)
