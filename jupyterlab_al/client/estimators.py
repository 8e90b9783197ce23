"""Estimators on their way between notebook and server."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from jupyterlab_al.client.errors import InvalidInputError


def described(estimator: Any) -> dict[str, Any] | None:
    """Return an estimator as import path and parameters, as a project's description has it.

    Raises
    ------
    InvalidInputError
        If it is no scikit-learn estimator, or a parameter can't be written down.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> described(LogisticRegression(C=0.5))
    {'import': 'sklearn.linear_model.LogisticRegression', 'params': {'C': 0.5}}
    """
    if estimator is None or isinstance(estimator, dict):
        return estimator
    if isinstance(estimator, str):
        return {"import": estimator, "params": {}}
    if isinstance(estimator, type) or not hasattr(estimator, "get_params"):
        raise InvalidInputError(
            f"{estimator!r} is no estimator: make one, for example LogisticRegression()."
        )
    own, usual = estimator.get_params(deep=False), _defaults(estimator)
    params = {
        name: _plain(value, name, estimator)
        for name, value in own.items()
        if name not in usual or not _same(value, usual[name])
    }
    return {"import": _public_path(type(estimator)), "params": params}


def _defaults(estimator: Any) -> dict[str, Any]:
    try:
        usual: dict[str, Any] = type(estimator)().get_params(deep=False)
    except TypeError:
        # It can't be made without parameters: all of them are written down.
        return {}
    return usual


def _same(value: Any, other: Any) -> bool:
    try:
        return type(value) is type(other) and bool(value == other)
    except ValueError:
        return False


def _plain(value: Any, name: str, estimator: Any) -> Any:
    if hasattr(value, "get_params") and not isinstance(value, type):
        return described(value)
    if isinstance(value, list | tuple):
        return [_plain(one, name, estimator) for one in value]
    if isinstance(value, dict):
        return {str(key): _plain(one, name, estimator) for key, one in value.items()}
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        value = value.item()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise InvalidInputError(
        f"The parameter {name} of {type(estimator).__name__} is a {type(value).__name__}, which "
        "can't be sent. Use numbers, texts, lists of them, or estimators; or put your own class "
        "into a module that the server's operator allows (allowed_estimators)."
    )


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
        f"{cls.__name__} is defined in this notebook, so the server can't import it. Put it into a "
        "module that the server's operator allows (allowed_estimators)."
    )


def loaded(content: bytes) -> Any:
    """Return the estimator in a skops file; only types of scikit-learn are accepted.

    Raises
    ------
    InvalidInputError
        If it holds other types; they are named.
    """
    import skops.io

    from jupyterlab_al.learning.persistence import TRUSTED

    refused = sorted(set(skops.io.get_untrusted_types(data=content)) - TRUSTED)
    if refused:
        raise InvalidInputError(
            f"The estimator holds types that are not trusted: {', '.join(refused)}."
        )
    return skops.io.loads(content, trusted=sorted(TRUSTED))


def vectorizer(described: dict[str, Any]) -> Any:
    """Return the TF-IDF vectorizer that a project's texts went through, ready to transform others.

    Parameters
    ----------
    described : dict
        `options`, `terms` and `idf`, as `GET projects/{name}/vectorizer` gives them.
    """
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    options = dict(described["options"])
    options["ngram_range"] = tuple(options["ngram_range"])
    made = TfidfVectorizer(**options, vocabulary=described["terms"], dtype=np.float32)
    made.idf_ = np.array(described["idf"], dtype=np.float32)
    return made
