"""Whether a dataset can give what the estimator is to learn from, said before a project is made."""

from __future__ import annotations

from pathlib import Path

from jupyterlab_al.datasets.description import DatasetSpec, FeaturesSpec
from jupyterlab_al.datasets.precomputed import open_precomputed
from jupyterlab_al.datasets.settle import require_features_of_table


def check_features(
    root: Path,
    uploads: Path,
    dataset: DatasetSpec,
    features: FeaturesSpec,
    *,
    n_samples: int | None,
) -> None:
    """Refuse features that can't be; what only the whole data tells is left to its import.

    Raises
    ------
    RuleError
        The message says what there is instead.
    """
    if dataset.kind == "table":
        require_features_of_table(features)
    if features.kind == "precomputed":
        folder = uploads if features.upload else root
        open_precomputed(folder, features.upload or features.path or "", n_samples)
