"""What the newest estimator expects of the samples that people see next."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from jupyterlab_al.learning.files import forget_rounds, replace

Integers = npt.NDArray[np.int64]

_FOLDER = "predictions"
#: Classes kept of a sample, the likeliest first: as many as a person looks at.
MOST_CLASSES = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Predictions:
    """Probabilities of the likeliest classes of some samples."""

    #: Sorted, shape (n_samples,).
    sample_ids: Integers
    #: Class indices of the project, likeliest first, shape (n_samples, n_kept).
    classes: Integers
    #: Their probabilities, shape (n_samples, n_kept).
    proba: npt.NDArray[np.float32]

    @classmethod
    def of(cls, sample_ids: Integers, proba: npt.ArrayLike, columns: Sequence[int]) -> Predictions:
        """Return the likeliest classes of some samples.

        Parameters
        ----------
        sample_ids : array of int, shape (n_samples,)
            In any order, each once.
        proba : array of float, shape (n_samples, n_classes)
            Probabilities; the rows of a multi-label estimator don't sum to 1.
        columns : sequence of int, length n_classes
            The project's class index of each column.
        """
        rows = np.asarray(proba, dtype=np.float32)
        order = np.argsort(sample_ids, kind="stable")
        likeliest = np.argsort(-rows, axis=1, kind="stable")[order, :MOST_CLASSES]
        return cls(
            sample_ids=np.asarray(sample_ids, dtype=np.int64)[order],
            classes=np.asarray(columns, dtype=np.int64)[likeliest],
            proba=np.take_along_axis(rows[order], likeliest, axis=1),
        )

    def probabilities(self, sample_id: int) -> dict[int, float] | None:
        """Return the probabilities of a sample by class index; None for one that is not here."""
        place = int(np.searchsorted(self.sample_ids, sample_id))
        if place == len(self.sample_ids) or self.sample_ids[place] != sample_id:
            return None
        return dict(
            zip(self.classes[place].tolist(), self.proba[place].astype(float).tolist(), strict=True)
        )

    def save(self, project_folder: Path, *, round_id: int, keep: int) -> None:
        """Write them down; forget those of all but the last `keep` rounds."""
        path = _path(project_folder, round_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        content = io.BytesIO()
        np.savez(content, sample_ids=self.sample_ids, classes=self.classes, proba=self.proba)
        replace(path, content.getvalue())
        forget_rounds(path.parent, ".npz", keep=keep)

    @classmethod
    def load(cls, project_folder: Path, *, round_id: int) -> Predictions | None:
        """Return what a round expected; None where nothing is kept of it any more."""
        path = _path(project_folder, round_id)
        if not path.exists():
            return None
        with np.load(path, allow_pickle=False) as parts:
            return cls(**{name: parts[name] for name in ("sample_ids", "classes", "proba")})


def _path(project_folder: Path, round_id: int) -> Path:
    return project_folder / _FOLDER / f"{round_id}.npz"
