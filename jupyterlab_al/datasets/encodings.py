"""Which encoding a text file has, found by reading it once."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from jupyterlab_al.domain.errors import InvalidDatasetError

CHUNK = 1 << 20
#: Longer marks first: UTF-32's begins like UTF-16's.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Encoding:
    """An encoding by its Python name, and what a person should know about it."""

    name: str
    problem: str | None = None


def find_encoding(path: Path, *, limit: int | None = None) -> Encoding:
    """Return the encoding of the file at `path`, looking at `limit` bytes at most.

    UTF-8 unless a mark or the bytes say otherwise; then Windows' western one, in which every
    file can be read, with a sentence that says so.
    """
    with path.open("rb") as file:
        start = file.read(4096)
    for mark, name in MARKS:
        if start.startswith(mark):
            return _checked(path, name, limit)
    if b"\0" in start:
        return _without_mark(path, start)
    line = _first_bad_line(path, "utf-8", limit)
    if line is None:
        return Encoding(name="utf-8")
    return Encoding(
        name="cp1252" if _first_bad_line(path, "cp1252", limit) is None else "latin-1",
        problem=(
            f"Line {line} of {path.name} is not UTF-8, so the file is read as Western European "
            "(Windows-1252). If letters look wrong, save it as UTF-8."
        ),
    )


def _without_mark(path: Path, start: bytes) -> Encoding:
    """Return UTF-16 for text with a zero in every second byte; other zeros are no text."""
    for name, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[0::2])):
        if zeros.count(0) > 0.7 * len(zeros):
            return Encoding(
                name=name,
                problem=f"{path.name} is read as UTF-16. If it looks wrong, save it as UTF-8.",
            )
    raise InvalidDatasetError(
        f"{path.name} is not a text file (it contains zero bytes); choose another file, or save "
        "it as UTF-8."
    )


def _checked(path: Path, name: str, limit: int | None) -> Encoding:
    line = _first_bad_line(path, name, limit)
    if line is not None:
        raise InvalidDatasetError(
            f"Line {line} of {path.name} is not {name.upper()} though the file's first bytes say "
            "so; save it as UTF-8."
        )
    return Encoding(name=name)


def _first_bad_line(path: Path, name: str, limit: int | None) -> int | None:
    """Return the line, counted from 1, with the first byte that is not `name`."""
    decoder = codecs.getincrementaldecoder(name)()
    lines, read = 1, 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            read += len(chunk)
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return lines + error.object[: error.start].count(b"\n")
            if "\0" in text:
                line = lines + text[: text.index("\0")].count("\n")
                raise InvalidDatasetError(
                    f"Line {line} of {path.name} holds a zero byte, which no text has; correct the "
                    "line, or save the file again."
                )
            lines += text.count("\n")
            if limit is not None and read >= limit:
                return None
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return lines
    return None
