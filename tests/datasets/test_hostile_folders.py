"""Folders that somebody made to do harm, or by mistake: refused in words, or harmless."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from jupyterlab_al.datasets.description import DatasetSpec
from jupyterlab_al.datasets.inspect import inspect
from jupyterlab_al.datasets.pool import SamplePool
from jupyterlab_al.datasets.prepare import Prepared, PrepareTask, prepare
from jupyterlab_al.domain.errors import ActiveLearningError
from tests.datasets.test_full_disk import write_pictures, write_sounds, write_texts

Writer = Callable[[Path, str], None]
KINDS: dict[str, tuple[Writer, str]] = {
    "images": (write_pictures, "png"),
    "texts": (write_texts, "txt"),
    "audio": (write_sounds, "wav"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A folder of eight good files of a kind, below a root."""

    root: Path
    kind: str
    ending: str

    @property
    def folder(self) -> Path:
        """Return the folder of the files."""
        return self.root / "data"

    def path(self, name: str) -> Path:
        """Return where a file of that name would be."""
        return self.folder / f"{name}.{self.ending}"

    def prepared(self) -> Prepared:
        """Import the folder."""
        dataset = DatasetSpec(kind=self.kind, path="data")  # type: ignore[arg-type]
        task = PrepareTask(folder=self.root.parent / "project", root=self.root, dataset=dataset)
        return prepare(task, lambda _phase, _progress: None)

    def pool(self) -> SamplePool:
        """Return the samples."""
        return SamplePool.open(self.root.parent / "project")


@pytest.fixture(params=list(KINDS))
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Return a folder of each kind."""
    write, ending = KINDS[request.param]
    root = tmp_path / "root"
    root.mkdir()
    write(root, "data")
    return Place(root=root, kind=request.param, ending=ending)


def a_link_out(place: Place) -> None:
    """Link to a secret outside of the root."""
    secret = place.root.parent / f"secret.{place.ending}"
    secret.write_bytes(place.path("0").read_bytes())
    place.path("link").symlink_to(secret)


def a_link_out_through_a_link(place: Place) -> None:
    """Link to a link to it."""
    a_link_out(place)
    place.path("second").symlink_to(place.path("link"))


def a_broken_link(place: Place) -> None:
    """Link to nothing."""
    place.path("link").symlink_to(place.folder / "nothing")


def a_link_to_itself(place: Place) -> None:
    """Link in a circle."""
    place.path("link").symlink_to(place.path("link"))


def a_pipe(place: Place) -> None:
    """Make what a reader would wait for, for ever."""
    os.mkfifo(place.path("pipe"))


@pytest.mark.parametrize(
    "trap", [a_link_out, a_link_out_through_a_link, a_broken_link, a_link_to_itself, a_pipe]
)
def test_traps_are_refused(place: Place, trap: Callable[[Place], None]) -> None:
    """The message names the file, nothing is read or kept, and a look says the same."""
    trap(place)

    with pytest.raises(ActiveLearningError) as caught:
        place.prepared()
    with pytest.raises(ActiveLearningError) as looked:
        inspect(place.root, DatasetSpec(kind=place.kind, path="data"))  # type: ignore[arg-type]

    assert caught.value.message.startswith(("link.", "second.", "pipe."))
    assert looked.value.message == caught.value.message
    assert list((place.root.parent / "project").iterdir()) == []


def a_circle_of_folders(place: Place) -> str | None:
    """Link a folder into itself."""
    (place.folder / "circle").symlink_to(place.folder)
    return None


def a_folder_named_like_a_file(place: Place) -> str | None:
    """Name a folder like a sample."""
    place.path("folder").mkdir()
    return None


def a_hidden_file(place: Place) -> str | None:
    """Leave what editors and systems leave."""
    place.path(".hidden").write_bytes(b"rubbish")
    (place.folder / ".git").mkdir()
    place.path(".git/object").write_bytes(b"rubbish")
    return None


def an_empty_file(place: Place) -> str | None:
    """Leave a file with nothing in it."""
    place.path("8").write_bytes(b"")
    return f"8.{place.ending}"


def an_odd_name(place: Place) -> str | None:
    """Name a file so that a page would run it, and a terminal obey it."""
    name = "9<img src=x onerror=alert(1)>\n\x1b[2J 😀"
    place.path(name).write_bytes(place.path("0").read_bytes())
    return f"{name}.{place.ending}"


def a_name_in_no_encoding(place: Place) -> str | None:
    """Name a file in bytes that are no text."""
    path = os.fsencode(place.folder) + b"/9\xff\xfe." + place.ending.encode()
    Path(os.fsdecode(path)).write_bytes(place.path("0").read_bytes())
    return f"9\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}.{place.ending}"


@pytest.mark.parametrize(
    "oddity",
    [
        a_circle_of_folders,
        a_folder_named_like_a_file,
        a_hidden_file,
        an_empty_file,
        an_odd_name,
        a_name_in_no_encoding,
    ],
)
def test_oddities_cost_nobody_the_others(
    place: Place, oddity: Callable[[Place], str | None]
) -> None:
    """Every good file is a sample, once; an odd one is one, too, and is shown."""
    odd = oddity(place)

    prepared = place.prepared()

    pool = place.pool()
    good = [f"{n}.{place.ending}" for n in range(8)]
    assert pool.keys(range(prepared.n_samples)) == [*good, *([odd] if odd else [])]
    assert all(pool.display(i) for i in range(prepared.n_samples))
