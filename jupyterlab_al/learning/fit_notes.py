"""What the next fit must know to begin where the last one ended, beside a kept estimator."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from jupyterlab_al.domain.errors import ActiveLearningError
from jupyterlab_al.learning import persistence
from jupyterlab_al.learning.fitting import FittedEstimator
from jupyterlab_al.learning.task import Integers, RoundTask
from jupyterlab_al.learning.warm_start import Beginning

#: A fit that takes less, in seconds, begins anew each time: then the labels alone decide.
LONG_FIT = 0.5
#: A fit begins anew once there are so many times as many labels as when one last did.
GROWTH = 1.25


def beginning(task: RoundTask, ids: Integers, y: Sequence[Any]) -> Beginning | None:
    """Return where a fit can begin; None for anew.

    Parameters
    ----------
    task : RoundTask
    ids : array of int, shape (n_labeled,)
        The labeled set, sorted.
    y : sequence of str
        Its labels. Once one that the last estimator learned is undone or changed, a fit begins
        anew, so that nothing of it stays.
    """
    path = persistence.newest(task.project_folder, before=task.round_id)
    if path is None or not persistence.notes_path(path).exists():
        return None
    try:
        with np.load(persistence.notes_path(path), allow_pickle=False) as notes:
            known, labels = notes["ids"], notes["labels"]
            seconds, n_labels = float(notes["seconds"]), int(notes["n_labels"])
        record = persistence.record_of(path)
        place = np.minimum(np.searchsorted(ids, known), len(ids) - 1)
        is_more_of_the_same = (
            len(ids) <= GROWTH * n_labels
            and record["estimator"] == task.estimator.as_json()
            and np.array_equal(ids[place], known)
            and [record["classes"][each] for each in labels] == [y[each] for each in place]
        )
        if not is_more_of_the_same:
            return None
        fitted = persistence.load(path)
    except (OSError, ValueError, LookupError, zipfile.BadZipFile, ActiveLearningError):
        # Half a file, or one of another version: it is there to save time only.
        return None
    return Beginning.of(fitted.estimator, fitted.classes, seconds=seconds, n_labels=n_labels)


def note(path: Path, fitted: FittedEstimator, ids: Integers, y: Sequence[Any]) -> None:
    """Write the notes beside the estimator at `path`, if fitting it anew takes long."""
    last = fitted.began_with or Beginning.of(
        fitted.estimator, fitted.classes, seconds=fitted.seconds, n_labels=len(ids)
    )
    if last is None or last.seconds < LONG_FIT:
        return
    place = {name: number for number, name in enumerate(fitted.classes)}
    np.savez(
        persistence.notes_path(path),
        ids=ids,
        labels=np.array([place[label] for label in y], dtype=np.int32),
        seconds=last.seconds,
        n_labels=last.n_labels,
    )
