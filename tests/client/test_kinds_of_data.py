"""Whatever holds samples in a notebook becomes a project, or is refused with what to do."""

from __future__ import annotations

import datetime
import re
import uuid
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from scipy.sparse import csr_matrix

import jupyterlab_al as al
from benchmarks.servers import Place, RunningServer
from tests.client.conftest import MODELS
from tests.datasets.toy_models import Encoder

pytestmark = pytest.mark.usefixtures("connected")

CLASSES = ["x", "y"]
TEXTS = ["one text", "another text", "a third", "the fourth"]


def made(request: pytest.FixtureRequest, data: Any, **settings: Any) -> al.Project:
    """Return a project of some data, named after the test."""
    return al.create(named(request), data, classes=CLASSES, **settings)


def named(request: pytest.FixtureRequest) -> str:
    """Return a name that no other test uses."""
    return re.sub(r"[^a-z]+", "-", request.node.name).strip("-")


class Capsule:
    """What any library of tables offers to others: a stream of Arrow batches."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self._table.__arrow_c_stream__(requested_schema)


class TestTables:
    @pytest.mark.parametrize(
        "data",
        [
            pl.DataFrame({"text": TEXTS, "n": [1, None, 3, 4]}),
            pa.table({"text": pa.array(TEXTS, pa.large_string()), "n": [1, None, 3, 4]}),
            pa.table({"text": pa.array(TEXTS, pa.string_view()), "n": [1, 2, 3, 4]}),
            Capsule(pa.table({"text": TEXTS, "n": [1, 2, 3, 4]})),
            pa.table({"text": TEXTS, "n": [1, 2, 3, 4]}).to_batches()[0],
            {"text": TEXTS, "n": [1, 2, 3, 4]},
            pd.DataFrame({"text": pd.Categorical(TEXTS), "n": pd.array([1, None, 3, 4], "Int64")}),
        ],
        ids=["polars", "large", "views", "capsule", "batch", "dict", "extension-types"],
    )
    def test_tables_of_other_libraries(self, data: Any, request: pytest.FixtureRequest) -> None:
        """Columns arrive by name, and samples are known by their position."""
        project = made(request, data, text="text")

        project.label({0: "x", 3: "y"})

        assert project.status["n_samples"] == 4
        assert project.labels().to_dict() == {0: "x", 3: "y"}

    @pytest.mark.parametrize("kind", [pa.table, pa.record_batch])
    def test_arrow_columns_of_numbers_keep_their_names(self, kind: Any) -> None:
        """A table is one whatever its columns hold: numbers alone, or with times of any unit."""
        data = kind({"price": [1, 2, 3, 4], "at": pa.array([0, 1, 2, 3], pa.timestamp("ns"))})

        project = al.create(f"kind-arrow-{kind.__name__}", data, classes=CLASSES)

        assert project.status["features"] == {"kind": "columns", "columns": ["price", "at"]}
        assert project.status["display"] == {"kind": "row", "columns": ["price", "at"]}

    @pytest.mark.parametrize(
        "data",
        [
            pl.Series("review", TEXTS),
            pl.Series("review", TEXTS, dtype=pl.Categorical),
            pa.array(TEXTS, pa.large_string()),
            pa.array(TEXTS),
            pa.chunked_array([TEXTS[:2], TEXTS[2:]]),
            pd.Series(TEXTS, name="review"),
            pd.Series(TEXTS, dtype="category"),
            pd.Index(TEXTS),
            tuple(TEXTS),
            [*TEXTS[:3], None],
        ],
        ids=[
            "polars",
            "polars-category",
            "large",
            "array",
            "chunks",
            "named",
            "category",
            "index",
            "tuple",
            "gap",
        ],
    )
    def test_texts_alone(self, data: Any, request: pytest.FixtureRequest) -> None:
        """One column of texts is shown and learned from without being named."""
        project = made(request, data)

        status = project.status
        assert (status["display"]["kind"], status["features"]["kind"]) == ("text", "text")
        assert status["n_samples"] == 4

    def test_pages_alone_are_drawn(self) -> None:
        """A list of HTML is shown as pages, unless somebody names the column as text."""
        pages = [f"<p>page <b>{n}</b> of all</p>" for n in range(4)]

        project = al.create("kind-pages", pages, classes=CLASSES)
        read = al.create("kind-read", {"page": pages}, text="page", classes=CLASSES)

        assert project.status["display"] == {"kind": "mime", "column": "text"}
        assert project.status["features"]["kind"] == "text"
        assert read.status["display"] == {"kind": "text", "column": "page"}

    def test_numbers_of_a_series_are_no_texts(self) -> None:
        """A Series of numbers is one column, learned from as numbers."""
        project = al.create("kind-numbers", pd.Series([1.5, 2.5, 9.0], name="weight"))

        assert project.status["features"] == {"kind": "columns", "columns": ["weight"]}

    def test_features_made_on_the_server_are_named(self) -> None:
        """A mapping says how, in the words of a project's description."""
        frame = pd.DataFrame({"text": TEXTS, "price": [1.0, 2, 3, 4], "shop": list("aabb")})
        said = {"kind": "columns", "columns": ["price"]}

        project = al.create("kind-said", frame, text="text", features=said, classes=CLASSES)
        project.label({0: "x", 1: "y", 2: "x", 3: "y"})
        project.retrain()

        assert project.status["features"] == said
        assert project.status["display"]["column"] == "text"
        assert project.estimator().n_features_in_ == 1

    def test_texts_go_through_a_model_of_ones_own(self) -> None:
        """Named by its import path, it makes the features of old and further texts."""
        frame = pd.DataFrame({"review": [f"{'good' if i % 2 else 'bad'} {i}" for i in range(20)]})
        said = {"kind": "embedding", "model": f"{MODELS}:Encoder"}

        project = al.create("kind-model", frame, text="review", features=said, classes=CLASSES)
        project.add(pd.DataFrame({"review": ["good 20", "bad 21"]}))
        project.label({i: CLASSES[i % 2] for i in range(22)})
        project.retrain()

        learned = project.status["features"]
        assert learned == {"kind": "embedding", "column": "review", "model": f"{MODELS}:Encoder"}
        width = Encoder().encode(["good 20"]).shape[1]
        assert project.estimator().n_features_in_ == width

    def test_a_model_that_the_operator_does_not_allow(self) -> None:
        """It is refused with what is allowed, before anything is stored."""
        said = {"kind": "embedding", "model": "os:system"}

        with pytest.raises(al.RefusedError, match="not an allowed model") as caught:
            al.create("kind-forbidden", TEXTS, features=said)

        assert caught.value.word == "model_not_allowed"
        assert "kind-forbidden" not in [one.name for one in al.projects()]


class TestArrays:
    @pytest.mark.parametrize(
        ("array", "display"),
        [
            (np.arange(12.0).reshape(4, 3), "row"),
            (np.arange(12.0).reshape(3, 4).T, "row"),
            (np.arange(12, dtype=">f4").reshape(4, 3), "row"),
            (np.arange(4), "row"),
            (np.eye(4, dtype=bool), "row"),
            ([[1, 2], [3, 4], [5, 6], [7, 8]], "row"),
            ([np.zeros((8, 8)), np.ones((8, 8)), np.eye(8), np.eye(8)], "image"),
            (np.arange(4 * 8 * 8, dtype=np.uint8).reshape(4, 8, 8), "image"),
            (np.arange(4 * 8 * 8 * 3, dtype=np.uint8).reshape(4, 8, 8, 3), "image"),
            (np.arange(4 * 8 * 8 * 3, dtype=np.uint8).reshape(4, 3, 8, 8), "image"),
        ],
        ids=[
            "rows", "fortran", "big-endian", "one-dimension", "bool", "lists", "pictures", "gray",
            "color", "channels-first",
        ],
    )  # fmt: skip
    def test_shapes(self, array: Any, display: str, request: pytest.FixtureRequest) -> None:
        """Rows and images of any layout in memory arrive as they are."""
        project = made(request, array)

        assert project.status["n_samples"] == 4
        assert project.status["display"]["kind"] == display
        project.label({0: "x", 1: "y", 2: "x", 3: "y"})
        project.retrain()
        width = int(np.prod(np.shape(array)[1:]))
        assert project.estimator().n_features_in_ == width

    def test_the_numbers_are_the_same_numbers(self, connected: RunningServer) -> None:
        """Columns that lie one after the other in memory don't become rows on the way."""
        array = np.arange(12.0, dtype=np.float32).reshape(3, 4).T

        al.create("kind-same", array, classes=CLASSES)

        sample = connected.client()("GET", "projects/kind-same/samples/1")
        assert sample["display"]["text/plain"].split() == ["0:", "1.0", "1:", "5.0", "2:", "9.0"]

    def test_a_project_does_not_share_its_array_with_an_upload_that_changes(self) -> None:
        """Two projects of one array each keep their own samples when one is deleted."""
        array = np.eye(6, 4, dtype=np.float32)
        first, second = (al.create(f"kind-twin-{n}", array, classes=CLASSES) for n in range(2))

        first.delete(confirm=first.name)

        second.label({0: "x", 1: "y", 2: "x", 3: "y"})
        assert second.retrain()["state"] == "finished"

    @pytest.mark.parametrize(
        ("data", "features", "says"),
        [
            (np.ones((2,) * 5), None, "^The upload has 5 dimensions"),
            (np.array([[1.0, np.nan]]), None, ": The upload has nan in row 0"),
            (TEXTS, np.full((4, 2), np.inf), ": The upload has inf in row 0"),
        ],
        ids=["shape", "samples", "features"],
    )
    def test_an_upload_has_no_name(
        self, data: Any, features: Any, says: str, request: pytest.FixtureRequest
    ) -> None:
        """The file that it became on the server is nothing that a person has seen."""
        with pytest.raises(al.ActiveLearningError, match=says) as caught:
            made(request, data, features=features)

        assert ".npy has" not in str(caught.value)


class TestIndexes:
    @pytest.mark.parametrize(
        "index",
        [
            pd.MultiIndex.from_product([["north", "süd"], [1, 2]], names=["region", "number"]),
            pd.MultiIndex.from_arrays(
                [pd.date_range("2026-01-01", periods=4), [0.5, 1.5, 2.5, 3.5]]
            ),
            pd.date_range("2026-01-01", periods=4, tz="Europe/Berlin", name="at"),
            pd.date_range("2026-01-01", periods=4, freq="333ns"),
            pd.timedelta_range("1s", periods=4),
            pd.period_range("2026-01", periods=4, freq="M", name="month"),
            pd.CategoricalIndex(list("badc"), name="grade"),
            pd.CategoricalIndex([7, 5, 6, 8], ordered=True),
            pd.Index([datetime.date(2026, 1, n) for n in (1, 2, 3, 4)], name="day"),
            pd.Index([3, 1, 2, 0]),
            pd.Index([2**62 + 1, 1, 2, 3]),
            pd.Index([9, 8, 7, 6], dtype="Int64"),
            pd.RangeIndex(10, 14, name="row"),
            pd.Index(["1", "01", "1.0", " 1"]),
            pd.Index(["text", "key", "label", "größe"], name="text"),
        ],
        ids=[
            "levels", "levels-of-dates", "zone", "nanoseconds", "durations", "months", "category",
            "numbers-as-category", "days", "shuffled", "large", "nullable", "range", "alike",
            "named-like-a-column",
        ],
    )  # fmt: skip
    def test_labels_come_back_with_it(
        self, index: pd.Index[Any], request: pytest.FixtureRequest
    ) -> None:
        """Values, types and names of every level are the frame's, so that it can be joined."""
        frame = pd.DataFrame({"text": TEXTS}, index=index)
        project = made(request, frame, text="text")

        project.label({index[3]: "x", index[1]: "y"})

        labels = al.open(project.name).labels()
        assert labels.to_dict() == {index[1]: "y", index[3]: "x"}
        assert list(labels.index.names) == list(index.names)
        assert labels.index.isin(index).all()
        joined = frame.assign(label=labels)
        assert joined["label"].fillna("-").tolist() == ["-", "y", "-", "x"]

    @pytest.mark.parametrize(
        "kind",
        [pl.DataFrame, pa.table, dict, pd.DataFrame],
        ids=["polars", "arrow", "dict", "pandas"],
    )
    def test_a_column_can_be_the_key(self, kind: Any, request: pytest.FixtureRequest) -> None:
        """Tables without an index are known by a column, whose type comes back with the labels."""
        data = kind({"nr": [30, 10, 20, 40], "text": TEXTS})

        project = made(request, data, key="nr", text="text")
        project.label({20: "x", 30: "y"})

        assert project.labels().to_dict() == {30: "y", 20: "x"}
        assert project.labels().index.name == "nr"
        assert list(project.labels().index.astype(str)) == ["30", "20"]

    @pytest.mark.parametrize(
        ("data", "key", "says"),
        [
            ({"nr": [1, 1], "text": TEXTS[:2]}, "nr", "1 twice"),
            ({"nr": [1, 2], "text": TEXTS[:2]}, "number", "no column 'number'.*nr, text"),
            (pd.DataFrame({"nr": [1, 2]}, index=["a", "b"]), "nr", "reset_index"),
            (np.eye(3), "nr", "no columns"),
        ],
    )
    def test_what_can_be_no_key(self, data: Any, key: str, says: str) -> None:
        """It is refused before anything is sent."""
        with pytest.raises(al.InvalidInputError, match=says):
            al.create("kind-no-key", data, key=key)

    def test_a_file_by_key_and_one_of_its_arrays(self, place: Place) -> None:
        """What REST can say of a file, a notebook can say, too."""
        (place.root / "kept.csv").write_text("nr,text\n007,one of the texts\n008,another text\n")
        np.savez(place.root / "two.npz", x=np.eye(4), y=np.zeros((6, 3)))

        table = al.create("kind-file-key", "kept.csv", key="nr", classes=CLASSES)
        table.label({"008": "x"})
        rows = al.create("kind-file-array", "two.npz", array="y", classes=CLASSES)

        assert table.labels().to_dict() == {"008": "x"}
        assert rows.status["n_samples"] == 6

    def test_a_series_of_labels_is_a_way_in_too(self) -> None:
        """What `labels` gave can be given to `label`, of several levels as well."""
        index = pd.MultiIndex.from_product([["a", "b"], [1, 2]])
        first, second = (
            al.create(f"kind-round-{n}", pd.DataFrame({"text": TEXTS}, index), text="text",
                      classes=CLASSES) for n in range(2)
        )  # fmt: skip
        first.label({("a", 2): "x", ("b", 1): "y"})

        second.label(first.labels())

        pd.testing.assert_series_equal(first.labels(), second.labels())

    def test_a_day_may_be_written_without_its_time(self) -> None:
        """A key that means the same as the index's value is that sample's."""
        index = pd.date_range("2026-01-01", periods=4)
        project = al.create("kind-day", pd.DataFrame({"text": TEXTS}, index), classes=CLASSES)

        project.label({"2026-01-02": "x", np.datetime64("2026-01-03"): "y"})

        assert project.labels().to_dict() == {index[1]: "x", index[2]: "y"}

    def test_known_labels_of_several_levels(self) -> None:
        """A Series with gaps and its own order finds its samples; whole numbers stay whole."""
        index = pd.MultiIndex.from_product([["a", "b"], [1, 2]])
        known = pd.Series([1, 0], index=[("b", 2), ("a", 1)])

        project = al.create("kind-known", pd.DataFrame({"text": TEXTS}, index), labels=known)

        assert project.labels().to_dict() == {("a", 1): "0", ("b", 2): "1"}
        assert project.status["classes"] == ["0", "1"]

    def test_further_rows_have_further_keys(self) -> None:
        """Samples that are added are known by several levels, too."""
        index = pd.MultiIndex.from_product([["a", "b"], [1, 2]])
        project = al.create("kind-more", pd.DataFrame({"text": TEXTS}, index), classes=CLASSES)
        more = pd.MultiIndex.from_tuples([("c", 1), ("c", 2)])

        project.add(pd.DataFrame({"text": ["new", "newer"]}, more))
        project.label({("c", 2): "x", ("a", 1): "y"})

        assert project.labels().to_dict() == {("a", 1): "y", ("c", 2): "x"}
        with pytest.raises(al.NotReadyError, match="already"):
            project.add(pd.DataFrame({"text": ["new"]}, more[:1]))

    def test_further_rows_without_an_index_are_refused(self) -> None:
        """Where samples have keys, a list can't be added, and the message says what can."""
        frame = pd.DataFrame({"text": TEXTS}, index=list("abcd"))
        project = al.create("kind-keyed", frame, classes=CLASSES)

        with pytest.raises(al.InvalidInputError, match="DataFrame with an index"):
            project.add(["more"])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (csr_matrix(np.eye(4)), r"features=matrix"),
        (pd.DataFrame({"text": []}), "no rows"),
        (pd.DataFrame(index=range(0)), "no rows"),
        ([], "no rows"),
        (pa.table({"text": pa.array([], pa.string())}), "no rows"),
        (np.empty((0, 4)), "no samples"),
        (np.empty((4, 0)), "no samples"),
        (np.array(1.0), "no samples"),
        (np.eye(4, dtype=complex), "no samples of numbers"),
        ([[1, 2], [3]], "same shape"),
        (["text", 3], "list of texts"),
        ({"a", "b"}, "list of texts"),
        (b"bytes", "bytes can't become a dataset"),
        (iter(["a"]), "list of texts"),
        (type("LazyFrame", (), {"collect": lambda self: None})(), r"collect\(\) first"),
        ({"a": [1, 2], "b": [1]}, r"same length(?!.*astype)"),
        (pd.DataFrame({"a": [1, 2]}, index=["k", "k"]), "'k' twice"),
        (pd.DataFrame({"a": [1, 2]}, index=pd.MultiIndex.from_tuples([(1, 2)] * 2)), "twice"),
        (pd.DataFrame({"a": [1, 2]}, index=["k", None]), "astype"),
        (pd.DataFrame({"a": [1, 2]}, index=[1, "k"]), "astype"),
        (pd.DataFrame({"a": [1, 2]}, index=[uuid.UUID(int=n) for n in (1, 2)]), "astype"),
        (pd.DataFrame({"a": [1, 2]}, pd.IntervalIndex.from_breaks([0, 1, 2])), "astype"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), '"a"'),
        (pd.DataFrame({"a": [object(), object()]}), "can't be sent"),
        (pd.DataFrame({"a": [1, "x"]}), r"astype\(str\)"),
        (pd.DataFrame({"a": [2**70, 1]}), r"can't be sent.*astype\(str\)"),
        (pd.DataFrame({"a": pd.arrays.SparseArray([0, 0, 1])}), r"sparse\.to_dense\(\)"),
        (pa.table([[1], [2]], names=["a", "a"]), '"a"'),
        (np.ma.masked_array(np.eye(3), np.eye(3)), r"filled\("),
        (np.array([[1, 2], [3, "x"]], dtype=object), "pandas.DataFrame"),
        (np.array([(1, 2.0)], dtype=[("a", int), ("b", float)]), "pandas.DataFrame"),
        (np.array(["2026-01-01"], dtype="datetime64[D]"), "pandas.DataFrame"),
    ],
    ids=[
        "sparse", "empty-frame", "nothing", "empty-list", "empty-table", "no-rows", "no-columns",
        "scalar", "complex", "ragged", "mixed-list", "set", "bytes", "iterator", "lazy",
        "ragged-dict", "key-twice", "levels-twice", "key-missing", "mixed-keys", "uuids",
        "intervals", "column-twice", "objects", "mixed-column", "large-numbers", "sparse-column",
        "arrow-column-twice", "masked", "array-of-objects", "records", "days",
    ],
)  # fmt: skip
def test_what_cant_be_sent(data: Any, says: str, request: pytest.FixtureRequest) -> None:
    """It is refused here, no project is made, and the message says what would work."""
    with pytest.raises(al.InvalidInputError, match=says):
        made(request, data)

    assert named(request) not in [one.name for one in al.projects()]
