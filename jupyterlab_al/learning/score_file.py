"""What a round found best, on disk: samples, utilities and draw probabilities."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import numpy.typing as npt

from jupyterlab_al.learning.files import forget_rounds, kept_rounds, replace
from jupyterlab_al.learning.pool_utilities import FOLDER
from jupyterlab_al.learning.scoring import Scores

Integers = npt.NDArray[np.int64]


def save(scores: Scores, project_folder: Path, *, round_id: int, keep: int) -> None:
    """Write the order of a round down; forget those of all but the last `keep` rounds."""
    folder = project_folder / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    content = io.BytesIO()
    np.savez(
        content,
        sample_ids=scores.sample_ids,
        utilities=scores.utilities,
        draw_probabilities=scores.draw_probabilities,
    )
    replace(folder / f"{round_id}.npz", content.getvalue())
    forget_rounds(folder, ".npz", keep=keep)


def best_of_last(project_folder: Path, *, before: int) -> Integers:
    """Return what the newest round before one found best, best first; empty without any."""
    folder = project_folder / FOLDER
    earlier = [round_id for round_id in kept_rounds(folder, ".npz") if round_id < before]
    if not earlier:
        return np.empty(0, dtype=np.int64)
    with np.load(folder / f"{earlier[-1]}.npz", allow_pickle=False) as parts:
        ids: Integers = parts["sample_ids"]
    return ids
