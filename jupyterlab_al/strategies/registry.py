"""From the name of a strategy to the strategy."""

from __future__ import annotations

import inspect
from collections.abc import Mapping

import numpy as np

from jupyterlab_al.domain.errors import InvalidSettingError
from jupyterlab_al.strategies.base import QueryStrategy
from jupyterlab_al.strategies.names import find, names


def strategy_class(name: str) -> type[QueryStrategy]:
    """Return the class of the strategy `name`, built in or from another package.

    Raises
    ------
    InvalidSettingError
        If there is no such strategy, or it can't be imported or is none.
    """
    point = find(name)
    if point is None:
        raise InvalidSettingError(
            f"There is no strategy {name!r}. Choose one of: {', '.join(names())}."
        )
    try:
        loaded = point.load()
    except Exception as error:
        raise InvalidSettingError(
            f"The strategy {name!r} can't be imported from {point.value!r} "
            f"({type(error).__name__}: {error}). Repair the package that offers it."
        ) from error
    if not (isinstance(loaded, type) and issubclass(loaded, QueryStrategy)):
        raise InvalidSettingError(
            f"The strategy {name!r} ({point.value}) is not a subclass of QueryStrategy."
        )
    return loaded


def create(name: str, params: Mapping[str, object]) -> QueryStrategy:
    """Return the strategy `name` with its parameters set.

    Raises
    ------
    InvalidSettingError
        If there is no such strategy or it doesn't take these parameters.

    Examples
    --------
    >>> create("margin", {})
    MarginSampling()
    """
    cls = strategy_class(name)
    try:
        inspect.signature(cls).bind(**params)
        return cls(**params)
    except (TypeError, ValueError) as error:
        taken = ", ".join(cls._get_param_names()) or "none"
        raise InvalidSettingError(
            f"The strategy {name!r} doesn't take these parameters ({error}). It takes: {taken}."
        ) from error


def seeded_strategy(name: str, params: Mapping[str, object], *, seed: int) -> QueryStrategy:
    """Return the strategy `name` with randomness of its own where its parameters leave it open."""
    strategy = create(name, params)
    settings = strategy.get_params()
    if "random_state" in settings:
        given = settings["random_state"]
        chosen = seed if given is None else int(given)
        # One state for all chunks: a plain number would give each chunk the same draws.
        strategy.set_params(random_state=np.random.RandomState(chosen % 2**32))
    return strategy
