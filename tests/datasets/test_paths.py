from __future__ import annotations

import os
from pathlib import Path

import pytest

from jupyterlab_al.datasets.paths import resolve
from jupyterlab_al.domain.errors import InvalidDatasetError, PathOutsideRootError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a root folder with one file in it and one secret beside it."""
    folder = tmp_path / "root"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "a.csv").write_text("x\n1\n")
    (tmp_path / "secret.csv").write_text("x\n1\n")
    return folder


@pytest.mark.parametrize("path", ["data/a.csv", "./data/../data/a.csv", "data"])
def test_a_path_inside_the_root_is_found(root: Path, path: str) -> None:
    """A file or folder inside the root is given with its real path."""
    assert resolve(root, path).is_relative_to(root.resolve())


@pytest.mark.parametrize(
    "path", ["../secret.csv", "data/../../secret.csv", "/etc/passwd", "a\0b", ".."]
)
def test_a_path_never_leaves_the_root(root: Path, path: str) -> None:
    """Dots, absolute paths and NUL characters don't lead out of the root."""
    with pytest.raises(PathOutsideRootError):
        resolve(root, path)


@pytest.mark.parametrize("target", ["secret.csv", "."])
def test_a_link_never_leads_out_of_the_root(root: Path, target: str) -> None:
    """A symbolic link inside the root to something outside is refused, also on the way."""
    (root / "link").symlink_to(root.parent / target)
    path = "link" if target == "secret.csv" else "link/secret.csv"

    with pytest.raises(PathOutsideRootError, match="outside"):
        resolve(root, path)


def test_a_link_within_the_root_is_followed(root: Path) -> None:
    """A symbolic link to another place inside the root works."""
    (root / "link.csv").symlink_to(root / "data" / "a.csv")

    assert root.resolve() / "data" / "a.csv" == resolve(root, "link.csv")


def test_a_root_that_is_a_link_works(root: Path, tmp_path: Path) -> None:
    """The root folder itself may be reached through a link."""
    (tmp_path / "home").symlink_to(root)

    assert resolve(tmp_path / "home", "data/a.csv").is_file()


def test_a_folder_beside_the_root_with_a_longer_name_is_outside(root: Path) -> None:
    """Comparing names letter by letter is not enough to be inside."""
    (root.parent / "root2").mkdir()

    with pytest.raises(PathOutsideRootError):
        resolve(root, "../root2")


@pytest.mark.parametrize("path", ["nothing.csv", "data/a.csv/b", "", "  "])
def test_a_missing_file_is_named(root: Path, path: str) -> None:
    """A path to nothing says so."""
    with pytest.raises(InvalidDatasetError, match=r"no file|empty"):
        resolve(root, path)


def test_a_pipe_is_refused(root: Path) -> None:
    """A named pipe would block the reader for ever, so it is refused."""
    os.mkfifo(root / "pipe.csv")

    with pytest.raises(InvalidDatasetError, match="neither a file nor a folder"):
        resolve(root, "pipe.csv")


def test_a_circle_of_links_is_refused(root: Path) -> None:
    """Links that lead to each other end in a message, not in a loop."""
    (root / "a").symlink_to(root / "b")
    (root / "b").symlink_to(root / "a")

    with pytest.raises(InvalidDatasetError):
        resolve(root, "a")


def test_a_name_too_long_is_refused(root: Path) -> None:
    """A name that no file system takes ends in a message."""
    with pytest.raises(InvalidDatasetError, match="can't be opened"):
        resolve(root, "x" * 5000)
