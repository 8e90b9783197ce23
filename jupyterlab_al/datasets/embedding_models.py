"""A model that turns texts into numbers, found by its import path and never trusted to be right."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyterlab_al.datasets.description import FeaturesSpec
from jupyterlab_al.domain.errors import InvalidSettingError
from jupyterlab_al.domain.import_paths import is_allowed, listed, stands_in

#: Gives an array with a row for each text.
Embed = Callable[[Sequence[str]], Any]


def check_path(path: str | None, allowed: Sequence[str]) -> str:
    """Return an import path with dots only; refuse one that may not be imported.

    Nothing is imported.

    Raises
    ------
    InvalidSettingError
        If there is none, or it lies in a module that the operator does not allow.
    """
    if not path:
        raise InvalidSettingError(
            "features.model: Features of kind embedding need a model; give `model`, the import "
            "path of a class, a function or an object, such as my_package.models:Encoder."
        )
    dotted = path.replace(":", ".", 1)
    if not is_allowed(dotted, allowed):
        raise InvalidSettingError(
            f"features.model: {path!r} is not an allowed model. Allowed are public names of: "
            f"{listed(allowed)}. An operator adds modules with the setting allowed_estimators.",
            word="model_not_allowed",
        )
    return dotted


def check_model(features: FeaturesSpec, allowed: Sequence[str]) -> None:
    """Refuse features with a model that may not be imported, or that would not be used."""
    if features.kind == "embedding":
        check_path(features.model, allowed)
    elif features.model is not None:
        raise InvalidSettingError(
            f"Features of kind {features.kind} use no model; leave features.model out, or use "
            "the kind embedding."
        )


class EmbeddingModel:
    """A model that was imported, and how wide its rows are once that is known."""

    def __init__(self, path: str, embed: Embed) -> None:
        self.path = path
        self._embed = embed
        self.width: int | None = None

    @classmethod
    def load(cls, path: str | None, allowed: Sequence[str]) -> EmbeddingModel:
        """Import a model. Call it only in a process that may crash.

        A class, or a function that takes nothing, is called to get the model. The model has
        `encode(texts)` or `transform(texts)`, or is called with the texts.

        Raises
        ------
        InvalidSettingError
            If it may not be imported, can't be, or is no such model.
        """
        dotted = check_path(path, allowed)
        found = _imported(dotted)
        home = f"{getattr(found, '__module__', '')}.{getattr(found, '__qualname__', '')}"
        if (isinstance(found, type) or inspect.isroutine(found)) and not stands_in(home, allowed):
            raise InvalidSettingError(
                f"{path} is defined in {found.__module__}, which is not an allowed module."
            )
        try:
            made = found() if _is_maker(found) else found
        except Exception as error:
            raise InvalidSettingError(
                f"The model {path} can't be made without arguments: {_said(error)}. Name a "
                "function that makes it."
            ) from error
        for name in ("encode", "transform"):
            if callable(getattr(made, name, None)):
                return cls(str(path), getattr(made, name))
        if callable(made):
            return cls(str(path), made)
        raise InvalidSettingError(
            f"{path} is no model: it has neither encode nor transform, and can't be called."
        )

    def rows(self, texts: Sequence[str], start: int = 0) -> NDArray[np.float32]:
        """Return float32 features, one row a text; `start` is the place of the first text.

        Raises
        ------
        InvalidSettingError
            If the model fails, or gives anything but finite rows of one width.
        """
        try:
            given = self._embed(list(texts))
            plain = given.toarray() if hasattr(given, "toarray") else given
            X: NDArray[np.float32] = np.asarray(plain, dtype=np.float32)
        except Exception as error:
            if isinstance(error, MemoryError):
                raise
            raise InvalidSettingError(
                f"The model {self.path} failed at the texts from sample {start} on: {_said(error)}."
            ) from error
        if X.ndim != 2 or len(X) != len(texts) or not X.shape[1]:
            raise InvalidSettingError(
                f"The model {self.path} gave an array of shape {X.shape} for {len(texts)} texts; "
                "it must give one row of numbers for each text."
            )
        if self.width not in (None, X.shape[1]):
            raise InvalidSettingError(
                f"The model {self.path} gave rows of {self.width} numbers first, and of "
                f"{X.shape[1]} from sample {start} on; they must have one width."
            )
        bad = ~np.isfinite(X).all(axis=1)
        if bad.any():
            raise InvalidSettingError(
                f"The model {self.path} gave NaN or infinity for sample {start + bad.argmax()}; "
                "an estimator can't learn from it."
            )
        self.width = X.shape[1]
        return X


def _imported(dotted: str) -> Any:
    module, _, name = dotted.rpartition(".")
    try:
        return getattr(import_module(module), name)
    except Exception as error:
        raise InvalidSettingError(
            f"The model {dotted} can't be imported ({_said(error)}). Check the spelling, and that "
            "the package is installed where the worker runs."
        ) from error


def _is_maker(found: Any) -> bool:
    """Return whether a class or function takes nothing, so that calling it gives the model."""
    if isinstance(found, type):
        return True
    if not inspect.isroutine(found):
        return False
    try:
        needed = inspect.signature(found).parameters.values()
    except ValueError:
        return False
    fixed = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return all(one.default is not one.empty or one.kind in fixed for one in needed)


def _said(error: Exception) -> str:
    words = " ".join(str(error).split())[:500]
    return f"{type(error).__name__}: {words}" if words else type(error).__name__
