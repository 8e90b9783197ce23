"""Labels out: every format says the same, in the order and the words that its readers expect."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image
from pyarrow import parquet

from jupyterlab_al.datasets.pool import SamplePool
from jupyterlab_al.domain.errors import InvalidSettingError, NotAllowedError, UnavailableError
from jupyterlab_al.domain.formats import KINDS, FileFormat, What
from jupyterlab_al.domain.models import Person
from jupyterlab_al.services import export_rows, exports, labeling, queue
from jupyterlab_al.store import annotation_log
from jupyterlab_al.store.database import Database
from tests.factories import (
    ANN,
    BOB,
    LEASE,
    NOON,
    OLGA,
    a_claimed_batch,
    a_pool,
    a_project,
    an_annotation,
    the_project,
)
from tests.full_disk import largest_file
from tests.services.prepared import a_prepared_project, exported, settings_in

TEXTS = ["=1+1", "-2 stars", "fine", "good", "no", "yes"]


def rows_of(database: Database, of: Any, *, size: int = 100) -> list[dict[str, Any]]:
    """Return what an export of the project reads, row by row."""
    project = the_project(database)
    parts = database.read(lambda tx: list(of(tx, project, size=size)))
    return [
        dict(zip(part, values, strict=True))
        for part in parts
        for values in zip(*part.values(), strict=True)
    ]


class TestRows:
    """What is read from the database, on both kinds."""

    def test_one_row_a_labeled_sample(self, database: Database) -> None:
        """Labels come by sample, with the consensus and how many agree."""
        a_project(database, n=9)
        for person, label in ((ANN, "positive"), (BOB, "negative"), (OLGA, "negative")):
            an_annotation(database, person, 4, label)
        an_annotation(database, ANN, 2, "positive")

        rows = rows_of(database, export_rows.labels_of)

        assert [(row["sample_id"], row["label"], row["n_annotations"]) for row in rows] == [
            (2, "positive", 1),
            (4, "negative", 3),
        ]
        assert rows[1]["agreement"] == pytest.approx(2 / 3)

    @pytest.mark.parametrize("size", [1, 2, 3, 13, 100])
    def test_more_rows_than_are_fetched_at_once(self, database: Database, size: int) -> None:
        """Reading a few rows at a time loses none, keeps the order, and parts no sample."""
        a_project(database, n=20)
        for sample_id in reversed(range(11)):
            an_annotation(database, ANN, sample_id, "positive")
        for person in (BOB, OLGA):
            an_annotation(database, person, 5, "negative")

        rows = rows_of(database, export_rows.labels_of, size=size)

        assert [row["sample_id"] for row in rows] == list(range(11))
        assert [row["n_annotations"] for row in rows] == [1] * 5 + [3] + [1] * 5
        assert [row["label"] for row in rows] == ["positive"] * 5 + ["negative"] + ["positive"] * 5

    @pytest.mark.parametrize("size", [1, 2, 100])
    def test_all_facts_page_by_page(self, database: Database, size: int) -> None:
        """Every annotation comes once, in order of arrival, undone ones with the time."""
        a_project(database, n=9)
        undone = an_annotation(database, ANN, 3, "negative")
        database.write(labeling.undo, "reviews", ANN, undone.id, lease_ms=LEASE, at=NOON)
        for sample_id in (7, 2, 5):
            an_annotation(database, BOB, sample_id, "positive", flagged=True)

        rows = rows_of(database, export_rows.annotations_of, size=size)

        assert [(row["sample_id"], row["label"]) for row in rows] == [
            (3, "negative"),
            (7, "positive"),
            (2, "positive"),
            (5, "positive"),
        ]
        assert [row["undone_at"] for row in rows] == [NOON, None, None, None]
        assert [row["flagged"] for row in rows] == [False, True, True, True]

    def test_more_than_so_many_facts(self, database: Database) -> None:
        """Undone annotations and skips count, those of other projects don't."""
        a_pool(database, n=5)
        a_pool(database, "others", n=5)
        project = the_project(database)
        undone = an_annotation(database, ANN, 0)
        database.write(labeling.undo, "reviews", ANN, undone.id, lease_ms=LEASE, at=NOON)
        an_annotation(database, ANN, 1, name="others")
        skipped = a_claimed_batch(database, BOB)[0]
        database.write(queue.skip, "reviews", BOB, [(skipped.sample_id, skipped.token)], at=NOON)

        said = [database.read(annotation_log.has_more_than, project.id, n) for n in range(4)]

        assert said == [True, True, False, False]

    def test_tasks_tell_who_skipped(self, database: Database) -> None:
        """A sample that was only skipped is a task too, between those that are labeled."""
        a_pool(database, n=3)
        skipped = a_claimed_batch(database, ANN, size=2)[1]
        database.write(queue.skip, "reviews", ANN, [(skipped.sample_id, skipped.token)], at=NOON)
        an_annotation(database, BOB, 0)
        an_annotation(database, BOB, 2)

        rows = rows_of(database, export_rows.tasks_of, size=2)

        assert [(row["sample_id"], len(row["annotations"])) for row in rows] == [
            (0, 1),
            (1, 0),
            (2, 1),
        ]
        assert [fact["annotator"] for fact in rows[1]["skips"]] == ["ann"]


@pytest.fixture
def opened(sqlite_url: str) -> Database:
    """Return a database for what does not depend on its kind."""
    from jupyterlab_al.store.database import open_engine

    return Database(open_engine(sqlite_url))


def a_table(root: Path, **columns: Sequence[Any]) -> None:
    """Write a Parquet file."""
    parquet.write_table(pa.table(columns), root / "t.parquet")


class Project:
    """A prepared project and its exports."""

    def __init__(self, database: Database, folder: Path, **description: Any) -> None:
        self.folder = folder
        self._database = database
        self._pool = a_prepared_project(database, folder, **description)

    def label(self, sample_id: int, label: Any, person: Person = OLGA) -> None:
        """Label a sample."""
        an_annotation(self._database, person, sample_id, label, name="t", seconds=1.5)

    def export(self, name: str, file_format: FileFormat, **asked: Any) -> Path:
        """Return the path of an export."""
        return exported(self._database, self.folder, name, file_format, **asked)

    def export_small(self, name: str, *, with_data: bool) -> tuple[Path, bool]:
        """Return where a CSV would be, and whether it was small enough to be written."""
        path = self.folder / name
        task = exports.ExportTask(
            project="t", person=OLGA, path=path, file_format="csv", with_data=with_data
        )
        settings = settings_in(self.folder)
        return path, self._database.read(exports.write_small, task, settings)

    @property
    def pool(self) -> SamplePool:
        """Return the samples."""
        return self._pool


@pytest.fixture
def reviews(opened: Database, tmp_path: Path) -> Project:
    """Return a project of six texts, known by a key, of which two are labeled."""
    keys = [f"r{i}" for i in range(6)]
    data: dict[str, Any] = {"nr": keys, "text": TEXTS, "stars": [1, 2, 3, 4, 5, 6], "label": keys}
    root = tmp_path / "root"
    root.mkdir()
    a_table(root, **data)
    project = Project(
        opened,
        tmp_path,
        dataset={"kind": "table", "path": "t.parquet", "key_column": "nr"},
        display={"kind": "text", "column": "text"},
        features={"kind": "columns", "columns": ["stars"]},
        classes=["negative", "positive"],
    )
    project.label(3, "positive")
    project.label(0, "negative")
    return project


class TestTables:
    def test_csv_is_no_formula_and_numbers_stay_numbers(self, reviews: Project) -> None:
        """The samples' own texts are escaped as ours are; a name that is taken gets a prefix."""
        path = reviews.export("out.csv", "csv", with_data=True)

        rows = list(csv.DictReader(path.open(encoding="utf-8", newline="")))
        assert [row["sample_key"] for row in rows] == ["r0", "r3"]
        assert [(row["label"], row["data_label"], row["text"]) for row in rows] == [
            ("negative", "r0", "'=1+1"),
            ("positive", "r3", "good"),
        ]
        assert [row["stars"] for row in rows] == ["1", "4"]

    @pytest.mark.parametrize("file_format", ["parquet", "hf"])
    def test_types_that_few_programs_know(
        self, opened: Database, tmp_path: Path, file_format: FileFormat
    ) -> None:
        """Maps, spans of the calendar and run-length encoded values leave as what can be read."""
        from datasets import load_from_disk

        (tmp_path / "root").mkdir()
        rare = {
            "map": pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int32())),
            "span": pa.array([(1, 2, 3_500_000_000), None], pa.month_day_nano_interval()),
            "run": pa.RunEndEncodedArray.from_arrays([1, 2], ["a", "b"]),
            "text": ["one text", "two texts"],
        }
        table = pa.table(rare)
        with pa.ipc.new_file(tmp_path / "root" / "t.arrow", table.schema) as file:
            file.write_table(table)
        project = Project(
            opened,
            tmp_path,
            dataset={"kind": "table", "path": "t.arrow"},
            features={"kind": "text", "column": "text"},
            classes=["a", "b"],
        )
        project.label(0, "a")

        path = project.export("out", file_format, with_data=True)

        if file_format == "hf":
            [row] = load_from_disk(str(path))["train"]
        else:
            [row] = parquet.read_table(path).to_pylist()
        assert (row["span"], row["run"]) == ("P1M2DT3.5S", "a")
        assert row["map"] == [{"key": "k", "value": 1}]

    def test_own_columns_only_where_asked_for(self, reviews: Project) -> None:
        """A table of labels has our columns, and nothing of the samples."""
        path = reviews.export("out.csv", "csv")

        assert path.read_text(encoding="utf-8").splitlines()[0] == ",".join(export_rows.LABELS)

    @pytest.mark.parametrize("what", ["labels", "annotations"])
    def test_every_table_says_the_same(self, reviews: Project, what: What) -> None:
        """JSON lines and Parquet hold the same rows with the same types."""
        lines = reviews.export("out.jsonl", "jsonl", what=what, with_data=True)
        table = reviews.export("out.parquet", "parquet", what=what, with_data=True)

        rows = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
        assert rows == parquet.read_table(table).to_pylist()
        assert {"text", "stars", "nr"} <= set(rows[0])

    def test_parts_by_size_of_the_samples(
        self, reviews: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Large samples are written one at a time, and still all of them, in the facts' order."""
        monkeypatch.setattr(exports, "BYTES", 1)

        path = reviews.export("out.parquet", "parquet", what="annotations", with_data=True)

        assert parquet.read_table(path)["text"].to_pylist() == ["good", "=1+1"]

    def test_what_was_there_stays_when_writing_fails(
        self, reviews: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """An export that breaks off leaves the older file and no draft."""
        path = reviews.export("out.csv", "csv")
        before = path.read_bytes()
        monkeypatch.setattr(SamplePool, "keys", lambda *_: [])

        with pytest.raises(ValueError, match="shorter"):
            reviews.export("out.csv", "csv")

        assert path.read_bytes() == before
        assert not list(path.parent.glob(".out*"))

    @pytest.mark.parametrize(
        ("rows", "n_bytes", "with_data", "is_small"),
        [
            (2, 10**6, False, True),
            (1, 10**6, False, False),
            (9, 1, False, True),
            (9, 1, True, False),
        ],
        ids=["few", "many", "large, not asked for", "large"],
    )
    def test_what_fits_one_part_is_small(
        self,
        reviews: Project,
        monkeypatch: pytest.MonkeyPatch,
        rows: int,
        n_bytes: int,
        with_data: bool,
        is_small: bool,
    ) -> None:
        """Few labels are written at once; of many, or of large samples, nothing is begun."""
        monkeypatch.setattr(exports, "ROWS", rows)
        monkeypatch.setattr(exports, "BYTES", n_bytes)

        path, written = reviews.export_small("out.csv", with_data=with_data)

        assert written is is_small
        assert path.exists() is is_small

    @pytest.mark.parametrize("file_format", get_args(FileFormat))
    def test_a_full_disk_leaves_what_was_there(
        self, reviews: Project, file_format: FileFormat
    ) -> None:
        """Every format: the message says why, an earlier export stays, and no draft is left."""
        name = f"out{KINDS[file_format].ending}"
        before = reviews.export(name, file_format).read_bytes()
        files = sorted(reviews.folder.iterdir())

        with largest_file(100), pytest.raises(UnavailableError, match="File too large") as caught:
            reviews.export(name, file_format, with_data=True)

        assert caught.value.word == "not_written"
        assert (reviews.folder / name).read_bytes() == before
        assert sorted(reviews.folder.iterdir()) == files

    def test_annotators_see_no_others(self, reviews: Project) -> None:
        """An export tells everybody's answers, so it needs owner or reviewer."""
        with pytest.raises(NotAllowedError):
            reviews.export("out.csv", "csv", person=ANN)


class TestHuggingFace:
    def test_load_from_disk(self, reviews: Project) -> None:
        """`datasets` reads the folder: label is a class, the samples' columns are there."""
        from datasets import ClassLabel, load_from_disk

        path = reviews.export("folder", "hf")

        samples = load_from_disk(str(path))["train"]
        assert samples.features["label"] == ClassLabel(names=["negative", "positive"])
        assert samples["label"][:] == [0, 1]
        assert samples["text"][:] == ["=1+1", "good"]

    def test_load_dataset(self, reviews: Project, monkeypatch: pytest.MonkeyPatch) -> None:
        """`load_dataset` reads the same folder, with the same features."""
        import datasets

        monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
        path = reviews.export("folder", "hf")

        samples = datasets.load_dataset(str(path), cache_dir=str(path.parent / "cache"))["train"]

        assert samples.features == datasets.load_from_disk(str(path))["train"].features
        assert samples["label"][:] == [0, 1]

    def test_a_zip_holds_the_folder(self, reviews: Project) -> None:
        """As one file it is the folder packed, under the project's name."""
        path = reviews.export("out.zip", "hf")

        names = zipfile.ZipFile(path).namelist()
        assert {name.split("/")[0] for name in names} == {"t"}
        assert "t/train/state.json" in names
        assert {each.name for each in path.parent.glob("*out*")} == {"out.zip"}

    def test_a_folder_with_something_in_it_is_left_alone(self, reviews: Project) -> None:
        """Nothing is written over a person's files."""
        (reviews.folder / "folder").mkdir()
        (reviews.folder / "folder" / "thesis.tex").touch()

        with pytest.raises(InvalidSettingError, match="not empty"):
            reviews.export("folder", "hf")

    def test_several_classes(self, opened: Database, tmp_path: Path) -> None:
        """In multi-label projects a label is a list of classes."""
        from datasets import ClassLabel, load_from_disk

        (tmp_path / "root").mkdir()
        a_table(tmp_path / "root", text=["one text", "two texts"], x=[1, 2])
        project = Project(
            opened,
            tmp_path,
            dataset={"kind": "table", "path": "t.parquet"},
            features={"kind": "columns", "columns": ["x"]},
            classes=["a", "b", "c"],
            multi_label=True,
        )
        project.label(0, ["c", "a"])
        project.label(1, [])

        samples = load_from_disk(str(project.export("folder", "hf")))["train"]

        assert samples["label"][:] == [[0, 2], []]
        assert samples.features["label"].feature == ClassLabel(names=["a", "b", "c"])
        table = parquet.read_table(project.export("out.parquet", "parquet"))
        assert table["label"].to_pylist() == [["a", "c"], []]

    def test_pictures_are_pictures(self, opened: Database, tmp_path: Path) -> None:
        """A folder of pictures becomes a column that `datasets` opens as pictures."""
        from datasets import load_from_disk

        folder = tmp_path / "root" / "pictures"
        folder.mkdir(parents=True)
        for name, shade in (("dark.png", 10), ("light.png", 240)):
            Image.new("L", (5, 4), shade).save(folder / name)
        project = Project(
            opened, tmp_path, dataset={"kind": "images", "path": "pictures"}, classes=["d", "l"]
        )
        project.label(1, "l")

        [sample] = load_from_disk(str(project.export("folder", "hf")))["train"]

        assert (sample["image"].size, sample["image"].getpixel((0, 0))) == ((5, 4), 240)
        assert (sample["label"], sample["path"]) == (1, "light.png")
        head = project.export("out.csv", "csv", with_data=True).read_text().splitlines()[0]
        assert head.endswith("labeled_at,path,folder")

    def test_arrays(self, opened: Database, tmp_path: Path) -> None:
        """Rows of an array are lists of numbers."""
        (tmp_path / "root").mkdir()
        np.save(tmp_path / "root" / "rows.npy", np.arange(12, dtype=np.float32).reshape(4, 3))
        project = Project(
            opened, tmp_path, dataset={"kind": "array", "path": "rows.npy"}, classes=["a", "b"]
        )
        project.label(2, "b")

        table = parquet.read_table(project.export("out.parquet", "parquet", with_data=True))

        assert table["values"].to_pylist() == [[6.0, 7.0, 8.0]]

    def test_arrays_of_pictures(self, opened: Database, tmp_path: Path) -> None:
        """Pictures of an array are pictures, too."""
        from datasets import Image as ImageFeature
        from datasets import load_from_disk

        (tmp_path / "root").mkdir()
        project = Project(
            opened, tmp_path, dataset={"kind": "demo", "path": "digits"}, classes=list("0123456789")
        )
        project.label(2, "7")

        samples = load_from_disk(str(project.export("folder", "hf")))["train"]

        assert isinstance(samples.features["image"], ImageFeature)
        assert samples[0]["image"].size == (8, 8)


class TestLabelStudio:
    def test_a_task_with_its_annotations(self, reviews: Project) -> None:
        """Sample, choice, who, when and for how long stand where Label Studio looks for them."""
        reviews.label(3, "negative", person=ANN)

        tasks = json.loads(reviews.export("out.json", "label-studio").read_text(encoding="utf-8"))

        assert [task["data"]["text"] for task in tasks] == ["=1+1", "good"]
        mine, other = tasks[1]["annotations"]
        assert (mine["completed_by"], other["completed_by"]) == (
            {"email": "olga"},
            {"email": "ann"},
        )
        [choice] = mine["result"]
        assert choice["value"] == {"choices": ["positive"]}
        assert (choice["type"], choice["from_name"], choice["to_name"]) == (
            "choices",
            "label",
            "text",
        )
        assert (mine["lead_time"], mine["was_cancelled"]) == (1.5, False)
        assert mine["created_at"].endswith("Z")
        assert tasks[1]["meta"] == {"sample_id": 3, "sample_key": "r3"}

    def test_no_labels_are_an_empty_list(self, opened: Database, tmp_path: Path) -> None:
        """An export without any label is valid JSON, too."""
        (tmp_path / "root").mkdir()
        a_table(tmp_path / "root", text=["one text", "two texts"], x=[1, 2])
        project = Project(
            opened,
            tmp_path,
            dataset={"kind": "table", "path": "t.parquet"},
            features={"kind": "columns", "columns": ["x"]},
            classes=["a", "b"],
        )

        assert json.loads(project.export("out.json", "label-studio").read_text()) == []
