"""An estimator uploaded as a skops file; read only in processes that may be killed."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyterlab_al.domain.errors import InvalidEstimatorError
from jupyterlab_al.domain.import_paths import ALLOWED, is_allowed
from jupyterlab_al.learning.persistence import TRUSTED
from jupyterlab_al.learning.spec import FORBIDDEN_PARAMS, require_estimator, require_usable

#: Bytes of a file, of what it holds unpacked, and its parts. An estimator that is to be fitted
#: here is small; fitted parts that it brings along may be larger.
MAX_BYTES = 64 * 2**20
MAX_UNPACKED = 512 * 2**20
MAX_PARTS = 50_000
#: Characters of a description.
MAX_DESCRIPTION = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class UploadedEstimator:
    """Makes unfitted copies of the estimator in a file."""

    path: Path
    #: What it is, e.g. ``Pipeline(StandardScaler, SVC)``.
    description: str
    #: Modules whose estimators may be in it, beside scikit-learn's.
    allowed: tuple[str, ...] = ALLOWED

    @property
    def import_path(self) -> str:
        """Return what it is, in place of a path."""
        return self.description

    def as_json(self) -> dict[str, Any]:
        """Return ``{"skops": upload id, "description": words}``."""
        return {"skops": self.path.name, "description": self.description}

    def build(self) -> Any:
        """Return a new, unfitted estimator.

        Raises
        ------
        InvalidEstimatorError
            If the file is gone, is none, or holds types that are not trusted.
        """
        from sklearn.base import clone

        return clone(_opened(self.path, self.allowed))


def checked(path: Path, allowed: Iterable[str] = ALLOWED) -> str:
    """Return what the estimator in a file is, in short; raise unless it may be used.

    Parameters
    ----------
    path : Path
        A skops file.
    allowed : iterable of str
        Modules whose estimators are accepted beside scikit-learn's: `allowed_estimators`.

    Raises
    ------
    InvalidEstimatorError
        With words that say what to change.
    """
    estimator = _opened(path, tuple(allowed))
    words = described(estimator)
    require_usable(words, estimator)
    return words


def described(estimator: Any) -> str:
    """Return an estimator's class with those of the estimators in it.

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from sklearn.svm import SVC
    >>> described(make_pipeline(StandardScaler(), SVC()))
    'Pipeline(StandardScaler, SVC)'
    """
    inner = [described(part) for part in _parts(list(estimator.get_params(deep=False).values()))]
    name = type(estimator).__name__
    words = f"{name}({', '.join(inner)})" if inner else name
    return words if len(words) <= MAX_DESCRIPTION else words[: MAX_DESCRIPTION - 1] + "…"


def _opened(path: Path, allowed: tuple[str, ...]) -> Any:
    """Return the estimator in a file, of trusted types only."""
    import skops.io
    from sklearn.base import BaseEstimator

    _require_small(path)
    try:
        unknown = set(skops.io.get_untrusted_types(file=path)) - TRUSTED
        _require_trusted(unknown, allowed)
        estimator = skops.io.load(path, trusted=sorted(TRUSTED | unknown))
    except (InvalidEstimatorError, MemoryError):
        raise
    except Exception as error:
        raise InvalidEstimatorError(
            f"The file can't be read as an estimator ({type(error).__name__}: {error}). Save it "
            "with skops.io.dump, with the versions of scikit-learn and skops that the server has."
        ) from error
    if not isinstance(estimator, BaseEstimator):
        raise InvalidEstimatorError(
            f"The file holds a {type(estimator).__name__}, which is no estimator of scikit-learn's "
            "kind (a subclass of sklearn.base.BaseEstimator)."
        )
    _require_no_cache(estimator)
    return estimator


def _require_small(path: Path) -> None:
    """Raise for files that are none or would unpack to something huge."""
    try:
        size = path.stat().st_size
        with zipfile.ZipFile(path) as file:
            parts = file.infolist()
    except FileNotFoundError:
        raise InvalidEstimatorError(
            "The uploaded estimator is not there any more; upload it again and set it with PATCH."
        ) from None
    except (zipfile.BadZipFile, OSError):
        raise InvalidEstimatorError(
            "The upload is no skops file; save the estimator with skops.io.dump."
        ) from None
    unpacked = sum(part.file_size for part in parts)
    if size > MAX_BYTES or unpacked > MAX_UNPACKED or len(parts) > MAX_PARTS:
        raise InvalidEstimatorError(
            f"The file is too large for an estimator: {size / 2**20:,.0f} MiB "
            f"({unpacked / 2**20:,.0f} unpacked, {len(parts):,} parts). Send it unfitted "
            "(sklearn.base.clone), or allow its module and name an import path."
        )


def _require_trusted(unknown: Iterable[str], allowed: tuple[str, ...]) -> None:
    """Raise unless every type is an estimator of a module that the operator allowed.

    Scikit-learn itself is no such module: skops knows which of its types are safe.
    """
    own = tuple(prefix for prefix in allowed if not f"{prefix}.".startswith("sklearn."))
    refused = sorted(name for name in unknown if not is_allowed(name, own))
    if refused:
        raise InvalidEstimatorError(
            f"The estimator holds types that are not trusted: {', '.join(refused)}. If one is "
            "your own class, put it in a module on the server and name its import path; the "
            "operator allows it with allowed_estimators."
        )
    for name in unknown:
        require_estimator(name, own)


def _require_no_cache(estimator: Any) -> None:
    for name, value in estimator.get_params(deep=True).items():
        if name.rpartition("__")[2] in FORBIDDEN_PARAMS and value:
            raise InvalidEstimatorError(f"The parameter {name!r} can't be set; leave it out.")


def _parts(value: Any) -> list[Any]:
    """Return the outermost estimators in a parameter."""
    if hasattr(value, "get_params") and not isinstance(value, type):
        return [value]
    if isinstance(value, dict):
        return _parts(list(value.values()))
    if isinstance(value, list | tuple):
        return [part for one in value for part in _parts(one)]
    return []
