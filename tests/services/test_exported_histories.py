"""Every format tells the same of a project with a past, as it can be worked out from the past."""

from __future__ import annotations

import csv
import json
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import pytest
from PIL import Image
from pyarrow import parquet

from jupyterlab_al.domain.formats import KINDS, FileFormat, What
from jupyterlab_al.domain.models import Person
from jupyterlab_al.services import exports, labeling, projects, reviewing
from jupyterlab_al.services.classes import ClassChanges
from jupyterlab_al.store.database import Database, open_engine
from tests.factories import ANN, BOB, CAT, LEASE, NOON, OLGA, a_claimed_batch, an_annotation
from tests.services.prepared import a_prepared_project, exported

N = 12
CLASSES = ["ant", "bee", "cat", "dog"]
#: What was one class and is now another.
MERGED = {"dog": "ant"}
TABLES: list[FileFormat] = ["csv", "jsonl", "parquet", "hf"]


@dataclass
class Fact:
    """What the test saw happen."""

    id: int
    sample: int
    who: str
    label: Any
    source: str
    decides: bool = False
    undone: bool = False

    @property
    def said(self) -> tuple[str, ...]:
        """The classes as they are called at the end."""
        names = self.label if isinstance(self.label, list) else [self.label]
        return tuple(sorted({MERGED.get(name, name) for name in names}, key=CLASSES.index))


@dataclass
class Past:
    """A project of pictures, known by their paths, that several people worked on."""

    database: Database
    folder: Path
    facts: list[Fact]
    is_multi: bool

    @property
    def standing(self) -> dict[int, list[Fact]]:
        """What was not undone, by sample and by arrival."""
        found: dict[int, list[Fact]] = {}
        for fact in sorted(self.facts, key=lambda each: (each.sample, each.id)):
            if not fact.undone:
                found.setdefault(fact.sample, []).append(fact)
        return found

    def label_of(self, said: tuple[str, ...]) -> Any:
        """Return a label as an export writes it."""
        return list(said) if self.is_multi else said[0]

    def export(self, file_format: FileFormat, what: What, *, with_data: bool = False) -> Path:
        """Return the path of an export."""
        name = f"{what}{KINDS[file_format].ending.replace('.zip', '')}"
        return exported(
            self.database, self.folder, name, file_format, what=what, with_data=with_data
        )


def consensus(facts: list[Fact]) -> tuple[tuple[str, ...], float]:
    """Return what the standing facts of a sample come to, and how many people say so.

    Whoever decided last has the say; otherwise the label that differs least from everybody's
    newest one, the earliest of ties.
    """
    newest = {fact.who: fact for fact in facts}
    deciders = [fact.who for fact in facts if fact.decides]
    people = list(newest)
    votes = [set(newest[who].said) for who in people]
    far = [sum(len(vote ^ other) for other in votes) for vote in votes]
    speaker = deciders[-1] if deciders else people[far.index(min(far))]
    winner = newest[speaker].said
    return winner, Counter(each.said for each in newest.values())[winner] / len(newest)


def a_past(folder: Path, url: str, *, is_multi: bool, seed: int) -> Past:
    """Return a project after some hundred labels, undos, reviews, and a merge of two classes."""
    pictures = folder / "root" / "pictures"
    pictures.mkdir(parents=True)
    for n in range(N):
        Image.new("L", (4, 4), 20 * n).save(pictures / f"=picture {n:02}.png")
    database = Database(open_engine(url))
    a_prepared_project(
        database,
        folder,
        dataset={"kind": "images", "path": "pictures"},
        classes=CLASSES,
        multi_label=is_multi,
        overlap=2,
        retrain_every=10**6,
    )
    rng = random.Random(seed)  # noqa: S311 - a past that can be told again
    facts = list[Fact]()

    def say(
        person: Person, sample: int, *, token: str | None = None, decides: bool = False
    ) -> None:
        names = rng.sample(CLASSES, rng.randrange(3)) if is_multi else rng.choice(CLASSES)
        given = an_annotation(database, person, sample, names, name="t", token=token, seconds=1.0)
        facts.append(Fact(given.id, sample, person.id, names, given.source, decides))

    for _ in range(60):
        say(rng.choice([ANN, BOB, CAT]), rng.randrange(N - 2))
        if rng.random() < 0.3:
            fact = rng.choice(facts)
            person = next(each for each in (ANN, BOB, CAT) if each.id == fact.who)
            database.write(labeling.undo, "t", person, fact.id, lease_ms=LEASE, at=NOON)
            fact.undone = True
    database.write(reviewing.request, "t", OLGA, "all")
    for lease in a_claimed_batch(database, OLGA, name="t", size=4):
        assert lease.source == "review"
        say(OLGA, lease.sample_id, token=lease.token, decides=True)
    # Whoever was overruled may speak again, and changes nothing.
    say(ANN, facts[-1].sample)
    database.write(projects.change, "t", OLGA, classes=ClassChanges(merges=MERGED))
    return Past(database, folder, facts, is_multi)


@pytest.fixture(params=[False, True], ids=["one class", "several classes"])
def past(request: pytest.FixtureRequest, tmp_path: Path, sqlite_url: str, monkeypatch: Any) -> Past:
    """Return a project with a past, whose exports are read and written a few rows at a time."""
    monkeypatch.setattr(exports, "ROWS", 3)
    return a_past(tmp_path, sqlite_url, is_multi=request.param, seed=0)


def rows_in(path: Path, file_format: FileFormat) -> list[dict[str, Any]]:
    """Return the rows of an export, with labels and numbers as JSON lines have them."""
    if file_format == "jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    if file_format == "parquet":
        found: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
        return found
    if file_format == "hf":
        from datasets import load_from_disk

        split = load_from_disk(str(path))["train"]
        feature = split.features["label"]
        names = getattr(feature, "feature", feature).int2str
        return [{**row, "label": names(row["label"])} for row in split.remove_columns(["image"])]
    return [_of_csv(row) for row in csv.DictReader(path.open(encoding="utf-8", newline=""))]


def _of_csv(row: dict[str, Any]) -> dict[str, Any]:
    cells: dict[str, Any] = {name: value or None for name, value in row.items()}
    for name in ("id", "sample_id", "n_annotations", "agreement", "seconds"):
        if cells.get(name):
            cells[name] = json.loads(cells[name])
    if cells["label"].startswith("["):
        cells["label"] = json.loads(cells["label"])
    cells["sample_key"] = cells["sample_key"].removeprefix("'")
    return cells


@pytest.mark.parametrize("file_format", TABLES)
def test_labels(past: Past, file_format: FileFormat) -> None:
    """A row for each sample of which something stands: consensus, agreement, its key."""
    rows = rows_in(past.export(file_format, "labels"), file_format)

    expected = []
    for sample, facts in past.standing.items():
        said, agreement = consensus(facts)
        source = next(fact.source for fact in facts if fact.said == said)
        label = past.label_of(said)
        key = f"=picture {sample:02}.png"
        expected.append((sample, key, label, len(facts), pytest.approx(agreement), source))
    names = ("sample_id", "sample_key", "label", "n_annotations", "agreement", "source")
    assert [tuple(row[name] for name in names) for row in rows] == expected
    assert any(len(facts) > 3 for facts in past.standing.values())


@pytest.mark.parametrize("file_format", TABLES)
def test_annotations(past: Past, file_format: FileFormat) -> None:
    """A row for each fact in order of arrival, undone or not, under the names of now."""
    rows = rows_in(past.export(file_format, "annotations"), file_format)

    expected = [
        (fact.id, fact.sample, past.label_of(fact.said), fact.who, fact.source, fact.undone)
        for fact in past.facts
    ]
    assert [
        (row["id"], row["sample_id"], row["label"], row["annotator"], row["source"],
         row["undone_at"] is not None)
        for row in rows
    ] == expected  # fmt: skip


def test_tasks(past: Past) -> None:
    """Label Studio's tasks hold every fact that stands, each with its picture."""
    tasks = json.loads(past.export("label-studio", "labels").read_text(encoding="utf-8"))

    found = {
        task["meta"]["sample_id"]: [
            (
                each["id"],
                each["completed_by"]["email"],
                tuple(each["result"][0]["value"]["choices"]) if each["result"] else (),
            )
            for each in task["annotations"]
            if not each["was_cancelled"]
        ]
        for task in tasks
    }
    assert {sample: facts for sample, facts in found.items() if facts} == {
        sample: [(fact.id, fact.who, fact.said) for fact in facts]
        for sample, facts in past.standing.items()
    }
    assert all(task["data"]["image"].startswith("data:image/png;base64,") for task in tasks)


@pytest.mark.parametrize("what", ["labels", "annotations"])
@pytest.mark.parametrize("file_format", ["csv", "jsonl", "parquet"])
def test_with_data(past: Past, file_format: FileFormat, what: What) -> None:
    """The columns of each row's own sample stand beside it, also where one comes several times."""
    rows = rows_in(past.export(file_format, what, with_data=True), file_format)

    assert rows
    assert all(row["path"].removeprefix("'") == row["sample_key"] for row in rows)
    assert all(row["path"].endswith(f"{row['sample_id']:02}.png") for row in rows)


@pytest.mark.parametrize("what", ["labels", "annotations"])
@pytest.mark.parametrize("file_format", get_args(FileFormat))
def test_nothing_is_labeled(
    tmp_path: Path, sqlite_url: str, file_format: FileFormat, what: What
) -> None:
    """An export without a row is a sound file of its kind, with all columns."""
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "t.csv").write_text(
        "text,x\nsome text of words,1\nother text of words,2\n"
    )
    database = Database(open_engine(sqlite_url))
    a_prepared_project(
        database, tmp_path, dataset={"kind": "table", "path": "t.csv"}, classes=["a", "b"]
    )
    empty = Past(database, tmp_path, [], is_multi=False)

    path = empty.export(file_format, what, with_data=True)

    if file_format == "label-studio":
        assert json.loads(path.read_text()) == []
        return
    if file_format == "hf":
        from datasets import load_from_disk

        split = load_from_disk(str(path))["train"]
        assert (len(split), {"label", "text", "x"} <= set(split.column_names)) == (0, True)
        return
    assert rows_in(path, file_format) == []
    if file_format != "jsonl":
        text = path.read_text() if file_format == "csv" else str(parquet.read_schema(path))
        assert "text" in text
        assert "sample_key" in text
