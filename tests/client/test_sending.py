"""Arrays on the wire: the same numbers, whatever they were here."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array

import jupyterlab_al as al
from jupyterlab_al.client import frames, sending


class Wire:
    """Keeps what is sent, or only counts it."""

    def __init__(self, *, keeps: bool = True) -> None:
        self.content = BytesIO()
        self._keeps = keeps
        self.size = 0

    def upload(self, pieces: Iterable[bytes], size: int) -> str:
        """Take the pieces of a file."""
        for piece in pieces:
            self.size += len(piece)
            if self._keeps:
                self.content.write(piece)
        assert self.size == size
        return "upload"

    def array(self) -> np.ndarray[Any, Any]:
        """Return the array that arrived."""
        self.content.seek(0)
        found: np.ndarray[Any, Any] = np.load(self.content, allow_pickle=False)
        return found


DENSE = np.random.default_rng(0).normal(size=(50, 7))


@pytest.mark.parametrize(
    "array",
    [
        np.arange(350.0).reshape(50, 7),
        np.asfortranarray(np.arange(350.0).reshape(50, 7)),
        np.arange(700.0).reshape(50, 14)[:, ::2],
        np.arange(350, dtype=">i8").reshape(50, 7),
        np.arange(350, dtype=np.float16).reshape(50, 7),
        np.eye(50, 7, dtype=bool),
        np.arange(50),
        np.arange(50 * 2 * 3 * 4).reshape(50, 2, 3, 4),
    ],
    ids=["plain", "fortran", "strided", "big-endian", "half", "bool", "flat", "images"],
)
def test_the_same_array_arrives(array: np.ndarray[Any, Any], monkeypatch: Any) -> None:
    """Values, type and shape are those of the array, however it lies in memory."""
    wire: Any = Wire()
    monkeypatch.setattr(sending, "PIECE", 200)

    sending.upload_array(wire, array)

    assert wire.array().dtype == array.dtype
    np.testing.assert_array_equal(array, wire.array())


@pytest.mark.parametrize("X", [DENSE, DENSE.tolist()], ids=["array", "lists"])
def test_features_arrive_as_float32(X: Any, monkeypatch: Any) -> None:
    """The server gets the numbers that it learns from, in their order."""
    wire: Any = Wire()
    monkeypatch.setattr(sending, "PIECE", 200)

    frames.send_features(wire, X)

    assert wire.array().dtype == np.float32
    np.testing.assert_array_equal(DENSE.astype(np.float32), wire.array())


@pytest.mark.parametrize("X", [DENSE, csr_array(DENSE)], ids=["dense", "sparse"])
@pytest.mark.parametrize("n_samples", [49, 51])
def test_features_need_a_row_for_each_sample(X: Any, n_samples: int) -> None:
    """Another number of rows is refused before a byte is sent; the message has both numbers."""
    wire: Any = Wire()

    with pytest.raises(al.InvalidInputError, match=f"50 rows but there are {n_samples} samples"):
        frames.send_features(wire, X, n_samples=n_samples)

    assert wire.size == 0
