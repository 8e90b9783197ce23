"""Folders of files with a sample each: which files there are, and what their subfolders say."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np

from jupyterlab_al.datasets.class_names import sorted_classes
from jupyterlab_al.datasets.description import DatasetKind
from jupyterlab_al.datasets.labels import ImportedLabels
from jupyterlab_al.domain.errors import (
    InvalidDatasetError,
    InvalidSettingError,
    PathOutsideRootError,
)
from jupyterlab_al.domain.folders import WORDS

#: Columns that every folder has: where a file lies, and in which subfolder.
PATH, FOLDER = "path", "folder"
#: What a folder can hold, with the endings of such files.
ENDINGS: dict[DatasetKind, frozenset[str]] = {
    "images": frozenset({".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".gif", ".bmp"}),
    "texts": frozenset({".txt", ".text", ".md", ".markdown"}),
    "audio": frozenset({".wav", ".mp3", ".ogg", ".oga", ".opus", ".flac"}),
}
#: Damaged files that are named.
NAMED = 3


def kind_of_folder(folder: Path) -> DatasetKind:
    """Return what most files of a folder are.

    Raises
    ------
    InvalidDatasetError
        If there is no file that can be a sample.
    """
    counts = _counts(folder)
    if not counts:
        known = ", ".join(sorted({ending for some in ENDINGS.values() for ending in some}))
        raise InvalidDatasetError(
            f"The folder {folder.name} holds nothing to label: neither {_listed(WORDS.values())}. "
            f"Choose a folder of files that end in {known}, or a table or an array."
        )
    return max(counts, key=lambda kind: counts[kind])


def left_out(folder: Path, kind: DatasetKind) -> str | None:
    """Return a sentence about files that are samples of another kind."""
    others = {other: n for other, n in _counts(folder).items() if other != kind}
    if not others:
        return None
    words = _listed([f"{WORDS[other]} ({n:,})" for other, n in others.items()], "and")
    return f"The folder also holds files of another kind, which are left out: {words}."


def folder_files(folder: Path, root: Path, kind: DatasetKind) -> list[Path]:
    """Return the files of a kind in a folder and its subfolders, in the order people sort names.

    Raises
    ------
    InvalidDatasetError
        If there are none.
    PathOutsideRootError
        If a link leads out of `root`.
    """
    found = list(_files(folder, ENDINGS[kind]))
    if not found:
        raise InvalidDatasetError(
            f"The folder {folder.name} holds no {WORDS[kind]}; they end in "
            f"{', '.join(sorted(ENDINGS[kind]))}."
        )
    real_root = root.resolve()
    for path in found:
        # Not `resolve`, which raises where links go in a circle.
        if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(real_root):
            raise PathOutsideRootError(
                f"{path.relative_to(folder)} is a link that leads out of the server's root "
                "folder; copy the file into the folder."
            )
        if not path.is_file():
            raise InvalidDatasetError(
                f"{path.relative_to(folder)} is no file that can be read; take it out of the "
                "folder."
            )
    return sorted(found, key=lambda path: _natural(path.relative_to(folder)))


def names_digest(folder: Path) -> str:
    """Return what differs when other files are in a folder."""
    endings = {ending for some in ENDINGS.values() for ending in some}
    names = sorted(os.fsencode(path) for path in _files(folder, endings))
    return hashlib.sha256(b"\0".join(names)).hexdigest()


def _counts(folder: Path) -> Counter[DatasetKind]:
    kinds = {ending: kind for kind, endings in ENDINGS.items() for ending in endings}
    return Counter(kinds[path.suffix.lower()] for path in _files(folder, kinds))


def _files(folder: Path, endings: Collection[str]) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            if not name.startswith(".") and Path(name).suffix.lower() in endings:
                yield Path(place, name)


def _natural(path: Path) -> list[tuple[int, int | str]]:
    """Return a sort key by which file 2 comes before file 10."""
    parts = re.split(r"(\d+)", path.as_posix().lower())
    return [(0, int(part)) if part.isdecimal() else (1, part) for part in parts]


def name_in(folder: Path, file: Path) -> str:
    """Return what a person knows a file by: its path below the folder."""
    return _readable(file.relative_to(folder))


def subfolder_of(folder: Path, file: Path) -> str:
    """Return the subfolder that a file lies in; empty at the top."""
    parent = _readable(file.relative_to(folder).parent)
    return "" if parent == "." else parent


def _readable(path: Path) -> str:
    """Return a path as text; what is not UTF-8 in it becomes a replacement character."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


def check_label_column(label_column: str | None) -> None:
    """Refuse labels that a folder can't give."""
    if label_column not in (None, FOLDER):
        raise InvalidSettingError(
            f'A folder has no column "{label_column}"; its labels can only be '
            f'the names of its subfolders: "{FOLDER}".'
        )


def subfolder_labels(
    folder: Path, files: Sequence[Path], label_column: str | None
) -> ImportedLabels:
    """Return the names of subfolders as labels, where they are asked for."""
    if label_column is None:
        return ImportedLabels()
    named = [(i, name) for i, path in enumerate(files) if (name := subfolder_of(folder, path))]
    return ImportedLabels(
        sample_ids=np.array([i for i, _ in named], dtype=np.int64),
        labels=[name for _, name in named],
        classes=sorted_classes({name for _, name in named}),
    )


def require_readable(files: Sequence[Path], damaged: Sequence[str], word: str) -> None:
    """Refuse a folder none of whose files could be read."""
    if len(damaged) == len(files):
        raise InvalidDatasetError(
            f"No file of the folder is a {word} that can be read ({some_of(damaged)}); write or "
            "copy them again."
        )


def damaged_files(damaged: Sequence[str], word: str) -> list[str]:
    """Return what a person should know of files that could not be read."""
    if not damaged:
        return []
    n = "1 file is" if len(damaged) == 1 else f"{len(damaged):,} files are"
    return [
        f"{n} no {word} that can be read ({some_of(damaged)}); they keep their places and say so "
        "when they come, so skip them."
    ]


def some_of(names: Sequence[str]) -> str:
    """Return the first few of many names."""
    return ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")


def _listed(words: Collection[str], last: str = "nor") -> str:
    *first, end = words
    return f"{', '.join(first)} {last} {end}" if first else end
