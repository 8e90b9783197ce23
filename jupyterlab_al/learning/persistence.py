"""Keep fitted estimators as skops files, each with a checksum and a record of versions."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jupyterlab_al.domain.errors import InvalidEstimatorError, UnknownError
from jupyterlab_al.learning.failures import failing_as
from jupyterlab_al.learning.files import forget_rounds, kept_rounds, replace
from jupyterlab_al.learning.fitting import FittedEstimator

_FOLDER = "models"
_PACKAGES = ("scikit-learn", "numpy", "scipy", "skops")

#: Parts of scikit-learn's estimators that skops doesn't trust by itself but that run no code of
#: the file when they are loaded. Seen by saving every classifier of scikit-learn.
TRUSTED = frozenset(
    {
        # Support vectors of texts. They are read as arrays, never as pickles.
        "scipy.sparse._csc.csc_matrix",
        "scipy.sparse._csr.csr_matrix",
        "sklearn.calibration._CalibratedClassifier",
        "sklearn.calibration._SigmoidCalibration",
        "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
        "sklearn.gaussian_process._gpc._BinaryGaussianProcessClassifierLaplace",
        "sklearn.gaussian_process.kernels.ConstantKernel",
        "sklearn.gaussian_process.kernels.Product",
        "sklearn.gaussian_process.kernels.RBF",
        "sklearn.metrics._dist_metrics.EuclideanDistance",
        "sklearn.metrics._dist_metrics.EuclideanDistance32",
        "sklearn.metrics._dist_metrics.EuclideanDistance64",
        "sklearn.multiclass._ConstantPredictor",
        "sklearn.neighbors._kd_tree.KDTree",
        "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
        "sklearn.neural_network._stochastic_optimizers.SGDOptimizer",
        "sklearn.tree._tree.Tree",
        "sklearn.utils._bunch.Bunch",
    }
)


def save(
    fitted: FittedEstimator, project_folder: Path, *, round_id: int, facts: dict[str, Any]
) -> tuple[Path, str]:
    """Write the estimator of a round and return its path and SHA-256.

    Parameters
    ----------
    fitted : FittedEstimator
        What to keep.
    project_folder : Path
        Where the files of the project are.
    round_id : int
        Names the file.
    facts : dict
        JSON values that go into the record beside the file.

    Raises
    ------
    RoundFailedError
        If skops can't write such an estimator.
    """
    import skops.io

    path = model_path(project_folder, round_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    with failing_as("Saving the fitted estimator", "Choose an estimator that skops can save."):
        content: bytes = skops.io.dumps(fitted.estimator)
    digest = sha256(content).hexdigest()
    record = {
        "sha256": digest,
        "classes": fitted.classes,
        "multi_label": fitted.multi_label,
        "began_anew": fitted.began_with is None,
        "versions": {"python": platform.python_version(), **versions()},
        **facts,
    }
    # The record first: a file without one is never loaded, a record without a file is no harm.
    replace(_record_path(path), json.dumps(record, indent=1).encode())
    replace(path, content)
    return path, digest


@cache
def versions() -> Mapping[str, str]:
    """Return the versions that estimators are kept with; looked up once, for it takes a while."""
    return {package: version(package) for package in _PACKAGES}


def load(
    path: Path,
    *,
    digest: str | None = None,
    trusted: Iterable[str] = (),
    trusts_all: bool = False,
) -> FittedEstimator:
    """Return the estimator kept at `path`. Call it only in a process that may crash.

    Parameters
    ----------
    path : Path
        As returned by `save`.
    digest : str or None, default=None
        The SHA-256 that the file must have; by default the one in its record.
    trusted : iterable of str, default=()
        Full names of types to accept beyond scikit-learn's.
    trusts_all : bool, default=False
        Accept every type; only together with the digest that was noted elsewhere when the file was
        written.

    Raises
    ------
    UnknownError
        If there is no such file.
    InvalidEstimatorError
        If the file was changed or holds types that are not trusted.
    """
    import skops.io

    try:
        record, content = record_of(path), path.read_bytes()
    except FileNotFoundError as error:
        raise UnknownError(
            f"There is no estimator at {path.name}; run a round.", word="no_estimator"
        ) from error
    if sha256(content).hexdigest() != (digest or record["sha256"]):
        raise InvalidEstimatorError(
            f"{path.name} was changed since it was written (its checksum is another one). "
            "Run a new round."
        )
    held = set(skops.io.get_untrusted_types(data=content))
    accepted = TRUSTED | set(trusted) | (held if trusts_all else set())
    if refused := sorted(held - accepted):
        raise InvalidEstimatorError(
            f"{path.name} holds types that are not trusted: {', '.join(refused)}."
        )
    return FittedEstimator(
        estimator=skops.io.loads(content, trusted=sorted(accepted)),
        classes=tuple(record["classes"]),
        multi_label=record["multi_label"],
    )


def prune(project_folder: Path, *, keep: int) -> None:
    """Delete the estimators of all but the last `keep` rounds (at least the last one stays)."""
    forget_rounds(project_folder / _FOLDER, ".skops", ".json", ".npz", keep=keep)


def newest(project_folder: Path, *, before: int) -> Path | None:
    """Return where the estimator of the last round before one is kept; None without any."""
    kept = kept_rounds(project_folder / _FOLDER, ".skops")
    earlier = [round_id for round_id in kept if round_id < before]
    return model_path(project_folder, earlier[-1]) if earlier else None


def record_of(path: Path) -> dict[str, Any]:
    """Return the record of the estimator at `path`."""
    record: dict[str, Any] = json.loads(_record_path(path).read_bytes())
    return record


def notes_path(path: Path) -> Path:
    """Return where the next fit finds how to begin with the estimator at `path`."""
    return path.with_suffix(".npz")


def model_path(project_folder: Path, round_id: int) -> Path:
    """Return where the estimator of a round is kept."""
    return project_folder / _FOLDER / f"{round_id}.skops"


def _record_path(path: Path) -> Path:
    return path.with_suffix(".json")
