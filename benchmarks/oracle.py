"""Digits that are known, an oracle that answers from them, and an exam that no strategy sees."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyterlab_al.datasets.description import DatasetSpec
from jupyterlab_al.datasets.features import open_features
from jupyterlab_al.datasets.preparation import PrepareTask
from jupyterlab_al.datasets.prepare import prepare

CLASSES = tuple("0123456789")


@dataclass(frozen=True, kw_only=True, slots=True)
class Digits:
    """One split of the digits: a pool to label and a test split."""

    pool: NDArray[np.float64]
    answers: NDArray[np.str_]
    exam: NDArray[np.float64]
    solutions: NDArray[np.str_]

    @classmethod
    def split(cls, seed: int, *, n_exam: int) -> Digits:
        """Return a split of its own for each seed."""
        from sklearn.datasets import load_digits

        digits = load_digits()
        order = np.random.default_rng(seed).permutation(len(digits.target))
        exam, pool = order[:n_exam], order[n_exam:]
        y = digits.target.astype(str)
        return cls(
            pool=digits.images[pool], answers=y[pool], exam=digits.images[exam], solutions=y[exam]
        )

    def label(self, sample_id: int) -> str:
        """Return what a person would say of a sample."""
        return str(self.answers[sample_id])

    def write(self, root: Path, name: str) -> str:
        """Put the pool where a server finds it; return its path."""
        path = f"{name}.npy"
        np.save(root / path, self.pool)
        return path

    def exam_features(self, folder: Path) -> NDArray[np.float32]:
        """Return features of the test split, made as those of the pool are."""
        folder.mkdir(parents=True)
        np.save(folder / "exam.npy", self.exam)
        dataset = DatasetSpec(kind="array", path="exam.npy")
        task = PrepareTask(folder=folder / "prepared", root=folder, dataset=dataset)
        prepare(task, lambda _phase, _progress: None)
        features = open_features(task.folder)
        X: Any = features.take(np.arange(len(self.exam)))
        return X


def digits_project(name: str, path: str, strategy: str, seed: int) -> dict[str, Any]:
    """Return the description of a project on digits, as REST takes it: defaults but for these."""
    return {
        "name": name,
        "dataset": {"kind": "array", "path": path},
        "classes": list(CLASSES),
        "strategy": {"name": strategy, "params": {}},
        "seed": seed,
        # Said outright, so that no early round comes in between.
        "retrain_every": 10,
    }
