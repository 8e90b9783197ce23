"""Sparse features on the wire: rows of Arrow, as small as what they hold."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from scipy import sparse

import jupyterlab_al as al
from benchmarks.machine import peak_memory
from jupyterlab_al.client import frames
from jupyterlab_al.domain import sparse_rows
from jupyterlab_al.domain.sparse_rows import row_pieces


class Wire:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.content = BytesIO()

    def upload(self, pieces: Iterable[bytes], size: int) -> str:
        """Take the pieces of a file."""
        self.content.writelines(pieces)
        assert self.content.tell() == size
        return "upload"

    @property
    def batches(self) -> list[pa.RecordBatch]:
        """What arrived."""
        self.content.seek(0)
        return list(pa.ipc.open_stream(self.content))

    def rows(self) -> list[dict[int, float]]:
        """Return what arrived: of each row the values by their columns."""
        return [
            dict(zip(row["columns"], row["values"], strict=True))
            for batch in self.batches
            for row in batch.to_pylist()
        ]


def sent(X: Any) -> Wire:
    """Send features; return what arrived."""
    wire: Any = Wire()
    described = frames.send_features(wire, X)
    assert described == {"kind": "precomputed", "upload_id": "upload"}
    found: Wire = wire
    return found


def rows_of(X: Any) -> list[dict[int, float]]:
    """Return the values that are not zero by their columns, row by row."""
    dense = X.toarray().astype(np.float32)
    return [{int(n): float(row[n]) for n in np.flatnonzero(row)} for row in dense]


#: With empty rows at both ends and in between.
X = sparse.random(60, 9, density=0.2, format="lil", random_state=0)
X[[0, 17, 59]] = 0
X = X.tocsr()
#: Columns in no order, one twice, and a zero that is kept.
UNTIDY = sparse.csr_matrix(
    (np.array([1.0, 2.0, 4.0, 0.0, 3.0]), np.array([5, 1, 5, 2, 0]), np.array([0, 4, 4, 5])),
    shape=(3, 6),
)


@pytest.mark.parametrize(
    "given",
    [
        X, sparse.csr_array(X), X.tocsc(), X.tocoo(), X.tolil(), X.todok(), X.tobsr(),
        X.astype(np.float32), X > 0.5, (X * 10).astype(np.int64), X.astype(np.longdouble),
        UNTIDY, sparse.csr_array((4, 3)), sparse.eye_array(5, format="dia"),
        sparse.coo_array(([1, 1], ([0, 0], [2, 2])), shape=(1, 3), dtype=np.int8),
    ],
    ids=[
        "csr", "csr-array", "csc", "coo", "lil", "dok", "bsr", "float32", "bool", "int64",
        "longdouble", "untidy", "all-zero", "dia", "coo-twice",
    ],
)  # fmt: skip
def test_the_same_rows_arrive(given: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the form and type, each row comes as its sorted columns and float32 values."""
    monkeypatch.setattr(sparse_rows, "PIECE_VALUES", 7)

    wire = sent(given)

    assert wire.rows() == rows_of(given)
    schema = wire.batches[0].schema
    assert schema.types == [pa.list_(pa.int32()), pa.list_(pa.float32())]
    assert json.loads(schema.metadata[b"shape"]) == list(given.shape)
    assert all(row == sorted(row) for row in map(list, wire.rows()))


def test_a_sparse_frame_stays_sparse() -> None:
    """A frame whose columns are all sparse is sent as what it holds."""
    assert sent(pd.DataFrame.sparse.from_spmatrix(X)).rows() == rows_of(X)


def test_the_matrix_stays_as_it_is() -> None:
    """Putting rows in order is done on a copy: a person goes on working with theirs."""
    before = [part.copy() for part in (UNTIDY.data, UNTIDY.indices, UNTIDY.indptr)]

    sent(UNTIDY)

    for was, part in zip(before, (UNTIDY.data, UNTIDY.indices, UNTIDY.indptr), strict=True):
        np.testing.assert_array_equal(was, part)


def test_pieces_are_bounded_by_values_and_by_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every row is in one piece; only a row that is longer than a piece makes a larger one."""
    monkeypatch.setattr(sparse_rows, "PIECE_VALUES", 5)
    monkeypatch.setattr(sparse_rows, "PIECE_ROWS", 3)
    lengths = [0, 9, 1, 4, 1, 0, 0, 0, 0, 5, 0]

    pieces = list(row_pieces(np.concatenate([[0], np.cumsum(lengths)])))

    assert pieces == [(0, 1), (1, 2), (2, 4), (4, 7), (7, 10), (10, 11)]


def test_what_is_sent_and_held_grows_with_the_values_only() -> None:
    """A matrix that would be 16 GB dense takes 8 bytes a value, and megabytes on the way."""
    n, per_row = 20_000, 50
    rng = np.random.default_rng(0)
    wide = sparse.csr_matrix(
        (
            rng.random(n * per_row),
            rng.integers(0, 200_000, n * per_row),
            np.arange(0, n * per_row + 1, per_row),
        ),
        shape=(n, 200_000),
    )
    wire: Any = Wire()
    wire.content = Counted()

    # The whole process, for Arrow's memory is not Python's.
    with peak_memory() as peak:
        frames.send_features(wire, wide)

    assert wire.content.size < 1.1 * 8 * wide.nnz
    assert peak.above < 100


class Counted(BytesIO):
    """Counts what is written."""

    size = 0

    def writelines(self, pieces: Iterable[Any], /) -> None:
        """Count the bytes."""
        self.size += sum(map(len, pieces))

    def tell(self) -> int:
        """Return how many there were."""
        return self.size


def holding(value: float) -> Any:
    """Return a matrix with a value in row 17, column 4."""
    X = sparse.lil_matrix((60, 9))
    X[3, 1], X[17, 4] = 1.0, value
    return X.tocsr()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (holding(np.nan), r"nan in row 17, column 4 .*nan_to_num"),
        (holding(-np.inf), "-inf in row 17, column 4"),
        (holding(1e300), r"1e\+300 in row 17, column 4"),
        (X.astype(complex), "must be numbers .*not complex128"),
        (sparse.csr_array((0, 5)), "a row for each sample"),
        (sparse.csr_array((5, 0)), "columns"),
        (sparse.coo_array(([1.0], ([0], [2**31])), shape=(1, 2**31 + 1)), "Hash or select"),
        (sparse.coo_array(np.ones(3)), r"\(samples, features\).*\(3,\)"),
        (pd.DataFrame({"a": pd.arrays.SparseArray([1.0, np.nan])}), "must leave out zeros"),
    ],
    ids=["nan", "inf", "too-large", "complex", "no-rows", "no-columns", "wide", "flat", "frame"],
)
def test_what_nothing_can_be_learned_from_is_refused(given: Any, says: str) -> None:
    """Nothing is sent, and the message says where it is and what to do."""
    wire: Any = Wire()

    with pytest.raises(al.InvalidInputError, match=says):
        frames.send_features(wire, given)

    assert wire.content.tell() == 0


def test_scipy_is_not_imported_by_us() -> None:
    """Who sends a frame or an array does not wait for the import of SciPy."""
    script = (
        "import sys, numpy, jupyterlab_al as al\n"
        "from jupyterlab_al.client import frames\n"
        "class Wire:\n"
        "    def upload(self, pieces, size): return str(len(list(pieces)))\n"
        "frames.send_features(Wire(), numpy.eye(3))\n"
        "print([name for name in ('scipy', 'sklearn') if name in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == "[]"
