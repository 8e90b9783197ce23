"""Folders of texts: what is found, shown and learned from, and what damage does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from jupyterlab_al.datasets.description import DatasetSpec, DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.features import open_features
from jupyterlab_al.datasets.inspect import inspect
from jupyterlab_al.datasets.pool import SamplePool
from jupyterlab_al.datasets.preparation import PrepareTask
from jupyterlab_al.datasets.prepare import Prepared, prepare
from jupyterlab_al.datasets.text_files import MAX_BYTES
from jupyterlab_al.domain.errors import (
    ActiveLearningError,
    InvalidDatasetError,
    InvalidSettingError,
    PathOutsideRootError,
)

DATASET = DatasetSpec(kind="texts", path="notes")


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """Return a folder of texts below a root folder."""
    folder = tmp_path / "root" / "notes"
    folder.mkdir(parents=True)
    return folder


def save(path: Path, text: str | bytes = "A short text.") -> None:
    """Write a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)


def prepared(notes: Path, **more: object) -> Prepared:
    """Import the folder beside its root."""
    task = PrepareTask(
        folder=notes.parents[1] / "project",
        root=notes.parent,
        dataset=DATASET,
        **more,  # type: ignore[arg-type]
    )
    return prepare(task, lambda _phase, _done: None)


def pool_of(notes: Path) -> SamplePool:
    """Return the pool that was imported."""
    return SamplePool.open(notes.parents[1] / "project")


def test_each_file_is_a_sample_known_by_its_name(notes: Path) -> None:
    """Names are sorted as people do; hidden files and others are left alone."""
    for name in ("n10.txt", "n2.txt", "sub/n1.text"):
        save(notes / name, f"text of {name}")
    save(notes / ".hidden.txt")
    save(notes / "script.py")

    made = prepared(notes)

    pool = pool_of(notes)
    assert pool.keys(range(3)) == ["n2.txt", "n10.txt", "sub/n1.text"]
    assert pool.display(1) == {"text/plain": "text of n10.txt"}
    assert pool.content(2) == (b"text of sub/n1.text", "text/plain; charset=utf-8")
    assert (made.display.kind, made.features.kind) == ("text", "text")
    assert open_features(notes.parents[1] / "project").shape == (3, made.n_features)
    assert made.problems == ()


def test_markdown_is_shown_as_such_where_most_files_are(notes: Path) -> None:
    """The display follows the endings, or the person who chooses another."""
    save(notes / "1.md", "# One\r\n<script>alert(1)</script>")
    save(notes / "2.markdown")
    save(notes / "3.txt")

    made = prepared(notes)
    shown = pool_of(notes).display(0)
    plain = prepared(notes, display=DisplaySpec(kind="text"))

    assert made.display == DisplaySpec(kind="markdown", column="text")
    assert shown == {"text/markdown": "# One\n<script>alert(1)</script>"}
    assert plain.display.kind == "text"


def test_subfolders_are_proposed_as_classes_and_can_be_labels(notes: Path) -> None:
    """Names of subfolders are classes; as labels only where somebody says so."""
    for name in ("spam/1.txt", "ham/2.txt", "spam/3.txt", "4.txt"):
        save(notes / name)

    found = inspect(notes.parent, DATASET)
    made = prepared(notes, label_column="folder")

    assert (found.n_rows, found.proposal["classes"]) == (4, ["ham", "spam"])
    assert found.proposal["label_column"] is None
    assert [column.name for column in found.columns] == ["folder"]
    keys = pool_of(notes).keys(made.imported.sample_ids.tolist())
    assert dict(zip(keys, made.imported.labels, strict=True)) == {
        "spam/1.txt": "spam",
        "ham/2.txt": "ham",
        "spam/3.txt": "spam",
    }


def test_every_encoding_is_read(notes: Path) -> None:
    """Marks are followed, Western files are guessed and named."""
    save(notes / "1.txt", "\ufeffGrün".encode())
    save(notes / "2.txt", "Grün".encode("utf-16"))
    save(notes / "3.txt", "Grün".encode("latin-1"))

    made = prepared(notes)

    assert [pool_of(notes).display(i)["text/plain"] for i in range(3)] == ["Grün"] * 3
    assert "read as another encoding: 3.txt" in made.problems[0]


def test_a_damaged_file_costs_nobody_the_others(notes: Path) -> None:
    """What is no text keeps its place, is shown empty and named; so do files without a word."""
    save(notes / "1.txt")
    save(notes / "2.txt", b"\x00\x01\x02\x03" * 50)
    save(notes / "3.txt", b"")
    save(notes / "4.txt", b"\xff\xfe\x00")

    made = prepared(notes)

    assert made.n_samples == 4
    assert [pool_of(notes).display(i)["text/plain"] for i in (1, 2)] == ["", ""]
    assert "no text that can be read (2.txt" in made.problems[0]
    assert "1 file has no text" in made.problems[-1]


def test_a_huge_file_is_cut(notes: Path) -> None:
    """Nobody reads more than a megabyte of one sample; a letter cut in two is dropped."""
    save(notes / "1.txt", "x" + "ü" * MAX_BYTES)
    save(notes / "2.txt")

    made = prepared(notes)

    shown = pool_of(notes).display(0)["text/plain"]
    assert len(shown) == MAX_BYTES // 2
    assert set(shown) == {"x", "ü"}
    assert "first megabyte" in made.problems[0]
    assert "1.txt" in made.problems[0]


def test_many_files_are_all_learned_from(notes: Path) -> None:
    """The vocabulary comes from the whole folder, however small its pieces are."""
    for n in range(300):
        save(notes / f"{n}.txt", f"word{n // 2} and more")

    made = prepared(notes)

    X = open_features(notes.parents[1] / "project").chunk(0, 300)
    assert made.n_features > 150
    assert X.getnnz(axis=1).min() >= 3


def test_own_features_for_texts(notes: Path) -> None:
    """Features that a person computed, one row a file, replace the words."""
    for n in range(3):
        save(notes / f"{n}.txt")
    np.save(notes.parent / "own.npy", np.eye(3, 5, dtype=np.float32))

    made = prepared(notes, features=FeaturesSpec(kind="precomputed", path="own.npy"))

    X = open_features(notes.parents[1] / "project").take(np.arange(3))
    assert (made.n_features, X.tolist()) == (5, np.eye(3, 5).tolist())


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"display": DisplaySpec(kind="image")}, "use text or markdown"),
        ({"display": DisplaySpec(kind="text", column="title")}, "no columns to choose"),
        ({"features": FeaturesSpec(kind="pixels")}, "use text, embedding or precomputed"),
        ({"label_column": "name"}, "names of its subfolders"),
    ],
)
def test_what_texts_cant_give_is_refused(notes: Path, more: dict[str, object], says: str) -> None:
    """Pictures can't be made from texts; the message says what can."""
    save(notes / "1.txt")

    with pytest.raises(InvalidSettingError, match=says):
        prepared(notes, **more)


@pytest.mark.parametrize("trap", ["link", "empty", "pipe", "no words"])
def test_a_folder_that_cant_be_used_changes_nothing(notes: Path, tmp_path: Path, trap: str) -> None:
    """Links that lead out, nothing at all, what would block a reader, and no word to learn."""
    if trap == "link":
        save(tmp_path / "secret.txt")
        (notes / "link.txt").symlink_to(tmp_path / "secret.txt")
    elif trap == "pipe":
        import os

        os.mkfifo(notes / "pipe.txt")
    elif trap == "no words":
        save(notes / "1.txt", b"")
    says = {
        "link": r"link\.txt is a link",
        "empty": "holds no texts",
        "pipe": r"pipe\.txt is no file",
        "no words": "All texts are empty",
    }

    with pytest.raises(ActiveLearningError, match=says[trap]) as caught:
        prepared(notes)

    assert isinstance(caught.value, PathOutsideRootError) == (trap == "link")
    assert not (notes.parents[1] / "project" / "dataset.json").exists()


def test_the_first_texts_are_shown_before_anything_is_made(notes: Path) -> None:
    """The preview has the beginnings of five files by their names, and tells of damage."""
    for n in range(7):
        save(notes / f"{n}.md", f"Text {n} " * 1000)
    save(notes / "0.md", b"\x00" * 100)

    found = inspect(notes.parent, DATASET)

    assert [one.sample_key for one in found.preview] == [f"{n}.md" for n in range(5)]
    assert found.preview[1].display["text/markdown"].startswith("Text 1 Text 1")
    assert len(found.preview[1].display["text/markdown"]) == 2000
    assert found.problems[0].message == "0.md is no text that can be read."


class TestAuto:
    """A folder whose kind nobody said."""

    def look(self, notes: Path) -> dict[str, object]:
        """Return what is proposed."""
        found = inspect(notes.parent, DatasetSpec(kind="auto", path="notes"))
        problems = [problem.message for problem in found.problems]
        return {"kind": found.proposal["dataset"]["kind"], "problems": problems}

    def test_most_files_decide(self, notes: Path) -> None:
        """Files of another kind are left out, and a sentence says so."""
        for name in ("1.txt", "2.txt", "3.png"):
            save(notes / name)

        found = self.look(notes)

        assert found["kind"] == "texts"
        assert found["problems"] == [
            "The folder also holds files of another kind, which are left out: pictures (1)."
        ]

    def test_a_folder_of_anything_else_says_what_it_could_hold(self, notes: Path) -> None:
        """Programs and the like are no samples."""
        save(notes / "a.py")

        with pytest.raises(InvalidDatasetError, match="neither pictures, texts nor sounds"):
            self.look(notes)

    def test_files_are_known_by_their_ending(self, notes: Path) -> None:
        """A table and an array are what they are called."""
        save(notes / "a.csv", "text\nA lovely text of many words for everybody\n")
        np.save(notes / "a.npy", np.zeros((3, 3)))

        kinds = [
            inspect(notes, DatasetSpec(kind="auto", path=name)).proposal["dataset"]["kind"]
            for name in ("a.csv", "a.npy")
        ]

        assert kinds == ["table", "array"]
