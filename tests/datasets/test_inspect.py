from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jupyterlab_al.datasets.bundles import IMAGE_INFO, ROW
from jupyterlab_al.datasets.description import DatasetSpec, DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.inspect import Inspection, inspect
from jupyterlab_al.datasets.pool import SamplePool
from jupyterlab_al.datasets.prepare import PrepareTask, prepare
from jupyterlab_al.datasets.series import SERIES
from jupyterlab_al.domain.errors import InvalidDatasetError, PathOutsideRootError

REVIEWS = [
    f"I find review {n} of thing {n % 7} rather {'good' if n % 2 else 'bad'}" for n in range(60)
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make the folder that data lies in."""
    (tmp_path / "root").mkdir()
    return tmp_path / "root"


def look(root: Path, path: str, kind: str = "table", **dataset: Any) -> Inspection:
    """Return what a look at a file of the root says."""
    return inspect(root, DatasetSpec.from_json({"kind": kind, "path": path, **dataset}))


@pytest.fixture
def reviews(root: Path) -> str:
    """Write a CSV of reviews with ids, some texts empty, some labels missing."""
    rows = [
        f'{n:04},"{text}",{n % 5},{("good", "bad", "")[n % 3]}' for n, text in enumerate(REVIEWS)
    ]
    (root / "My reviews_2024.csv").write_text(
        "id,review,stars,sentiment\n" + "\n".join([*rows, "0060,,1,good"]) + "\n"
    )
    return "My reviews_2024.csv"


def test_a_csv_of_texts_is_proposed_as_a_person_would(root: Path, reviews: str) -> None:
    """Text shown and learned from, ids as keys, the label column with its classes, a name."""
    proposal = look(root, reviews).proposal

    assert proposal == {
        "name": "my-reviews-2024",
        "title": "My reviews 2024",
        "dataset": {"kind": "table", "path": reviews, "key_column": "id"},
        "display": {"kind": "text", "column": "review"},
        "features": {"kind": "text", "column": "review"},
        "classes": ["bad", "good"],
        "multi_label": False,
        "label_column": "sentiment",
    }


def test_the_first_rows_are_shown_as_the_annotator_will_see_them(root: Path, reviews: str) -> None:
    """Five rows, by their keys as they are written, as bundles."""
    preview = look(root, reviews).preview

    assert [row.sample_key for row in preview] == ["0000", "0001", "0002", "0003", "0004"]
    assert [row.display for row in preview] == [{"text/plain": text} for text in REVIEWS[:5]]


def test_columns_are_described(root: Path, reviews: str) -> None:
    """Each column has a type, counts and an example."""
    columns = {column.name: column for column in look(root, reviews).columns}

    assert [c.type for c in columns.values()] == ["number", "text", "number", "category"]
    assert (columns["review"].missing, columns["review"].distinct) == (1, 60)
    assert (columns["sentiment"].missing, columns["sentiment"].distinct) == (20, 2)
    assert columns["review"].example == REVIEWS[0]


def test_problems_stand_beside_the_field_they_belong_to(root: Path, reviews: str) -> None:
    """Empty texts belong to the display, missing labels to the label column."""
    problems = {p.field: p.message for p in look(root, reviews).problems}

    assert '1 row is empty in "review"' in problems["display"]
    assert '41 of the first 61 rows are labeled in "sentiment"' in problems["label_column"]


def test_a_second_text_is_spoken_of(root: Path) -> None:
    """One text is proposed; beside it stands that another one could be shown with it."""
    titles = [f"What to say of {n}" for n in range(60)]
    pq.write_table(
        pa.table({"title": titles, "review": REVIEWS, "n": range(60)}), root / "a.parquet"
    )

    found = look(root, "a.parquet")

    assert found.proposal["display"] == {"kind": "text", "column": "review"}
    assert [(p.field, p.message) for p in found.problems] == [
        ("display", '"title" holds text, too, and is not shown; all columns can be, as a table.')
    ]


def test_the_proposal_can_be_carried_out(root: Path, reviews: str, tmp_path: Path) -> None:
    """What is proposed is a body that prepares without a change, and shows the same."""
    found = look(root, reviews)
    body = found.proposal
    task = PrepareTask(
        folder=tmp_path / "project",
        root=root,
        dataset=DatasetSpec.from_json(body["dataset"]),
        display=DisplaySpec.from_json(body["display"]),
        features=FeaturesSpec.from_json(body["features"]),
        label_column=body["label_column"],
    )

    prepared = prepare(task, lambda phase, progress: None)

    pool = SamplePool.open(tmp_path / "project")
    assert list(prepared.classes) == body["classes"]
    assert [(pool.key(i), pool.display(i)) for i in range(5)] == [
        (row.sample_key, row.display) for row in found.preview
    ]


def test_a_reply_is_json(root: Path) -> None:
    """Whatever a table holds, the inspection can be sent."""
    table = pa.table(
        {
            "a": [1.5, float("nan")],
            "b": [b"\x00", None],
            "c": [["x"], []],
            "label": ["x", "y"],
            "d": pa.array([10**18, 2], pa.timestamp("s")),
        }
    )
    with pa.ipc.new_file(root / "a.arrow", table.schema) as writer:
        writer.write_table(table)

    reply = asdict(look(root, "a.arrow"))

    assert json.loads(json.dumps(reply, allow_nan=False)) == reply
    assert reply["preview"][0]["display"][ROW][0] == ["a", 1.5]


def test_parquet_rows_are_counted_exactly(root: Path) -> None:
    """The footer of a Parquet file knows the number of rows."""
    pq.write_table(pa.table({"a": range(25_000)}), root / "a.parquet")

    found = look(root, "a.parquet")

    assert (found.n_rows, found.n_rows_exact) == (25_000, True)


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_rows_of_a_long_text_file_are_estimated_and_said_to_be(root: Path, ending: str) -> None:
    """Lines are not counted to the end; the estimate is near and marked as one."""
    line = "12345,some words here\n" if ending == "csv" else '{"a": 12345, "b": "some words"}\n'
    header = "a,b\n" if ending == "csv" else ""
    (root / f"a.{ending}").write_text(header + line * 400_000)

    found = look(root, f"a.{ending}")

    assert not found.n_rows_exact
    assert 0.8 < found.n_rows / 400_000 < 1.25


def test_a_short_file_is_counted_exactly(root: Path, reviews: str) -> None:
    """A file that was read to its end is not estimated."""
    found = look(root, reviews)

    assert (found.n_rows, found.n_rows_exact) == (61, True)


def n_read() -> int:
    """Return how many bytes this process has read so far."""
    return int(Path("/proc/self/io").read_text().partition("rchar: ")[2].split()[0])


def test_a_look_at_a_huge_file_is_short(root: Path) -> None:
    """Of a file of two gigabytes no more than a part is read."""
    with (root / "a.csv").open("wb") as file:
        file.write(b"a,b\n" + b"12345,some words here\n" * 200_000)
        file.truncate(2 << 30)

    before = n_read()
    found = look(root, "a.csv")

    assert n_read() - before < 1 << 28
    assert found.n_rows > 10_000_000


def test_numbers_and_categories_are_shown_as_a_row(root: Path) -> None:
    """A table without a text is shown by its columns, without key and answer."""
    rows = "".join(f"{n},{n % 7},{'rb'[n % 2]},{n % 3}\n" for n in range(40))
    (root / "a.csv").write_text("id,age,color,target\n" + rows)

    found = look(root, "a.csv")

    assert found.proposal["display"] == {"kind": "row", "columns": ["age", "color"]}
    assert found.proposal["features"] == {"kind": "columns", "columns": ["age", "color"]}
    assert found.proposal["classes"] == ["0", "1", "2"]
    assert found.preview[1].display[ROW] == [["age", 1], ["color", "b"]]


def test_a_key_that_is_not_there_is_refused(root: Path, reviews: str) -> None:
    """A key column is looked for before anything is proposed."""
    with pytest.raises(InvalidDatasetError, match='no column "idd"'):
        look(root, reviews, key_column="idd")


def test_an_array_of_rows_is_proposed(root: Path) -> None:
    """A 2-D array is rows that are learned from as they are."""
    np.save(root / "x.npy", np.arange(12.0).reshape(4, 3))

    found = look(root, "x.npy", "array")

    assert (found.n_rows, found.n_rows_exact) == (4, True)
    assert found.proposal["display"] == {"kind": "row"}
    assert found.proposal["features"] == {"kind": "array"}
    assert found.preview[1].display[ROW] == [["0", 3.0], ["1", 4.0], ["2", 5.0]]


@pytest.mark.parametrize("name", ["x.npy", "x.npz"])
def test_an_array_of_images_is_proposed(root: Path, name: str) -> None:
    """A 3-D array is images, shown as such, whether packed or not."""
    images = np.random.default_rng(0).integers(0, 256, (300, 6, 4), dtype=np.uint8)
    if name.endswith("z"):
        np.savez_compressed(root / name, images)
    else:
        np.save(root / name, images)
    before = (root / name).read_bytes()

    found = look(root, name, "array")

    assert found.n_rows == 300
    assert found.proposal["display"] == {"kind": "image"}
    assert found.proposal["features"] == {"kind": "pixels"}
    assert [row.display[IMAGE_INFO] for row in found.preview] == [{"width": 4, "height": 6}] * 5
    assert (root / name).read_bytes() == before


def test_long_rows_are_proposed_as_series(root: Path) -> None:
    """Many values a row are a line to look at; the dialog can still show them as numbers."""
    np.save(root / "x.npy", np.arange(4 * 200, dtype=np.float32).reshape(4, 200) / 10)

    found = look(root, "x.npy", "array")

    assert found.proposal["display"] == {"kind": "series"}
    assert found.proposal["features"] == {"kind": "array"}
    assert found.preview[1].display[SERIES]["length"] == 200
    assert found.preview[1].display[ROW][1] == ["1", 20.1]


def test_an_archive_of_several_arrays_gives_a_choice(root: Path) -> None:
    """The first array of rows is proposed by its name; a person may name another."""
    np.savez(
        root / "x.npz",
        names=np.array(["a"]),
        y=np.zeros(4),
        X=np.zeros((4, 3)),
        images=np.zeros((4, 5, 5)),
    )

    found = look(root, "x.npz", "array")
    chosen = look(root, "x.npz", "array", array="images")

    assert found.arrays == ["names", "y", "X", "images"]
    assert found.proposal["dataset"] == {"kind": "array", "path": "x.npz", "array": "X"}
    assert found.problems[0].message == "x.npz holds 4 arrays; X is proposed."
    assert chosen.proposal["display"] == {"kind": "image"}
    assert chosen.problems == []
    with pytest.raises(InvalidDatasetError, match="no array z; there is names, y, X, images"):
        look(root, "x.npz", "array", array="z")
    with pytest.raises(InvalidDatasetError, match="not numbers"):
        look(root, "x.npz", "array", array="names")


def test_an_archive_in_column_order_has_no_preview(root: Path) -> None:
    """The first rows of such an array are spread over all of it, so none is shown."""
    np.savez(root / "x.npz", np.asfortranarray(np.arange(12.0).reshape(4, 3)))

    found = look(root, "x.npz", "array")

    assert (found.n_rows, found.preview) == (4, [])


def test_nan_in_the_first_rows_is_a_problem(root: Path) -> None:
    """An array that an import would refuse says so in the dialog."""
    np.save(root / "x.npy", np.array([[1.0, np.nan]]))

    found = look(root, "x.npy", "array")

    assert found.problems[0].field == "dataset"
    assert "nan in row 0" in found.problems[0].message
    assert len(found.preview) == 1


def test_the_demo_is_proposed_with_its_classes(root: Path) -> None:
    """The digits need nothing from the person."""
    found = look(root, "digits", "demo")

    assert found.n_rows == 1797
    assert found.proposal["classes"] == list("0123456789")
    assert found.proposal["name"] == "digits"
    assert found.preview[0].display[IMAGE_INFO] == {"width": 8, "height": 8}


def test_other_encodings_are_a_problem_of_the_dataset(root: Path) -> None:
    """A guessed encoding is said to be guessed."""
    (root / "a.csv").write_bytes("text\ncafé\n".encode("latin-1"))

    assert "not UTF-8" in look(root, "a.csv").problems[0].message


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"a,b\n", "no rows"),
        ("a.csv", b"a,a\n1,2\n", "more than one column"),
        ("a.csv", b"a,b\n1,2\n3\n", "Row 3"),
        ("a.jsonl", b'{"a": 1}\n{', "Line 2"),
        ("a.parquet", b"PAR1 and then nothing", "damaged, cut off"),
        ("a.arrow", b"ARROW1\0\0rubbish", "damaged, cut off"),
        ("a.xlsx", b"PK", "is no table that can be read"),
        ("a.csv", b"\x00\x01\x02" * 99, "not a text file"),
    ],
)
def test_hostile_files_are_refused_in_words(
    root: Path, name: str, content: bytes, says: str
) -> None:
    """What an import would refuse, a look refuses already."""
    (root / name).write_bytes(content)

    with pytest.raises(InvalidDatasetError, match=says):
        look(root, name)


def test_a_look_never_leaves_the_root(root: Path) -> None:
    """Paths are held to the root."""
    with pytest.raises(PathOutsideRootError):
        look(root, "../root2.csv")


@pytest.mark.parametrize("name", ["日本 😀.csv", "...csv", "a/b.csv"])
def test_odd_file_names_give_plain_project_names(root: Path, name: str) -> None:
    """Whatever a file is called, the proposed name of the project is plain."""
    (root / "a").mkdir()
    (root / name).write_text("x\n1\n2\n")

    proposed = look(root, name).proposal["name"]

    assert proposed.isascii()
    assert proposed.replace("-", "").isalnum()


def test_a_look_in_the_server_imports_no_learning_library(root: Path, reviews: str) -> None:
    """Looking at a table, an array and the demo, and showing them, needs no scikit-learn."""
    np.save(root / "x.npy", np.zeros((3, 8, 8), dtype=np.uint8))
    program = f"""
import sys
from pathlib import Path
from jupyterlab_al.datasets.description import DatasetSpec
from jupyterlab_al.datasets.inspect import inspect
assert not {{"pyarrow", "PIL"}} & set(sys.modules), "imported too soon"
root = Path({str(root)!r})
inspect(root, DatasetSpec(kind="table", path={reviews!r}))
inspect(root, DatasetSpec(kind="array", path="x.npy"))
inspect(root, DatasetSpec(kind="demo"))
print([name for name in ("sklearn", "scipy") if name in sys.modules])
"""

    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == "[]"
