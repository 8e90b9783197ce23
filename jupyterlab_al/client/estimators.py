"""Estimators on their way between notebook and server."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from math import isfinite
from typing import Any

from jupyterlab_al.client.errors import InvalidInputError
from jupyterlab_al.client.http import Http

#: What to do with a class that the server does not know.
WAY_OUT = (
    "Put it in a module on the server and name its import path; the server's operator allows it "
    "with allowed_estimators."
)


def described(http: Http, estimator: Any) -> dict[str, Any] | None:
    """Return an estimator as a project's description has it.

    An import path with parameters where they say everything, or pipelines of such estimators;
    everything else (a FrozenEstimator, a ColumnTransformer, …) is uploaded as a skops file.

    Raises
    ------
    InvalidInputError
        If it is no scikit-learn estimator, or can't travel; the message names the way out.
    """
    if estimator is None or isinstance(estimator, dict):
        return estimator
    if isinstance(estimator, str):
        return {"import": estimator, "params": {}}
    if isinstance(estimator, type) or not hasattr(estimator, "get_params"):
        raise InvalidInputError(
            f"{estimator!r} is no estimator: make one, for example LogisticRegression()."
        )
    written = _written(estimator)
    if written is not None:
        return written
    content = _saved(estimator)
    return {"skops": http.upload([content], len(content))}


def _written(estimator: Any) -> dict[str, Any] | None:
    """Return import path and parameters; None where these don't say everything.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> _written(LogisticRegression(C=0.5))
    {'import': 'sklearn.linear_model.LogisticRegression', 'params': {'C': 0.5}}
    """
    own, usual = estimator.get_params(deep=False), _defaults(estimator)
    params: dict[str, Any] = {}
    for name, value in own.items():
        if name in usual and _same(value, usual[name]):
            continue
        is_steps = name == "steps" and isinstance(value, list)
        plain = _steps(value) if is_steps else _plain(value)
        if plain is None and value is not None:
            return None
        params[name] = plain
    return {"import": _public_path(type(estimator)), "params": params}


def _steps(steps: list[Any]) -> list[Any] | None:
    """Return the steps of a pipeline; None where one can't be written down."""
    written = []
    for name, step in steps:
        known = step if isinstance(step, str) else _written(step)
        if known is None:
            return None
        written.append([name, known])
    return written


def _defaults(estimator: Any) -> dict[str, Any]:
    try:
        usual: dict[str, Any] = type(estimator)().get_params(deep=False)
    except TypeError:
        # It can't be made without parameters: all of them are written down.
        return {}
    return usual


def _same(value: Any, other: Any) -> bool:
    try:
        return value is other or (type(value) is type(other) and bool(value == other))
    except ValueError:
        return False


def _plain(value: Any) -> Any:
    """Return what JSON can say of a parameter, None for everything else."""
    if isinstance(value, list):
        parts = [_plain(part) for part in value]
        return None if None in parts else parts
    if isinstance(value, dict):
        named = {name: _plain(part) for name, part in value.items()}
        is_plain = None not in named.values() and all(isinstance(name, str) for name in named)
        return named if is_plain else None
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        value = value.item()
    if isinstance(value, float) and not isfinite(value):
        return None
    return value if isinstance(value, bool | int | float | str) else None


def _saved(estimator: Any) -> bytes:
    """Return an estimator as a skops file."""
    import skops.io

    try:
        content: bytes = skops.io.dumps(estimator)
    except Exception as error:
        raise InvalidInputError(
            f"{type(estimator).__name__} can't be saved ({error}). {WAY_OUT}"
        ) from error
    local = sorted(
        name
        for name in skops.io.get_untrusted_types(data=content)
        if name.startswith("__main__.") or "<" in name
    )
    if local:
        names = ", ".join(name.rpartition(".")[2] for name in local)
        raise InvalidInputError(
            f"{type(estimator).__name__} holds what is defined in this notebook: {names}. {WAY_OUT}"
        )
    return content


def _public_path(cls: type) -> str:
    """Return the path under which people import a class: without private modules."""
    parts = cls.__module__.split(".")
    public = [part for part in parts if not part.startswith("_")]
    for end in range(len(public), 0, -1):
        path = ".".join(public[:end])
        if path == "__main__":
            break
        try:
            if getattr(import_module(path), cls.__name__, None) is cls:
                return f"{path}.{cls.__name__}"
        except ImportError:
            continue
    raise InvalidInputError(
        f"{cls.__name__} is defined in this notebook, so the server can't import it. {WAY_OUT}"
    )


def loaded(content: bytes, trusted: Sequence[str] = ()) -> Any:
    """Return the estimator in a skops file; of scikit-learn's types and those that are trusted.

    Raises
    ------
    InvalidInputError
        If it holds other types; they are named.
    """
    import skops.io

    from jupyterlab_al.learning.persistence import TRUSTED

    accepted = TRUSTED | set(trusted)
    refused = sorted(set(skops.io.get_untrusted_types(data=content)) - accepted)
    if refused:
        raise InvalidInputError(
            f"The estimator holds types that are not trusted: {', '.join(refused)}. Loading it "
            f"runs their code. Where you know them, say so: project.estimator(trusted={refused})."
        )
    return skops.io.loads(content, trusted=sorted(accepted))
