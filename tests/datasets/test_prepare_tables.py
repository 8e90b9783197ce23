"""Imports of tables: what is shown, learned from and taken as labels."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jupyterlab_al.datasets import column_encoder
from jupyterlab_al.datasets.bundles import ROW
from jupyterlab_al.datasets.description import DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.features import open_features
from jupyterlab_al.datasets.pool import SamplePool
from tests.datasets.conftest import REVIEWS, Prepare, refused


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
        self, run: Prepare, root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Columns are scaled, filled in and one-hot encoded; no value is NaN."""
        monkeypatch.setattr(column_encoder, "find_spec", lambda _name: None)
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
