from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sklearn.datasets import load_digits

from jupyterlab_al.datasets.bundles import IMAGE_INFO, ROW
from jupyterlab_al.datasets.description import DatasetSpec, DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.features import open_features
from jupyterlab_al.datasets.pool import SamplePool
from jupyterlab_al.datasets.prepare import Prepared, PrepareTask, prepare
from jupyterlab_al.datasets.record import RECORD
from jupyterlab_al.datasets.series import SERIES
from jupyterlab_al.domain.errors import (
    ActiveLearningError,
    InvalidDatasetError,
    InvalidSettingError,
    PathOutsideRootError,
)

Prepare = Callable[..., Prepared]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make the folder that data lies in."""
    (tmp_path / "root").mkdir()
    return tmp_path / "root"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where the project's folder will be."""
    return tmp_path / "projects" / "1"


@pytest.fixture
def run(root: Path, folder: Path) -> Prepare:
    """Prepare a file of the root as a body of `POST projects` says."""

    def prepared(path: str, kind: str = "table", **body: Any) -> Prepared:
        dataset = {"kind": kind, "path": path, "array": body.pop("array", None)}
        dataset["key_column"] = body.pop("key_column", None)
        task = PrepareTask(
            folder=folder,
            root=root,
            dataset=DatasetSpec.from_json(dataset),
            display=DisplaySpec.from_json(body.pop("display", None)),
            features=FeaturesSpec.from_json(body.pop("features", None)),
            **body,
        )
        return prepare(task, lambda phase, progress: None)

    return prepared


def refused(run: Prepare, *arguments: Any, **body: Any) -> str:
    """Return the message with which an import is refused."""
    with pytest.raises(ActiveLearningError) as caught:
        run(*arguments, **body)
    return caught.value.message


REVIEWS = [
    f"I find review {n} of thing {n % 7} rather {'good' if n % 2 else 'bad'}" for n in range(60)
]


class TestTable:
    """Files of rows."""

    @pytest.fixture
    def reviews(self, root: Path) -> str:
        """Write a table of texts, some of them empty, some labeled."""
        texts = [*REVIEWS, "", None]
        labels = ["good", "bad"] * 5 + [None, ""] * 26
        ids = [f"r{n:03}" for n in range(62)]
        pq.write_table(pa.table({"id": ids, "text": texts, "label": labels}), root / "r.parquet")
        return "r.parquet"

    def test_text_is_shown_and_becomes_sparse_features(
        self, run: Prepare, reviews: str, folder: Path
    ) -> None:
        """A table with a text is ready with its text and TF-IDF rows of length one."""
        prepared = run(reviews)

        pool, features = SamplePool.open(folder), open_features(folder)
        assert prepared.display == DisplaySpec(kind="text", column="text")
        assert prepared.features == FeaturesSpec(kind="text", column="text")
        assert pool.n_samples == prepared.n_samples == 62
        assert pool.display(3) == {"text/plain": REVIEWS[3]}
        assert features.is_sparse
        assert features.shape == (62, prepared.n_features)
        norms = np.sqrt(features.chunk(0, 62).power(2).sum(axis=1)).A1
        np.testing.assert_allclose(norms, [1.0] * 60 + [0.0] * 2, atol=1e-6)

    def test_empty_texts_stay_and_are_counted(
        self, run: Prepare, reviews: str, folder: Path
    ) -> None:
        """No row is dropped: sample n is row n, and empty ones are spoken of."""
        prepared = run(reviews)

        assert SamplePool.open(folder).display(61) == {"text/plain": ""}
        assert any("Of 62 rows, 2 rows have no text" in said for said in prepared.problems)

    def test_labels_that_are_there_are_imported(self, run: Prepare, reviews: str) -> None:
        """A label column gives labels by position, its classes, and no label where it is empty."""
        prepared = run(reviews, label_column="label")

        assert prepared.classes == ("bad", "good")
        assert prepared.imported.sample_ids.tolist() == list(range(10))
        assert prepared.imported.labels == ["good", "bad"] * 5

    def test_labels_are_imported_on_request_only(self, run: Prepare, reviews: str) -> None:
        """Without a label column no label is taken, and the answer is still not learned from."""
        prepared = run(reviews)

        assert (prepared.classes, len(prepared.imported.labels)) == ((), 0)
        assert any('"label" looks like the answer' in said for said in prepared.problems)

    def test_samples_are_known_by_their_key(self, run: Prepare, reviews: str, folder: Path) -> None:
        """The key column names the samples."""
        run(reviews, key_column="id")

        assert SamplePool.open(folder).keys([61, 0]) == ["r061", "r000"]

    def test_keys_keep_their_zeros(self, run: Prepare, root: Path, folder: Path) -> None:
        """Keys in a CSV file are never read as numbers."""
        (root / "a.csv").write_text("id,x\n007,1\n008,2\n")
        run("a.csv", key_column="id")

        assert SamplePool.open(folder).keys([0, 1]) == ["007", "008"]

    def test_keys_that_repeat_or_miss_are_spoken_of(self, run: Prepare, root: Path) -> None:
        """Two samples of one key, or a sample without one, are said to be there."""
        table = pa.table({"id": ["a", "a", None, "b"], "x": [1, 2, 3, 4]})
        pq.write_table(table, root / "a.parquet")

        said = " ".join(run("a.parquet", key_column="id").problems)

        assert '1 rows repeat a value of "id"' in said
        assert '1 rows have no value in "id"' in said

    def test_numbers_dates_and_categories_become_dense_features(
        self, run: Prepare, root: Path, folder: Path
    ) -> None:
        """Columns are scaled, filled in and one-hot encoded; no value is NaN."""
        at = [datetime(2024, 1, 1 + n % 28, tzinfo=UTC) for n in range(40)]
        columns = {
            "n": pa.array([n if n % 10 else None for n in range(40)]),
            "inf": pa.array([float("inf") if n == 3 else float(n) for n in range(40)]),
            "huge": pa.array([1e300 if n == 3 else 1.0 for n in range(40)]),
            "yes": pa.array([n % 2 == 0 for n in range(40)]),
            "at": pa.array(at, pa.timestamp("ns", "UTC")),
            "color": pa.array([("red", "blue", None)[n % 3] for n in range(40)]),
            "empty": pa.nulls(40, pa.float64()),
        }
        pq.write_table(pa.table(columns), root / "a.parquet")

        prepared = run("a.parquet")

        X = open_features(folder).chunk(0, 40)
        assert prepared.features.kind == "columns"
        assert prepared.features.columns == ("n", "inf", "huge", "yes", "at", "color")
        assert X.dtype == np.float32
        assert np.isfinite(X).all()
        # Five numbers, two that say which were missing, three categories.
        assert prepared.n_features == X.shape[1] == 10
        assert np.abs(X[:, :5].mean(axis=0)).max() < 1e-5
        assert X[:, 7:].sum(axis=1).tolist() == [1.0] * 40
        assert any("1 cell holds an infinite number" in said for said in prepared.problems)

    def test_a_column_of_thousands_of_categories_stays_narrow(
        self, run: Prepare, root: Path
    ) -> None:
        """Rare categories share a feature, so that the width has a bound."""
        table = pa.table({"x": range(5000), "city": [f"city {n % 2000}" for n in range(5000)]})
        pq.write_table(table, root / "a.parquet")

        assert run("a.parquet").n_features <= 40

    def test_a_constant_column_does_no_harm(self, run: Prepare, root: Path, folder: Path) -> None:
        """A column in which all values are the same gives zeros, not NaN."""
        (root / "a.csv").write_text("a,b\n" + "".join(f"5,{n}\n" for n in range(9)))
        run("a.csv")

        assert open_features(folder).chunk(0, 9)[:, 0].tolist() == [0.0] * 9

    def test_features_can_be_brought_along(
        self, run: Prepare, reviews: str, root: Path, folder: Path
    ) -> None:
        """Precomputed features are taken as they are, as float32."""
        X = np.arange(62 * 3, dtype=np.float64).reshape(62, 3)
        np.save(root / "x.npy", X)

        prepared = run(reviews, features={"kind": "precomputed", "path": "x.npy"})

        assert prepared.display.column == "text"
        np.testing.assert_array_equal(open_features(folder).chunk(0, 62), X.astype(np.float32))

    def test_features_brought_along_must_fit(self, run: Prepare, reviews: str, root: Path) -> None:
        """Precomputed features with another number of rows, or NaN, are refused."""
        np.save(root / "x.npy", np.zeros((61, 3)))
        features = {"kind": "precomputed", "path": "x.npy"}
        assert "x.npy has 61 rows but there are 62 samples" in refused(
            run, reviews, features=features
        )

        np.save(root / "x.npy", np.full((62, 3), np.nan))
        assert "x.npy has nan in row 0" in refused(run, reviews, features=features)

    @pytest.mark.parametrize(
        "texts",
        [
            ["とても良い商品でした。また買います。", "壊れていました。返品したいです。"] * 5,
            ["!!! ??? ...", "((( ))) ,,,"] * 5,
            ["a b c d e f", "x y z u v w"] * 5,
            ["😀 😀 😀 😀 😀", "😢 😢 😢 😢 😢"] * 5,
        ],
    )
    def test_texts_without_words_have_features_too(
        self, run: Prepare, root: Path, folder: Path, texts: list[str]
    ) -> None:
        """Scripts without spaces, signs and emoji are told apart by their characters."""
        pq.write_table(pa.table({"text": texts}), root / "a.parquet")
        run("a.parquet", features={"kind": "text", "column": "text"})

        X = open_features(folder).chunk(0, 10).toarray()
        assert np.abs(X[0] - X[1]).max() > 0
        np.testing.assert_array_equal(X[0], X[2])

    def test_several_labels_a_sample_are_imported(self, run: Prepare, root: Path) -> None:
        """A multi-label project reads lists, JSON lists and names with separators."""
        rows = [
            {"x": 1, "labels": "a;b"},
            {"x": 2, "labels": '["c", "a"]'},
            {"x": 3, "labels": ""},
            {"x": 4, "labels": "b, b"},
        ]
        (root / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))

        prepared = run("a.jsonl", label_column="labels", multi_label=True)

        assert prepared.imported.labels == [["a", "b"], ["c", "a"], ["b"]]
        assert prepared.imported.sample_ids.tolist() == [0, 1, 3]
        assert prepared.classes == ("a", "b", "c")

    def test_lists_of_labels_need_a_multi_label_project(self, run: Prepare, root: Path) -> None:
        """A single-label project refuses a column of lists."""
        table = pa.table({"x": [1, 2], "tags": [["a"], ["a", "b"]]})
        pq.write_table(table, root / "a.parquet")

        assert "make the project multi-label" in refused(run, "a.parquet", label_column="tags")

    def test_whole_numbers_are_classes_without_a_point(self, run: Prepare, root: Path) -> None:
        """A label 1.0 from a column with gaps is the class 1."""
        pq.write_table(pa.table({"x": [1, 2, 3], "y": [1.0, None, 0.0]}), root / "a.parquet")

        prepared = run("a.parquet", label_column="y")

        assert (prepared.classes, prepared.imported.labels) == (("0", "1"), ["1", "0"])

    def test_a_column_of_texts_is_no_label_column(self, run: Prepare, root: Path) -> None:
        """Values too long for the name of a class name their row."""
        pq.write_table(pa.table({"x": [1, 2], "t": ["a", "b" * 201]}), root / "a.parquet")

        assert "Row 2 has a label of more than 200 characters" in refused(
            run, "a.parquet", label_column="t"
        )

    def test_types_that_widen_late_lose_no_row(
        self, run: Prepare, root: Path, folder: Path
    ) -> None:
        """A file whose columns change their type half way is imported whole."""
        lines = [f"{n},{'x' * 60}" for n in range(40_000)] + ["n/k,y"]
        (root / "a.csv").write_text("n,t\n" + "\n".join(lines))

        run("a.csv", display={"kind": "row", "columns": ["n"]})

        pool = SamplePool.open(folder)
        assert pool.n_samples == 40_001
        assert [pool.display(i)[ROW][0][1] for i in (0, 39_999, 40_000)] == ["0", "39999", "n/k"]

    @pytest.mark.parametrize(
        ("content", "body", "says"),
        [
            ("", {}, "is empty"),
            ("a,b\n", {}, "no rows"),
            ("a,a\n1,2\n", {}, 'more than one column named "a"'),
            ("a,b\n1\n", {}, "Row 2"),
            ("a,b\n1,2\n", {"label_column": "c"}, 'no column "c"'),
            ("a,b\n1,2\n", {"display": {"kind": "text", "column": "z"}}, 'no column "z"'),
            ("a,b\n1,2\n", {"features": {"kind": "pixels"}}, "can't be made from a table"),
            ("t\n''\n\"\"\n", {"features": {"kind": "text", "column": "u"}}, 'no column "u"'),
            ('t,n\n"",1\n"",2\n', {"features": {"kind": "text", "column": "t"}}, "texts are empty"),
        ],
    )
    def test_what_cannot_be_used_is_refused_and_leaves_nothing(
        self, run: Prepare, root: Path, folder: Path, content: str, body: Any, says: str
    ) -> None:
        """An import that fails says why and leaves no file that could be taken for a pool."""
        (root / "a.csv").write_text(content)

        assert says in refused(run, "a.csv", **body)
        assert list(folder.iterdir()) == []

    def test_a_quote_never_closed_is_spoken_of(self, run: Prepare, root: Path) -> None:
        """A quote that swallows the rows after it does not do so in silence."""
        (root / "a.csv").write_text('a,b\n1,"x\n2,y\n3,z\n')

        assert "odd number of double quotes" in run("a.csv").problems[0]


class TestArray:
    """Files of numbers."""

    def test_rows_are_features_and_are_shown(self, run: Prepare, root: Path, folder: Path) -> None:
        """A 2-D array is learned from as it is."""
        X = np.arange(12, dtype=np.float64).reshape(4, 3)
        np.save(root / "x.npy", X)

        prepared = run("x.npy", "array")

        assert (prepared.display.kind, prepared.features.kind) == ("row", "array")
        assert SamplePool.open(folder).display(1)[ROW] == [["0", 3.0], ["1", 4.0], ["2", 5.0]]
        np.testing.assert_array_equal(open_features(folder).chunk(0, 4), X)

    @pytest.mark.parametrize(
        "make",
        [
            lambda X: X.astype(np.float32),
            lambda X: np.asfortranarray(X),
            lambda X: X.astype(">f8"),
            lambda X: X.astype(np.float16),
            lambda X: X.astype(np.int64),
            lambda X: X.astype(np.uint8),
        ],
    )
    def test_every_kind_of_number_is_read(
        self, run: Prepare, root: Path, folder: Path, make: Callable[[Any], Any]
    ) -> None:
        """Order, byte order and width of the numbers don't change the features."""
        X = make(np.arange(600).reshape(200, 3) % 97)
        np.save(root / "x.npy", X)
        run("x.npy", "array")

        np.testing.assert_array_equal(
            open_features(folder).take(np.array([199, 0])), X[[199, 0]].astype(np.float32)
        )
        assert SamplePool.open(folder).display(7)[ROW][0] == ["0", X[7, 0].item()]

    def test_a_list_of_numbers_is_rows_of_one(self, run: Prepare, root: Path, folder: Path) -> None:
        """A 1-D array has one value a sample."""
        np.save(root / "x.npy", np.arange(5.0))

        assert run("x.npy", "array").n_features == 1
        assert open_features(folder).shape == (5, 1)

    def test_the_one_array_of_an_archive_is_read(
        self, run: Prepare, root: Path, folder: Path
    ) -> None:
        """A .npz with one array is as good as a .npy, and is left as it was."""
        X = np.arange(12, dtype=np.float32).reshape(4, 3)
        np.savez_compressed(root / "x.npz", X)
        before = (root / "x.npz").read_bytes()

        run("x.npz", "array")

        np.testing.assert_array_equal(open_features(folder).chunk(0, 4), X)
        assert (root / "x.npz").read_bytes() == before
        assert not (folder / "unpacked.npy").exists()

    def test_images_are_shown_and_scaled(self, run: Prepare, root: Path, folder: Path) -> None:
        """A 3-D array is images; their pixels go from 0 to 1."""
        images = np.zeros((3, 4, 5), dtype=np.uint8)
        images[1] = 255
        np.save(root / "x.npy", images)

        prepared = run("x.npy", "array")

        assert (prepared.display.kind, prepared.features.kind) == ("image", "pixels")
        assert SamplePool.open(folder).display(1)[IMAGE_INFO] == {"width": 5, "height": 4}
        assert open_features(folder).chunk(0, 3).sum(axis=1).tolist() == [0.0, 20.0, 0.0]

    @pytest.mark.parametrize("channels_first", [False, True])
    def test_large_images_are_averaged_for_the_model(
        self, run: Prepare, root: Path, folder: Path, *, channels_first: bool
    ) -> None:
        """Images of 150 pixels are learned from at 50, shown in full, and a sentence says so."""
        images = np.random.default_rng(0).integers(0, 256, (2, 150, 100, 3), dtype=np.uint8)
        stored = np.moveaxis(images, -1, 1) if channels_first else images
        np.save(root / "x.npy", stored)

        prepared = run("x.npy", "array")

        X = open_features(folder).chunk(0, 2).reshape(2, 50, 34, 3)
        expected = images[1, 3:6, 6:9].mean(axis=(0, 1)) / 255
        np.testing.assert_allclose(X[1, 1, 2], expected, rtol=1e-5)
        assert SamplePool.open(folder).display(0)[IMAGE_INFO] == {"width": 100, "height": 150}
        assert "reduced to 50 × 34" in prepared.problems[0]

    @pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e200])
    def test_what_is_not_finite_is_named(self, run: Prepare, root: Path, value: float) -> None:
        """NaN, infinity and what float32 can't hold name row and position."""
        X = np.zeros((9, 4))
        X[7, 2] = value
        np.save(root / "x.npy", X)

        assert f"x.npy has {value} in row 7, position (2,)" in refused(run, "x.npy", "array")

    @pytest.mark.parametrize(
        ("array", "says"),
        [
            (np.array(["a", "b"]), "not numbers"),
            (np.zeros(3, dtype=[("a", "f4")]), "not numbers"),
            (np.zeros((2, 2), dtype=complex), "not numbers"),
            (np.array(["2024-01-01"], dtype="M8[D]"), "not numbers"),
            (np.zeros(()), "0 dimensions"),
            (np.zeros((2, 2, 2, 2, 2)), "5 dimensions"),
            (np.zeros((2, 5, 5, 5)), "1, 3 or 4 channels"),
            (np.zeros((0, 4)), "no values"),
            (np.zeros((4, 0)), "no values"),
        ],
    )
    def test_what_is_no_sample_is_refused(
        self, run: Prepare, root: Path, array: Any, says: str
    ) -> None:
        """Texts, records, complex numbers and odd shapes say what is needed."""
        np.save(root / "x.npy", array)

        assert says in refused(run, "x.npy", "array")

    def test_a_pickle_is_never_opened(self, run: Prepare, root: Path) -> None:
        """An array of objects, or a pickle by another name, is refused unread."""
        np.save(root / "x.npy", np.array([{}, "a"], dtype=object), allow_pickle=True)
        assert "a pickle" in refused(run, "x.npy", "array")

        (root / "x.npy").write_bytes(b"\x80\x04K\x01.")
        assert "a pickle" in refused(run, "x.npy", "array")

        np.savez(root / "x.npz", np.array([{}], dtype=object))
        assert "a pickle" in refused(run, "x.npz", "array")

    def test_a_header_that_lies_allocates_nothing(self, run: Prepare, root: Path) -> None:
        """A small file whose header claims a terabyte is refused."""
        np.save(root / "x.npy", np.zeros((10, 10)))
        content = (root / "x.npy").read_bytes()
        lie = content.replace(b"(10, 10), }        ", b"(999999, 999999), }")
        assert lie != content
        (root / "x.npy").write_bytes(lie)

        assert "cut off" in refused(run, "x.npy", "array")

    @pytest.mark.parametrize("damage", ["deflate", "none"])
    def test_a_damaged_archive_is_refused(self, run: Prepare, root: Path, damage: str) -> None:
        """Bytes changed inside, or no array at all, name the file."""
        if damage == "none":
            zipfile.ZipFile(root / "x.npz", "w").close()
        else:
            np.savez_compressed(root / "x.npz", X=np.arange(50.0).reshape(10, 5))
            content = bytearray((root / "x.npz").read_bytes())
            content[45:75] = bytes(30)
            (root / "x.npz").write_bytes(content)

        assert "x.npz" in refused(run, "x.npz", "array")

    @pytest.mark.parametrize("content", [b"", b"rubbish", b"\x93NUMPY\x01\x00", b"PK\x03\x04xx"])
    @pytest.mark.parametrize("name", ["x.npy", "x.npz"])
    def test_rubbish_is_refused(self, run: Prepare, root: Path, name: str, content: bytes) -> None:
        """Bytes that are no array name the file."""
        (root / name).write_bytes(content)

        assert name in refused(run, name, "array")

    def test_an_archive_of_several_arrays_names_them(self, run: Prepare, root: Path) -> None:
        """A .npz with two arrays can't tell which one is meant; the names say what to choose."""
        np.savez(root / "x.npz", X=np.zeros((2, 2)), y=np.zeros(2))

        said = refused(run, "x.npz", "array")

        assert "holds 2 arrays (X, y); name the one to label by dataset.array" in said
        assert "no array z; there is X, y" in refused(run, "x.npz", "array", array="z")

    def test_one_of_several_arrays_is_read(self, run: Prepare, root: Path, folder: Path) -> None:
        """The array that was named is imported, the others are left alone."""
        np.savez(root / "x.npz", y=np.zeros(3), X=np.arange(6.0).reshape(3, 2))

        run("x.npz", "array", array="X")

        assert open_features(folder).chunk(0, 3).tolist() == [[0, 1], [2, 3], [4, 5]]

    def test_a_file_of_one_array_has_no_names(self, run: Prepare, root: Path) -> None:
        """A name for the array of a .npy is refused rather than ignored."""
        np.save(root / "x.npy", np.zeros((2, 2)))

        assert "leave dataset.array out" in refused(run, "x.npy", "array", array="X")

    def test_rows_are_shown_as_lines_where_asked(
        self, run: Prepare, root: Path, folder: Path
    ) -> None:
        """Any row of several numbers can be a series; nobody asked means numbers."""
        np.save(root / "short.npy", np.arange(6.0).reshape(3, 2))
        np.save(root / "long.npy", np.arange(120.0).reshape(3, 40))

        run("short.npy", "array", display={"kind": "series"})
        short, content = SamplePool.open(folder).display(1), SamplePool.open(folder).content(1)
        as_line = run("long.npy", "array", display={"kind": "series"}).display.kind
        as_numbers = run("long.npy", "array").display.kind

        assert short[SERIES] == {"length": 2, "values": [2.0, 3.0]}
        assert content == (b"[2.0, 3.0]", "application/json")
        assert (as_line, as_numbers) == ("series", "row")

    def test_a_picture_is_no_series(self, run: Prepare, root: Path) -> None:
        """Images and single numbers can't be lines; the message says what they can be."""
        np.save(root / "images.npy", np.zeros((2, 4, 4)))
        np.save(root / "single.npy", np.zeros(2))

        for name, use in (("images.npy", "use image"), ("single.npy", "use row")):
            assert use in refused(run, name, "array", display={"kind": "series"})

    def test_an_archive_that_would_fill_the_disk_is_refused(
        self, run: Prepare, root: Path, folder: Path
    ) -> None:
        """An archive that unpacks to more than the disk holds is refused before it does."""
        with zipfile.ZipFile(root / "x.npz", "w") as archive:
            archive.writestr("x.npy", b"12345678")
        content = bytearray((root / "x.npz").read_bytes())
        at = content.index(b"PK\x01\x02") + 24
        content[at : at + 4] = (2**32 - 2).to_bytes(4, "little")
        (root / "x.npz").write_bytes(content)

        assert "x.npz" in refused(run, "x.npz", "array")
        assert list(folder.iterdir()) == []

    @pytest.mark.parametrize(
        "body",
        [
            {"key_column": "id"},
            {"label_column": "y"},
            {"display": {"kind": "text", "column": "t"}},
        ],
    )
    def test_an_array_has_no_columns(self, run: Prepare, root: Path, body: Any) -> None:
        """Columns can't be named for an array."""
        np.save(root / "x.npy", np.zeros((2, 2)))

        assert "An array has no columns" in refused(run, "x.npy", "array", **body)

    @pytest.mark.parametrize(
        "body", [{"display": {"kind": "image"}}, {"features": {"kind": "text"}}]
    )
    def test_what_an_array_cannot_give_is_refused(
        self, run: Prepare, root: Path, body: Any
    ) -> None:
        """Kinds of display and features that need something else say what can be had."""
        np.save(root / "x.npy", np.zeros((2, 2)))

        with pytest.raises(InvalidSettingError, match="can't be made from this array"):
            run("x.npy", "array", **body)


class TestEveryDataset:
    """What holds whatever the data is."""

    def test_the_demo_is_the_digits_that_scikit_learn_ships(
        self, run: Prepare, folder: Path
    ) -> None:
        """The digits are images with known classes and no labels."""
        prepared = run("digits", "demo")

        X = open_features(folder).chunk(0, 1797)
        assert prepared.classes == tuple("0123456789")
        assert (prepared.n_samples, prepared.n_features) == (1797, 64)
        assert len(prepared.imported.labels) == 0
        np.testing.assert_allclose(X, load_digits().data / 16, atol=1e-6)
        assert SamplePool.open(folder).display(0)[IMAGE_INFO] == {"width": 8, "height": 8}

    def test_an_upload_is_read_by_its_id(self, run: Prepare, root: Path, folder: Path) -> None:
        """An uploaded Arrow stream or array is a dataset like any other."""
        table = pa.table({"text": REVIEWS})
        with pa.ipc.new_stream(root / "3f.arrow", table.schema) as writer:
            writer.write_table(table)
        task = PrepareTask(
            folder=folder,
            root=root,
            dataset=DatasetSpec.from_json({"kind": "upload", "upload_id": "3f.arrow"}),
        )

        assert prepare(task, lambda phase, progress: None).n_samples == 60

    @pytest.mark.parametrize("kind", ["table", "array", "upload"])
    def test_a_dataset_never_lies_outside_the_root(
        self, root: Path, folder: Path, kind: str
    ) -> None:
        """A path out of the root, also of an upload, is refused when the worker reads it."""
        (root.parent / "secret.csv").write_text("a\n1\n")
        (root / "link.csv").symlink_to(root.parent / "secret.csv")
        where = "upload" if kind == "upload" else "path"
        for path in ("../secret.csv", "link.csv"):
            task = PrepareTask(
                folder=folder, root=root, dataset=DatasetSpec(kind=kind, **{where: path})
            )
            with pytest.raises(PathOutsideRootError):
                prepare(task, lambda phase, progress: None)

    def test_precomputed_features_never_lie_outside_the_root(
        self, run: Prepare, root: Path
    ) -> None:
        """The path of features is held to the root as well."""
        (root / "a.csv").write_text("a\n1\n")
        np.save(root.parent / "x.npy", np.zeros((1, 1)))

        with pytest.raises(PathOutsideRootError):
            run("a.csv", features={"kind": "precomputed", "path": "../x.npy"})

    @pytest.mark.parametrize(
        ("kind", "name", "says"),
        [
            ("table", "x.npy", "use dataset.kind array"),
            ("array", "a.csv", "Use dataset.kind table"),
            ("images", "a.csv", "is a folder of pictures"),
            ("array", "folder", "is a folder"),
        ],
    )
    def test_the_wrong_kind_says_which_is_right(
        self, run: Prepare, root: Path, kind: str, name: str, says: str
    ) -> None:
        """A file of another kind than said names the kind to use."""
        (root / "folder").mkdir()
        (root / "a.csv").write_text("a\n1\n")
        np.save(root / "x.npy", np.zeros((2, 2)))

        assert says in refused(run, name, kind)

    def test_progress_goes_forward_through_both_phases(self, root: Path, folder: Path) -> None:
        """Reading goes to 1, then featurizing goes to 1."""
        (root / "a.csv").write_text("a\n" + "1\n" * 50_000)
        seen: list[tuple[str, float]] = []
        task = PrepareTask(
            folder=folder, root=root, dataset=DatasetSpec(kind="table", path="a.csv")
        )

        prepare(task, lambda phase, progress: seen.append((phase, progress)))

        assert seen == sorted(seen, key=lambda step: (step[0] != "read", step[1]))
        assert [max(p for phase, p in seen if phase == name) for name in ("read", "featurize")] == [
            1.0,
            1.0,
        ]

    def test_preparing_again_replaces_what_was_there(
        self, run: Prepare, root: Path, folder: Path
    ) -> None:
        """A second import, after a crash say, leaves nothing of the first."""
        (root / "a.csv").write_text("a\n1\n2\n")
        np.save(root / "x.npy", np.zeros((3, 2)))
        run("a.csv")

        run("x.npy", "array")

        assert sorted(p.name for p in folder.iterdir()) == [RECORD, "features", "samples.npy"]

    def test_an_import_that_stops_leaves_no_pool(self, root: Path, folder: Path) -> None:
        """An import interrupted half way can't be opened."""
        (root / "a.csv").write_text("a\n1\n2\n")
        task = PrepareTask(
            folder=folder, root=root, dataset=DatasetSpec(kind="table", path="a.csv")
        )

        def interrupt(phase: str, progress: float) -> None:
            if phase == "featurize":
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            prepare(task, interrupt)

        with pytest.raises(InvalidDatasetError):
            SamplePool.open(folder)

    def test_a_full_disk_says_so(self, root: Path, folder: Path) -> None:
        """When no byte more can be written, nothing is kept and the message says why."""
        pq.write_table(pa.table({"t": REVIEWS * 500}), root / "a.parquet")
        program = f"""
import resource, signal
from pathlib import Path
from jupyterlab_al.datasets.description import DatasetSpec
from jupyterlab_al.datasets.prepare import PrepareTask, prepare
from jupyterlab_al.domain.errors import ActiveLearningError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
task = PrepareTask(
    folder=Path({str(folder)!r}), root=Path({str(root)!r}),
    dataset=DatasetSpec(kind="table", path="a.parquet"),
)
try:
    prepare(task, lambda phase, progress: None)
except ActiveLearningError as error:
    print(error.word)
"""

        said = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        )

        assert said.stdout.strip() == "disk_full"
        assert list(folder.iterdir()) == []
