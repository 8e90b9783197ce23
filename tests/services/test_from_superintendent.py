"""A real database of superintendent 0.6.0 becomes a project; see `tests/data/superintendent`."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import psycopg
import pytest

from jupyterlab_al.domain.errors import InvalidDatasetError
from jupyterlab_al.services.from_superintendent import Converted, convert
from jupyterlab_al.store.superintendent import opened_queue
from tests.postgresql import PostgresqlServer

DATA = Path(__file__).parents[1] / "data" / "superintendent"


def converted(place: str | Path, uploads: Path, table: str | None = None) -> Converted:
    """Return what a project is made of."""
    with opened_queue(str(place), table) as queue:
        return convert(queue, uploads)


@pytest.fixture
def postgresql_place(postgresql_server: PostgresqlServer) -> Iterator[str]:
    """Return the address of a PostgreSQL database that superintendent filled."""
    name = postgresql_server.create()
    address = postgresql_server.url(name).replace("+psycopg", "")
    with psycopg.connect(address) as connection:
        connection.execute((DATA / "texts.sql").read_text(encoding="utf-8").encode())
    yield address
    postgresql_server.drop(name)


@pytest.fixture(
    params=["file", "address", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def texts(request: pytest.FixtureRequest) -> str:
    """Return the place of a queue of six texts, in each layout and by each name."""
    path = DATA / "texts.sqlite"
    if request.param == "postgresql":
        place: str = request.getfixturevalue("postgresql_place")
        return place
    return str(path) if request.param == "file" else f"sqlite:///{path}"


def test_texts_and_answers(texts: str, tmp_path: Path) -> None:
    """Inputs are samples in their order, outputs labels with the worker; what is undone is none."""
    made = converted(texts, tmp_path)

    rows = [json.loads(line) for line in made.path.read_text().splitlines()]
    assert [row["superintendent_id"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert rows[2]["text"] == "Größe in Ordnung, „warm“ \N{SNOWMAN}"
    assert [(one.sample_id, one.label, one.annotator) for one in made.labels] == [
        (0, "negative", "ann"),
        (1, "positive", "ann"),
        (2, "positive", "bob"),
        (5, "positive", None),
    ]
    assert made.body["classes"] == ["negative", "positive"]
    assert made.body["display"] == {"kind": "text", "column": "text"}
    assert (made.body["dataset"]["key_column"], made.body["multi_label"]) == (
        "superintendent_id",
        False,
    )


def test_times_are_those_of_the_machine(tmp_path: Path) -> None:
    """Superintendent writes local times without a zone."""
    made = converted(DATA / "texts.sqlite", tmp_path)

    assert made.labels[0].at == round(
        datetime.fromisoformat("2026-11-25 22:43:36.173986").timestamp() * 1000
    )


def test_rows_with_several_classes(tmp_path: Path) -> None:
    """Rows of a frame are columns; lists of outputs make a multi-label project."""
    made = converted(DATA / "rows.sqlite", tmp_path)

    rows = [json.loads(line) for line in made.path.read_text().splitlines()]
    assert rows[1] == {"weight": 2.0, "color": "blue", "superintendent_id": 2}
    assert [one.label for one in made.labels] == [["warm", "red"], ["cold"]]
    assert made.body["multi_label"] is True


def test_arrays_of_one_shape(tmp_path: Path) -> None:
    """Arrays stay an array, so that pictures are shown as pictures."""
    made = converted(DATA / "arrays.sqlite", tmp_path)

    array = np.load(made.path)
    assert array.shape == (4, 8, 8)
    assert array[3, 7, 7] == 255
    assert [(one.sample_id, one.label) for one in made.labels] == [(0, "low")]


def test_the_file_is_not_changed(tmp_path: Path) -> None:
    """A queue that is still in use is only read."""
    path = tmp_path / "texts.sqlite"
    shutil.copy(DATA / "texts.sqlite", path)
    before = path.read_bytes()

    converted(path, tmp_path / "uploads")

    assert path.read_bytes() == before
    assert {each.name for each in tmp_path.iterdir()} == {"texts.sqlite", "uploads"}


def test_a_table_of_another_name(tmp_path: Path) -> None:
    """Earlier versions named the table `superintendent`; any other has to be named."""
    for name, quoted in (("superintendent", "superintendent"), ('my table"s', '"my table""s"')):
        path = tmp_path / "other.sqlite"
        shutil.copy(DATA / "texts.sqlite", path)
        execute(path, f"ALTER TABLE superintendentdata RENAME TO {quoted}")

        made = converted(path, tmp_path, None if name == "superintendent" else name)

        assert len(made.labels) == 4


def execute(path: Path, statement: str, *values: object) -> None:
    """Change a SQLite file."""
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(statement, values)
    connection.close()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE superintendentdata SET input = '{' WHERE id = 2", "input of row 2 .*no JSON"),
        ("UPDATE superintendentdata SET output = '[3' WHERE id = 3", "output of row 3 .*no JSON"),
        ("UPDATE superintendentdata SET output = '{}' WHERE id = 1", "output of row 1 .*no class"),
        (
            """UPDATE superintendentdata SET input = '{"__type__": "__pd.Series__"}'""",
            "input of row 1 .*damaged",
        ),
        ("UPDATE superintendentdata SET completed_at = 'noon' WHERE id = 1", "can't be read"),
        ("DELETE FROM superintendentdata", "no rows"),
        ("ALTER TABLE superintendentdata DROP COLUMN input", "no column input"),
        ("DROP TABLE superintendentdata", "no table superintendentdata or superintendent"),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_kept(
    tmp_path: Path, statement: str, said: str
) -> None:
    """A damaged queue gets a sentence that names the row, and no upload stays."""
    path = tmp_path / "bad.sqlite"
    shutil.copy(DATA / "texts.sqlite", path)
    execute(path, statement)

    with pytest.raises(InvalidDatasetError, match=said):
        converted(path, tmp_path / "uploads")

    assert not list(tmp_path.glob("uploads/*"))


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("nowhere.sqlite", "can't be read"),
        (str(DATA / "make.py"), "no SQLite database"),
        ("postgresql://u:secret@127.0.0.1:1/x", "can't be read"),
        ("nonsense://u:secret@x/y", "address of the database"),
    ],
)
def test_a_place_where_there_is_none(tmp_path: Path, place: str, said: str) -> None:
    """It is refused in words that tell no password."""
    with pytest.raises(InvalidDatasetError, match=said) as refused:
        converted(place, tmp_path)

    assert "secret" not in str(refused.value)
