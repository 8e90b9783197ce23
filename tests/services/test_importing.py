"""Labels in: from tables and from Label Studio, as often as one likes, and all or none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from jupyterlab_al.datasets.pool import SamplePool
from jupyterlab_al.domain.errors import RuleError
from jupyterlab_al.domain.formats import FileFormat, What
from jupyterlab_al.domain.models import Annotation, ImportedLabel
from jupyterlab_al.services import exports, importing, label_files, labeling, metrics
from jupyterlab_al.store.database import Database, open_engine
from tests.factories import ANN, BOB, OLGA, a_project, an_annotation, the_project
from tests.services.prepared import a_prepared_project, settings_in


class TestStoring:
    """What is stored of imported labels, on both databases."""

    def test_who_when_and_how_long_are_kept(self, database: Database) -> None:
        """An imported label tells what is known of it; what is not known is the import's."""
        a_project(database, n=6)
        imported = [
            ImportedLabel(1, "positive", "w1", 1_600_000_000_123, 2.5, "clear", True),
            ImportedLabel(2, "negative"),
        ]

        assert database.write(importing.import_labels, "reviews", OLGA, imported) == 2

        first, second = facts(database)
        assert (first.annotator, first.seconds, first.comment) == ("w1", 2.5, "clear")
        assert first.created_at.isoformat() == "2020-09-13T12:26:40.123000+00:00"
        assert first.flagged
        assert second.annotator == "olga"
        assert second.created_at > first.created_at

    def test_what_stands_is_not_new(self, database: Database) -> None:
        """A label that somebody gave here is not stored again; by whom matters where it is said."""
        a_project(database, n=6)
        an_annotation(database, ANN, 1, "positive")
        imported = [
            ImportedLabel(1, "positive"),
            ImportedLabel(1, "positive", "ann"),
            ImportedLabel(1, "positive", "bob"),
            ImportedLabel(1, "negative"),
        ]

        added = [
            database.write(importing.import_labels, "reviews", OLGA, imported) for _ in range(2)
        ]

        assert added == [2, 0]

    def test_labels_that_disagree_are_disputed(self, database: Database) -> None:
        """Imported labels of several people count as disputed where they have no majority."""
        a_project(database, n=6, imported=[(0, "positive", "ann"), (0, "negative", "bob")])
        before = database.read(metrics.get, "reviews", OLGA).disputed
        imported = [ImportedLabel(1, "positive", "ann"), ImportedLabel(1, "negative", "bob")]

        database.write(importing.import_labels, "reviews", OLGA, imported)

        assert (before, database.read(metrics.get, "reviews", OLGA).disputed) == (1, 2)

    def test_a_label_that_settles_a_dispute(self, database: Database) -> None:
        """An imported third opinion makes a majority, and the dispute is over."""
        a_project(database, n=6)
        an_annotation(database, ANN, 1, "positive")
        an_annotation(database, BOB, 1, "negative")

        database.write(
            importing.import_labels, "reviews", OLGA, [ImportedLabel(1, "negative", "cat")]
        )

        assert database.read(metrics.get, "reviews", OLGA).disputed == 0


def facts(database: Database, name: str = "reviews") -> list[Annotation]:
    """Return all annotations."""
    return database.read(labeling.page, name, OLGA, after=0, size=100)[1]


TEXTS = ["zero", "one", "two", "three"]


class Place:
    """A project of four texts known by keys, and files beside it."""

    def __init__(self, folder: Path, url: str, **settings: Any) -> None:
        self.folder = folder
        self.database = Database(open_engine(url))
        (folder / "root").mkdir(exist_ok=True)
        table = pa.table({"nr": ["007", "a", "=b", "c"], "text": TEXTS, "x": [0, 1, 2, 3]})
        parquet.write_table(table, folder / "root" / "t.parquet")
        self.description: dict[str, Any] = {
            "dataset": {"kind": "table", "path": "t.parquet", "key_column": "nr"},
            "display": {"kind": "text", "column": "text"},
            "features": {"kind": "columns", "columns": ["x"]},
            "classes": ["negative", "positive", "=1"],
            **settings,
        }
        self.pool = self.project("t")

    def project(self, name: str) -> SamplePool:
        """Return the pool of one more project of the same samples."""
        return a_prepared_project(self.database, self.folder, name=name, **self.description)

    def write(self, name: str, text: str) -> Path:
        """Return a file with a text in it."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def import_(self, path: Path, name: str = "t") -> int:
        """Import a file and return how many labels were new."""
        project = the_project(self.database, name)
        imported = label_files.read_labels(path, project, self.pool)
        return self.database.write(importing.import_labels, name, OLGA, imported)

    def export(self, name: str, file_format: FileFormat, what: What = "labels") -> Path:
        """Return an export."""
        path = self.folder / name
        task = exports.ExportTask(
            project="t", person=OLGA, path=path, file_format=file_format, what=what
        )
        self.database.read(exports.write, task, settings_in(self.folder))
        return path

    def labels(self, name: str = "t") -> dict[int, Any]:
        """Return the labels by sample."""
        return {fact.sample_id: fact.label for fact in facts(self.database, name)}


@pytest.fixture
def place(tmp_path: Path, sqlite_url: str) -> Place:
    """Return a project without labels."""
    return Place(tmp_path, sqlite_url)


class TestTables:
    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("l.csv", "sample_key,label\n007,negative\n'=b,'=1\nc,\n"),
            ("l.tsv", "sample_id\tlabel\n0\tnegative\n2\t=1\n"),
            (
                "l.jsonl",
                '{"sample_key": "007", "label": "negative"}\n{"sample_id": 2, "label": "=1"}\n',
            ),
        ],
    )
    def test_by_key_or_by_number(self, place: Place, name: str, text: str) -> None:
        """Keys keep their zeros, escaped formulas are read back, rows without a label are none."""
        assert place.import_(place.write(name, text)) == 2

        assert place.labels() == {0: "negative", 2: "=1"}

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("sample_key,label\na,negative\nnobody,positive\n", "Row 3 .*'nobody'"),
            ("sample_id,label\n0,negative\n4,positive\n", "Row 3 .*no sample 4"),
            ("sample_id,label\n0,negative\n1,maybe\n", "Row 3 .*'maybe' is not a class"),
            ("sample_id,label\n,negative\n", "Row 2 .*which sample"),
            ("sample_id,label,created_at\n0,negative,yesterday\n", "Row 2 .*time"),
            ("sample_id,class\n0,negative\n", "needs a column label"),
            ("sample_id,label\n0,negative,3\n" + "1,negative\n" * 9, "1 row .*can't be read"),
            ("", "empty"),
        ],
    )
    def test_an_error_names_the_row_and_nothing_is_stored(
        self, place: Place, text: str, said: str
    ) -> None:
        """One wrong row refuses the file."""
        with pytest.raises(RuleError, match=said):
            place.import_(place.write("l.csv", text))

        assert place.labels() == {}

    def test_a_file_that_is_not_there(self, place: Place) -> None:
        """It is refused in words."""
        with pytest.raises(RuleError, match="can't be read"):
            place.import_(place.folder / "nowhere.csv")

    def test_a_huge_cell(self, place: Place) -> None:
        """A cell of a hundred million characters is refused, whatever it stands for."""
        path = place.folder / "l.jsonl"
        with path.open("w") as file:
            file.write('{"sample_id": 0, "label": "')
            for _ in range(100):
                file.write("x" * 1_000_000)
            file.write('"}\n')

        with pytest.raises(RuleError, match="longer than"):
            place.import_(path)

        assert place.labels() == {}

    @pytest.mark.parametrize("file_format", ["csv", "jsonl", "parquet"])
    def test_out_and_in_again(self, place: Place, file_format: FileFormat) -> None:
        """All facts leave and come into another project of the same samples; again adds nothing."""
        an_annotation(place.database, ANN, 0, "negative", name="t", comment="=bad", seconds=2.0)
        an_annotation(place.database, BOB, 0, "=1", name="t")
        path = place.export(f"out.{file_format}", file_format, what="annotations")
        place.project("copy")

        added = [place.import_(path, name) for name in ("copy", "copy", "t")]

        assert added == [2, 0, 0]
        kept = [
            [(f.sample_id, f.label, f.annotator, f.comment, f.seconds, f.created_at) for f in some]
            for some in (facts(place.database, "t"), facts(place.database, "copy"))
        ]
        assert kept[0] == kept[1]


class TestLabelStudio:
    @pytest.mark.parametrize("is_multi", [False, True])
    def test_out_and_in_again(self, tmp_path: Path, sqlite_url: str, is_multi: bool) -> None:
        """Tasks bring labels, annotators and times into another project; again adds nothing."""
        place = Place(tmp_path, sqlite_url, multi_label=is_multi)
        given = [["negative", "=1"], []] if is_multi else ["negative", "=1"]
        for sample_id, label in enumerate(given):
            an_annotation(place.database, ANN, sample_id, label, name="t", seconds=3.5)
        path = place.export("out.json", "label-studio")
        place.project("copy")

        added = [place.import_(path, name) for name in ("copy", "copy", "t")]

        assert added == [2, 0, 0]
        here, there = facts(place.database, "t"), facts(place.database, "copy")
        assert [(f.label, f.annotator, f.created_at, f.seconds) for f in here] == [
            (f.label, f.annotator, f.created_at, f.seconds) for f in there
        ]

    @pytest.mark.parametrize(
        ("task", "said"),
        [
            ({"data": {"nr": "nobody"}}, "Task 1 .*'nobody'"),
            ({"data": {"text": "one"}}, "Task 1 .*which sample"),
        ],
    )
    def test_a_task_of_another_sample(self, place: Place, task: dict[str, Any], said: str) -> None:
        """A task whose sample is not in the project is named, and nothing is stored."""
        result = {
            "type": "choices",
            "from_name": "label",
            "to_name": "text",
            "value": {"choices": ["negative"]},
        }
        path = place.write("l.json", json.dumps([{**task, "annotations": [{"result": [result]}]}]))

        with pytest.raises(RuleError, match=said):
            place.import_(path)

        assert place.labels() == {}
