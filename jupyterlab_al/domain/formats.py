"""Files that labels leave in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal, get_args

from jupyterlab_al.domain.errors import InvalidSettingError

FileFormat = Literal["csv", "jsonl", "parquet", "hf", "label-studio"]
What = Literal["labels", "annotations", "predictions"]
#: Formats that hold samples with what people said of them, and nothing else.
FOR_TOOLS: frozenset[FileFormat] = frozenset({"hf", "label-studio"})


@dataclass(frozen=True, kw_only=True, slots=True)
class FileKind:
    """How a file of a format is named, and what it is over HTTP."""

    ending: str
    content_type: str


KINDS: dict[FileFormat, FileKind] = {
    "csv": FileKind(ending=".csv", content_type="text/csv; charset=utf-8"),
    "jsonl": FileKind(ending=".jsonl", content_type="application/x-ndjson"),
    "parquet": FileKind(ending=".parquet", content_type="application/vnd.apache.parquet"),
    # A folder that the `datasets` library reads; as one file it is packed.
    "hf": FileKind(ending=".zip", content_type="application/zip"),
    "label-studio": FileKind(ending=".json", content_type="application/json"),
}


def format_of(path: PurePath, asked: str | None = None) -> FileFormat:
    """Return the format asked for, or the one that the ending tells: no ending is a folder.

    >>> format_of(PurePath("labels.csv"))
    'csv'
    >>> format_of(PurePath("reviews"))
    'hf'

    Raises
    ------
    InvalidSettingError
        There is no such format, or the ending tells none.
    """
    if asked:
        return known(asked)
    if not path.suffix:
        return "hf"
    for name, kind in KINDS.items():
        if kind.ending == path.suffix.lower():
            return name
    endings = ", ".join(kind.ending for kind in KINDS.values())
    raise InvalidSettingError(
        f"The ending of {path.name} tells no format; use {endings}, a folder, or name the format."
    )


def known(name: str) -> FileFormat:
    """Return the name of a format; refuse others."""
    for kind in KINDS:
        if kind == name:
            return kind
    raise InvalidSettingError(f"format must be one of {', '.join(KINDS)}.")


def known_what(name: str) -> What:
    """Return what is asked for; refuse what can't be had."""
    what: What
    for what in get_args(What):
        if what == name:
            return what
    raise InvalidSettingError(f"what must be one of {', '.join(get_args(What))}.")
