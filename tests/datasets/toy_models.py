"""Models of texts, right and wrong, that tests name by import path."""

from __future__ import annotations

from collections.abc import Sequence
from os.path import join  # noqa: F401 - a name that only passes through
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import HashingVectorizer

WIDTH = 8


def hashed(texts: Sequence[str]) -> Any:
    """Return hashed words, as a sparse matrix; a model that is a function."""
    return HashingVectorizer(n_features=WIDTH).transform(texts)


class Encoder:
    """A model that is a class with `encode`, as sentence encoders are."""

    def encode(self, texts: list[str]) -> NDArray[np.float64]:
        """Return the length and the number of words."""
        return np.array([[len(text), len(text.split())] for text in texts], dtype=np.float64)


def make_vectorizer() -> HashingVectorizer:
    """Return a model with `transform`."""
    return HashingVectorizer(n_features=WIDTH)


#: A model that is an object.
encoder = Encoder()
number = 7


class NeedsArguments:
    """A class that can't be made without arguments."""

    def __init__(self, name: str) -> None:
        self.name = name


def flat(texts: Sequence[str]) -> NDArray[np.float64]:
    """Return one dimension only."""
    return np.ones(len(texts))


def too_few(texts: Sequence[str]) -> NDArray[np.float64]:
    """Return a row less than there are texts, and at least one."""
    return np.ones((max(1, len(texts) - 1), 2))


def holes(texts: Sequence[str]) -> NDArray[np.float64]:
    """Return NaN for the text `hole`."""
    return np.array([[np.nan if text == "hole" else 1.0] for text in texts])


def growing(texts: Sequence[str]) -> NDArray[np.float64]:
    """Return wider rows for more texts."""
    return np.ones((len(texts), len(texts)))


def failing(texts: Sequence[str]) -> NDArray[np.float64]:
    """Fail."""
    raise RuntimeError("no GPU\nhere")
