"""Texts in a folder: each file read in the encoding that it has, and never too much of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jupyterlab_al.datasets.encodings import find_encoding
from jupyterlab_al.domain.errors import InvalidDatasetError

#: Bytes of a file that are shown and learned from: nobody reads more.
MAX_BYTES = 1_000_000
MARKDOWN = frozenset({".md", ".markdown"})


@dataclass(frozen=True, kw_only=True, slots=True)
class TextFile:
    """One text of a folder."""

    #: None where the file is no text.
    text: str | None
    is_cut: bool = False
    #: Whether the encoding had to be guessed.
    is_guessed: bool = False


def read_text_file(path: Path) -> TextFile:
    """Return the text of a file; one that is no text is no error."""
    try:
        encoding = find_encoding(path, limit=MAX_BYTES)
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, InvalidDatasetError):
        return TextFile(text=None)
    # The last letter may be cut in two.
    text = content[:MAX_BYTES].decode(encoding.name, errors="ignore")
    if "\0" in text:
        return TextFile(text=None)
    return TextFile(
        text=text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"),
        is_cut=len(content) > MAX_BYTES,
        is_guessed=encoding.problem is not None,
    )


def is_markdown(path: Path) -> bool:
    """Return whether a file's name says that it is Markdown."""
    return path.suffix.lower() in MARKDOWN
