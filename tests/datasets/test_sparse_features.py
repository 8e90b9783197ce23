"""Sparse features that a person computed: kept as CSR, whatever file they come in."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy import sparse

from benchmarks.machine import peak_memory
from jupyterlab_al.datasets import sparse_entries
from jupyterlab_al.datasets.description import DatasetSpec, FeaturesSpec
from jupyterlab_al.datasets.features import open_features
from jupyterlab_al.datasets.inspect import inspect
from jupyterlab_al.datasets.prepare import PrepareTask, prepare
from jupyterlab_al.datasets.record import CSR_PARTS, FEATURES, RECORD, DatasetRecord
from jupyterlab_al.domain import sparse_rows
from jupyterlab_al.domain.errors import ActiveLearningError, InvalidDatasetError

N, WIDTH = 40, 11

X = sparse.random(N, WIDTH, density=0.2, format="lil", random_state=0)
X[[0, 17, N - 1]] = 0
X = X.tocsr()


def write_npz(path: Path, matrix: Any) -> None:
    """Write a matrix as SciPy does."""
    sparse.save_npz(path, matrix)


def write_stream(path: Path, matrix: Any) -> None:
    """Write rows as the client sends them, in two batches."""
    table = rows_table(matrix)
    with pa.ipc.new_stream(path, table.schema) as stream:
        stream.write_table(table, max_chunksize=N // 2 + 1)


def write_file(path: Path, matrix: Any) -> None:
    """Write rows as another program may: a file, long lists, wider numbers, compressed."""
    kinds = {"columns": pa.large_list(pa.int64()), "values": pa.large_list(pa.float64())}
    table = rows_table(matrix, kinds)
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_file(path, table.schema, options=options) as file:
        file.write_table(table)


def rows_table(matrix: Any, kinds: dict[str, pa.DataType] | None = None, **more: Any) -> pa.Table:
    """Return the rows of a matrix as two lists each; `more` replaces a column or the shape."""
    kinds = kinds or {"columns": pa.list_(pa.int32()), "values": pa.list_(pa.float32())}
    parts = {"columns": matrix.indices, "values": matrix.data}
    ends = matrix.indptr
    rows = {name: [part[a:b].tolist() for a, b in pairwise(ends)] for name, part in parts.items()}
    columns = {name: more.get(name, pa.array(rows[name], kinds[name])) for name in kinds}
    said = more.get("shape", json.dumps(matrix.shape))
    return pa.table(columns).replace_schema_metadata(None if said is None else {"shape": said})


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few values be a piece, so that every file comes in several."""
    monkeypatch.setattr(sparse_rows, "PIECE_VALUES", 7)


@pytest.fixture
def task(tmp_path: Path) -> PrepareTask:
    """Return the import of texts, a row of features to be given for each."""
    (tmp_path / "texts.csv").write_text("text\n" + "".join(f"text {n}\n" for n in range(N)))
    dataset = DatasetSpec(kind="table", path="texts.csv")
    return PrepareTask(folder=tmp_path / "project", root=tmp_path, dataset=dataset)


def imported(task: PrepareTask, name: str) -> DatasetRecord:
    """Import with features in a file of the root; return the record."""
    given = FeaturesSpec(kind="precomputed", path=name)
    prepare(replace(task, features=given), lambda _phase, _progress: None)
    return DatasetRecord.read(task.folder)


def refused(task: PrepareTask, name: str) -> str:
    """Return the message with which features are refused; nothing of the import is left."""
    with pytest.raises(ActiveLearningError) as caught:
        imported(task, name)
    assert list(task.folder.rglob("*.*")) == []
    return caught.value.message


WRITERS = {"a.npz": write_npz, "stream.arrow": write_stream, "file.arrow": write_file}


@pytest.mark.parametrize("name", WRITERS)
def test_rows_are_kept_as_csr(task: PrepareTask, name: str) -> None:
    """The parts on disk are those of the matrix, float32, and rounds read them as such."""
    WRITERS[name](task.root / name, X)

    record = imported(task, name)

    features = open_features(task.folder)
    assert (record.layout, record.n_features) == ("csr", WIDTH)
    assert features.is_sparse
    assert features.chunk(0, N).dtype == np.float32
    np.testing.assert_array_equal(X.toarray().astype(np.float32), features.chunk(0, N).toarray())
    data, indices, indptr = (np.load(task.folder / FEATURES / part) for part in CSR_PARTS)
    assert (data.dtype, indices.dtype, indptr.dtype) == (np.float32, np.int32, np.int64)
    assert len(data) == len(indices) == indptr[-1] == X.nnz


@pytest.mark.parametrize("name", WRITERS)
def test_untidy_rows_become_tidy(task: PrepareTask, name: str) -> None:
    """Columns in no order, twice, or with a zero are kept sorted, once, and not at all."""
    rng = np.random.default_rng(0)
    untidy = sparse.csr_matrix(
        (
            rng.integers(0, 3, 5 * N).astype(np.float64),
            rng.integers(0, WIDTH, 5 * N),
            np.arange(0, 5 * N + 1, 5),
        ),
        shape=(N, WIDTH),
    )
    WRITERS[name](task.root / name, untidy)

    imported(task, name)

    kept = open_features(task.folder).chunk(0, N)
    assert kept.nnz == np.count_nonzero(untidy.toarray())
    assert all((np.diff(row.indices) > 0).all() for row in kept)
    np.testing.assert_array_equal(untidy.toarray(), kept.toarray())


@pytest.mark.parametrize("kind", [bool, np.int8, np.int64, np.float32, np.longdouble, ">f8"])
def test_numbers_of_any_type(task: PrepareTask, kind: Any) -> None:
    """What SciPy saves of any real type becomes float32."""
    whole = (X * 20).astype(np.int8)
    sparse.save_npz(task.root / "a.npz", whole.astype(np.int8))
    members = dict(np.load(task.root / "a.npz"))
    np.savez(task.root / "a.npz", **members | {"data": members["data"].astype(kind)})

    imported(task, "a.npz")

    expected = whole.astype(bool) if kind is bool else whole
    np.testing.assert_array_equal(
        expected.toarray(), open_features(task.folder).chunk(0, N).toarray()
    )


def test_rows_of_zeros_only(task: PrepareTask) -> None:
    """A matrix without a single value is one, too."""
    write_stream(task.root / "a.arrow", sparse.csr_matrix((N, WIDTH)))

    imported(task, "a.arrow")

    assert open_features(task.folder).chunk(0, N).nnz == 0
    assert open_features(task.folder).take(np.array([3, 1])).shape == (2, WIDTH)


def arrow(**more: Any) -> Callable[[Path], None]:
    """Write a stream in which something is not as it should be."""

    def write(path: Path) -> None:
        table = rows_table(X, **more)
        with pa.ipc.new_stream(path, table.schema) as stream:
            stream.write_table(table)

    return write


def lists(of: list[Any], kind: pa.DataType) -> pa.Array:
    """Return a list a row, the first ones as given."""
    return pa.array([*of, *[[]] * (N - len(of))], pa.list_(kind))


def pair(columns: list[Any], values: list[Any]) -> dict[str, pa.Array]:
    """Return rows of which the first ones are given."""
    return {"columns": lists(columns, pa.int64()), "values": lists(values, pa.float64())}


def texts(path: Path) -> None:
    """Write a table of texts."""
    table = pa.table({"text": ["a"] * N})
    with pa.ipc.new_stream(path, table.schema) as stream:
        stream.write_table(table)


def cut_off(path: Path) -> None:
    """Write a stream that ends too early."""
    write_stream(path, X)
    path.write_bytes(path.read_bytes()[:-200])


@pytest.mark.parametrize(
    ("write", "says"),
    [
        (arrow(**pair([[], [], [3, WIDTH]], [[], [], [1, 1]])), f"column {WIDTH} in row 2"),
        (arrow(**pair([[], [-1]], [[], [1]])), "column -1 in row 1"),
        (arrow(**pair([[2**32]], [[1]])), f"column {2**32} in row 0"),
        (arrow(**pair([[], [1, 2]], [[], [1]])), "2 columns but 1 values in row 1"),
        (arrow(**pair([[1, 2], []], [[1], [1]])), "2 columns but 1 values in row 0"),
        (arrow(**pair([[None]], [[1]])), "no number"),
        (arrow(**pair([[1]], [None])), "no list"),
        (arrow(**pair([[0], [7]], [[1], [np.nan]])), "nan in row 1, column 7"),
        (arrow(**pair([[0], [7]], [[1], [-np.inf]])), "-inf in row 1, column 7"),
        (arrow(**pair([[0], [7]], [[1], [1e300]])), "inf in row 1, column 7"),
        (arrow(**pair([[5, 5]], [[3e38, 3e38]])), "inf in row 0, column 5"),
        (arrow(columns=lists([["a"]], pa.string())), "instead of lists of numbers"),
        (arrow(values=lists([["a"]], pa.string())), "instead of lists of numbers"),
        (arrow(columns=pa.array(range(N))), "instead of lists of numbers"),
        (arrow(shape=None), "instead of its numbers of rows and columns"),
        (arrow(shape="no json"), "'no json' instead of its numbers"),
        (arrow(shape="[" * 100_000), "instead of its numbers"),
        (arrow(shape=b"\xff\xfe"), "instead of its numbers"),
        (arrow(shape=f"[{N}]"), "instead of its numbers"),
        (arrow(shape=f"[{N}, 1.5]"), "instead of its numbers"),
        (arrow(shape=f"[{N}, true]"), "instead of its numbers"),
        (arrow(shape='{"rows": 1}'), "instead of its numbers"),
        (arrow(shape=f"[{N}, 0]"), "40 rows and 0 columns"),
        (arrow(shape=f"[{N}, -3]"), "40 rows and -3 columns"),
        (arrow(shape=f"[{N}, {2**31}]"), "2,147,483,648 columns; .* to 2,147,483,647"),
        (arrow(shape=f"[0, {WIDTH}]"), "0 rows and"),
        (arrow(shape=f"[{N - 1}, {WIDTH}]"), "39 rows but there are 40 samples"),
        (texts, "columns text instead of"),
        (cut_off, "damaged, cut off"),
        (lambda path: path.write_bytes(b""), "damaged, cut off"),
        (lambda path: path.write_bytes(b"\xff\xff\xff\xff" + b"x" * 99), "damaged, cut off"),
        (lambda path: path.mkdir(), "is a folder"),
    ],
)  # fmt: skip
def test_arrow_that_is_no_matrix(
    task: PrepareTask, write: Callable[[Path], None], says: str
) -> None:
    """What does not fit together is refused with its place, and nothing is kept."""
    write(task.root / "a.arrow")

    with pytest.raises(InvalidDatasetError, match=says):
        imported(task, "a.arrow")

    assert not (task.folder / RECORD).exists()
    assert list(task.folder.rglob("*.npy")) == []


@pytest.mark.parametrize("more", [1, -1])
def test_fewer_or_more_rows_than_it_says(task: PrepareTask, more: int) -> None:
    """The count at the beginning is not believed."""
    arrow()(task.root / "a.arrow")
    matrix = sparse.vstack([X, X[:1]]) if more > 0 else X[:-1]
    table = rows_table(matrix.tocsr(), shape=f"[{N}, {WIDTH}]")
    with pa.ipc.new_stream(task.root / "a.arrow", table.schema) as stream:
        stream.write_table(table)

    assert "has not the 40 rows that it says" in refused(task, "a.arrow")


def npz(**more: Any) -> Callable[[Path], None]:
    """Write a matrix with members replaced, or taken away where they are None."""

    def write(path: Path) -> None:
        sparse.save_npz(path, X)
        members = dict(np.load(path)) | more
        np.savez(path, **{name: part for name, part in members.items() if part is not None})

    return write


def pickled(path: Path) -> None:
    """Write Python objects as values."""
    sparse.save_npz(path, X)
    np.savez(path, **dict(np.load(path)) | {"data": np.array([{}] * X.nnz)})


def shortened(path: Path) -> None:
    """Write an archive whose values end too early, unpacked."""
    sparse.save_npz(path, X, compressed=False)
    members = {
        info.filename: zipfile.ZipFile(path).read(info) for info in zipfile.ZipFile(path).infolist()
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content[:-8] if name == "data.npy" else content)


INDPTR = X.indptr.astype(np.int64)
#: How the tenth value is called.
TENTH = "nan in row {}, column {} ".format(*(part[9] for part in X.nonzero()))


@pytest.mark.parametrize(
    ("write", "says"),
    [
        (npz(format=np.array(b"lil")), r"matrix as lil.*matrix\.tocsr\(\)"),
        (lambda path: np.savez(path, X.toarray()), "no array format.*numpy.save"),
        (npz(format=None), "no array format"),
        (npz(format=np.arange(99)), "something else as format"),
        (npz(shape=None), "no array shape"),
        (npz(shape=np.array([N])), "instead of its numbers"),
        (npz(shape=np.array([N, 2**40])), "columns; there must be"),
        (npz(shape=np.array([N - 1, WIDTH])), "39 rows but there are 40 samples"),
        (npz(data=None), "no array data"),
        (npz(data=X.data.astype(complex)), "complex128 as data"),
        (npz(data=X.data.astype(str)), "as data"),
        (npz(data=X.data[:-1]), "lengths that don't fit"),
        (npz(data=X.data[:, None]), "lengths that don't fit"),
        (npz(indices=X.indices + 0.5), "float64 as indices"),
        (npz(indices=X.indices + WIDTH), rf"column \d+ in row 1 .* only {WIDTH}"),
        (npz(indices=X.indices - WIDTH), r"column -\d+ in row 1 "),
        (npz(indptr=INDPTR[:-1]), "lengths that don't fit"),
        (npz(indptr=INDPTR[::-1]), "does not begin with its first value"),
        (npz(indptr=np.r_[INDPTR[:9], 0, INDPTR[10:]]), "end before they begin"),
        (npz(indptr=np.r_[INDPTR[:-1], 2**62]), "end before they begin"),
        (npz(indptr=np.minimum(INDPTR, X.nnz - 1)), "values that no row has"),
        (npz(data=np.where(np.arange(X.nnz) == 9, np.nan, X.data)), TENTH),
        (pickled, "Python objects|as data"),
        (shortened, "damaged, cut off"),
        (lambda path: path.write_bytes(b"PK\x03\x04" + b"x" * 99), "damaged, cut off"),
        (lambda path: path.write_bytes(b""), "damaged, cut off"),
        (lambda path: path.mkdir(), "is a folder"),
    ],
)  # fmt: skip
def test_npz_that_is_no_matrix(task: PrepareTask, write: Callable[[Path], None], says: str) -> None:
    """Damage, other forms and parts that contradict each other are refused with what to do."""
    write(task.root / "a.npz")

    with pytest.raises(InvalidDatasetError, match=says):
        imported(task, "a.npz")

    assert not (task.folder / RECORD).exists()


#: Blocks of different sizes than the matrix has rows, empty ones, and one that is kept twice.
WIDE = sparse.random(N, 12, density=0.2, format="csr", random_state=1)
#: Diagonals at both corners; what `dia` keeps beyond the matrix has values, too.
DIAGONALS = sparse.dia_matrix((np.arange(1.0, 61).reshape(4, 15), [-38, -3, 0, 9]), shape=(N, 11))
TWICE = sparse.coo_matrix(([1.0, 2, 4, -4], ([3, 3, 9, 9], [1, 1, 2, 2])), shape=(N, WIDTH))
FORMS = {
    "coo": X.tocoo(),
    "coo-array": sparse.coo_array(X),
    "coo-twice": TWICE,
    "coo-without-values": sparse.coo_matrix((N, WIDTH)),
    "csc": X.tocsc(),
    "csc-array": sparse.csc_array(X.astype(np.float32)),
    "csc-of-bools": (X > 0.5).tocsc(),
    "bsr": sparse.bsr_matrix(WIDE, blocksize=(4, 3)),
    "bsr-of-single-values": sparse.bsr_matrix(X, blocksize=(1, 1)),
    "bsr-of-one-block": sparse.bsr_matrix(X, blocksize=(N, WIDTH)),
    "dia": DIAGONALS,
}


@pytest.mark.parametrize("matrix", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("band", [1, 9, 10**6])
def test_other_forms_become_rows(
    task: PrepareTask, matrix: Any, band: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever form SciPy wrote, the same matrix is kept as CSR, in however many bands it comes."""
    monkeypatch.setattr(sparse_entries, "BAND_VALUES", band)
    sparse.save_npz(task.root / "a.npz", matrix)

    record = imported(task, "a.npz")

    kept = open_features(task.folder).chunk(0, N)
    assert (record.layout, record.n_features) == ("csr", matrix.shape[1])
    np.testing.assert_array_equal(matrix.toarray().astype(np.float32), kept.toarray())
    assert kept.nnz == np.count_nonzero(matrix.toarray())


def form_of(name: str, **more: Any) -> Callable[[Path], None]:
    """Write one of these forms with members replaced."""

    def write(path: Path) -> None:
        sparse.save_npz(path, FORMS[name])
        np.savez(path, **dict(np.load(path)) | more)

    return write


COO, CSC, BSR = FORMS["coo"], FORMS["csc"], FORMS["bsr"]


@pytest.mark.parametrize(
    ("write", "says"),
    [
        (form_of("coo", row=COO.row + N), rf"value in row \d+ .* only {N} rows"),
        (form_of("coo", row=COO.row - 2), r"value in row -1 .* only"),
        (form_of("coo", col=COO.col + WIDTH), rf"column \d+ in row 1 .* only {WIDTH} columns"),
        (form_of("coo", col=COO.col[:-1]), "lengths that don't fit"),
        (form_of("coo", row=COO.row.astype(float)), "float64 as row"),
        (form_of("coo", data=np.where(np.arange(X.nnz) == 9, np.inf, COO.data)), "inf in row"),
        (form_of("csc", indptr=CSC.indptr[:-1]), "lengths that don't fit"),
        (form_of("csc", indices=CSC.indices + N), "value in row"),
        (form_of("bsr", data=BSR.data[:, :3]), "blocks of 3 × 3, which don't fill it"),
        (form_of("bsr", data=BSR.data[0]), "blocks of shape"),
        (form_of("bsr", indices=BSR.indices + 4), "only 12 columns"),
        (form_of("dia", offsets=np.arange(3)), "lengths that don't fit"),
        (form_of("dia", data=np.asfortranarray(DIAGONALS.data)), r"order of Fortran.*tocsr\(\)"),
    ],
)  # fmt: skip
def test_other_forms_that_are_no_matrix(
    task: PrepareTask, write: Callable[[Path], None], says: str
) -> None:
    """What contradicts itself is refused with its place, and nothing is kept."""
    write(task.root / "a.npz")

    with pytest.raises(InvalidDatasetError, match=says):
        imported(task, "a.npz")

    assert not (task.folder / RECORD).exists()


def test_a_matrix_alone_is_no_dataset(task: PrepareTask) -> None:
    """There is nothing to look at in it, and the message says where it belongs."""
    sparse.save_npz(task.root / "a.npz", X)

    with pytest.raises(InvalidDatasetError, match=r"sparse matrix.*features\.path"):
        inspect(task.root, DatasetSpec(kind="array", path="a.npz"))


@pytest.mark.parametrize("name", ["a.parquet", "a.csv", "a.pkl", "a"])
def test_other_files_are_refused(task: PrepareTask, name: str) -> None:
    """The message names the two kinds of files there are."""
    (task.root / name).write_bytes(b"something")

    assert "numpy.save) or a sparse matrix (.npz" in refused(task, name)


def further(task: PrepareTask, name: str, n: int) -> None:
    """Add texts, with features from a file of the root."""
    (task.root / "more.csv").write_text("text\n" + "".join(f"new {i}\n" for i in range(n)))
    more = replace(
        task,
        start=N,
        first=task.dataset,
        dataset=DatasetSpec(kind="table", path="more.csv"),
        features=FeaturesSpec(kind="precomputed", path=name),
    )
    prepare(more, lambda _phase, _progress: None)


@pytest.mark.parametrize("first", ["csr", "dense"])
@pytest.mark.parametrize("second", ["csr", "dense"])
def test_further_rows_take_the_layout_of_the_first(
    task: PrepareTask, first: str, second: str
) -> None:
    """Rows are added in either form, and stand behind the first ones in theirs."""
    names = {"csr": "a.npz", "dense": "a.npy"}
    sparse.save_npz(task.root / "a.npz", X)
    np.save(task.root / "a.npy", X.toarray())
    imported(task, names[first])

    further(task, names[second], N)

    features = open_features(task.folder)
    assert features.is_sparse == (first == "csr")
    both = features.chunk(0, 2 * N)
    expected = np.vstack([X.toarray()] * 2).astype(np.float32)
    np.testing.assert_array_equal(expected, both.toarray() if first == "csr" else both)
    taken = features.take(np.array([N + 1, 1, N + 3]))
    np.testing.assert_array_equal(expected[[1, 1, 3]], taken.toarray() if first == "csr" else taken)


def test_further_rows_of_another_width_are_refused(task: PrepareTask) -> None:
    """Nothing of them is written: a row of two billion columns would fill the memory."""
    np.save(task.root / "a.npy", X.toarray())
    imported(task, "a.npy")
    wide = sparse.csr_matrix((2, 2**31 - 1))
    sparse.save_npz(task.root / "wide.npz", wide)

    with pytest.raises(
        InvalidDatasetError, match="2,147,483,647 features, those of the project 11"
    ):
        further(task, "wide.npz", 2)


@pytest.mark.parametrize("name", ["a.npz", "coo.npz", "csc.npz", "stream.arrow"])
def test_memory_does_not_grow_with_the_matrix(
    task: PrepareTask, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """20,000 × 200,000 with 50 values a row, 16 GB dense, is imported in some megabytes."""
    monkeypatch.undo()
    n, per_row, width = 20_000, 50, 200_000
    rng = np.random.default_rng(0)
    columns = rng.integers(0, width, n * per_row).astype(np.int32)
    values = rng.random(n * per_row, dtype=np.float32)
    (task.root / "texts.csv").write_text("text\n" + "some text\n" * n)
    ends = np.arange(0, n * per_row + 1, per_row, dtype=np.int32)
    if name.endswith(".npz"):
        form = name.removesuffix(".npz").replace("a", "csr")
        matrix = sparse.csr_matrix((values, columns, ends), shape=(n, width)).asformat(form)
        sparse.save_npz(task.root / name, matrix)
        del matrix
    else:
        parts = [pa.ListArray.from_arrays(pa.array(ends), pa.array(p)) for p in (columns, values)]
        table = pa.table(parts, names=["columns", "values"])
        table = table.replace_schema_metadata({"shape": json.dumps([n, width])})
        with pa.ipc.new_stream(task.root / name, table.schema) as stream:
            stream.write_table(table, max_chunksize=1000)

    # The whole process, for Arrow's memory is not Python's.
    with peak_memory() as peak:
        record = imported(task, name)

    size = sum(path.stat().st_size for path in (task.folder / FEATURES).iterdir())
    assert record.n_features == width
    assert peak.above < 200
    assert size < 1.2 * 8 * n * per_row
