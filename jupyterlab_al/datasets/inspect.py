"""A look at data before anything is made of it: columns, first rows, and what to propose."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyterlab_al.datasets.description import DatasetSpec, DisplaySpec
from jupyterlab_al.datasets.sources import holds_array, settled_kind, source_path

#: Rows shown as the annotator will see them.
PREVIEW_ROWS = 5
_NAME_LENGTH = 48


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column, judged by the first rows."""

    name: str
    type: str
    missing: int
    distinct: int
    example: str | None
    #: How it is best shown, where it is shown alone.
    display: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """One of the first rows, as the annotator will see it."""

    sample_key: str
    display: dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """Something a person should know, beside the field that it belongs to."""

    field: str
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Inspection:
    """What the first rows say; `asdict` gives the reply of `POST datasets/inspect`."""

    n_rows: int
    #: False where the number is an estimate.
    n_rows_exact: bool
    columns: list[Column]
    preview: list[Preview]
    #: A body for `POST projects`.
    proposal: dict[str, Any]
    problems: list[Problem]
    #: Names of the arrays to choose from, where a file holds several.
    arrays: list[str] = field(default_factory=list)


def inspect(root: Path, dataset: DatasetSpec, display: DisplaySpec | None = None) -> Inspection:
    """Return columns, first rows and a proposal; reads the first rows only.

    `root` is the folder that the path is relative to; for an upload, the folder of the uploads.
    The first rows of a table are shown as `display` says, or as proposed.
    """
    # Inside, so that the server's start does not import what reads data.
    from jupyterlab_al.datasets.inspect_array import inspect_array, inspect_demo
    from jupyterlab_al.datasets.inspect_audio import inspect_audio
    from jupyterlab_al.datasets.inspect_images import inspect_images
    from jupyterlab_al.datasets.inspect_table import inspect_table
    from jupyterlab_al.datasets.inspect_texts import inspect_texts

    dataset = settled_kind(root, dataset)
    if dataset.kind == "demo":
        return inspect_demo(dataset)
    path = source_path(root, dataset)
    if dataset.kind == "images":
        return inspect_images(path, root, dataset)
    if dataset.kind == "texts":
        return inspect_texts(path, root, dataset)
    if dataset.kind == "audio":
        return inspect_audio(path, root, dataset)
    if holds_array(path, dataset):
        return inspect_array(path, dataset)
    return inspect_table(path, dataset, display or DisplaySpec())


def project_name(path: Path) -> str:
    """Return a name for a project on the file at `path`: plain letters, digits and dashes."""
    plain = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")[:_NAME_LENGTH]
    return plain.strip("-") or "project"


def project_title(path: Path) -> str:
    """Return a title for people: the file's name with spaces and a capital."""
    words = re.sub(r"[\s_\-.]+", " ", path.stem).strip() or "Project"
    return words[:1].upper() + words[1:200]
