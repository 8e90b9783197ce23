"""JSON files that hold one list of objects, read object by object."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from jupyterlab_al.datasets.reading import MAX_ROW_BYTES
from jupyterlab_al.domain.errors import InvalidDatasetError

#: Characters read at once.
PIECE = 2**16
_SPACE = " \t\r\n"


def is_list(path: Path) -> bool:
    """Return whether the first thing in a JSON file is a list."""
    with path.open("rb") as file:
        start = file.read(PIECE).removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith(b"[")


def objects(path: Path, encoding: str, on_read: Callable[[int], None]) -> Iterator[dict[str, Any]]:
    """Yield the objects of the list in a JSON file; only one of them is in memory.

    Raises
    ------
    InvalidDatasetError
        It is no list, is cut off, or holds something that is no object; the message names it.
    """
    with path.open(encoding=encoding, newline="") as file:
        window = _Window(file, path.name, on_read)
        if window.next_sign() != "[":
            raise InvalidDatasetError(
                f"{path.name} holds no list; a file of data in JSON is a list of objects, as Label "
                "Studio exports it, or has one object a line and ends in .jsonl."
            )
        window.skip()
        number = 0
        while (sign := window.next_sign()) != "]":
            if number and sign == ",":
                window.skip()
                sign = window.next_sign()
            elif number:
                raise window.broken(number + 1, "there is no comma before it")
            number += 1
            if sign != "{":
                raise window.broken(number, "it is no object" if sign else "the file is cut off")
            yield window.object(number)
        window.skip()
        if window.next_sign():
            raise InvalidDatasetError(f"{path.name} goes on after its list; keep one list only.")


class _Window:
    """The part of the file that is in memory."""

    def __init__(self, file: IO[str], name: str, on_read: Callable[[int], None]) -> None:
        self._file = file
        self._name = name
        self._on_read = on_read
        self._decoder = json.JSONDecoder()
        self._text = ""
        self._at = 0

    def next_sign(self) -> str:
        """Return the next character that is no space; nothing at the end of the file."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in _SPACE:
                    return self._text[self._at]
                self._at += 1
            if not self._more(PIECE):
                return ""

    def skip(self) -> None:
        """Go on behind the next character."""
        self._at += 1

    def object(self, number: int) -> dict[str, Any]:
        """Return the object that begins here; more is read until it is whole."""
        while True:
            try:
                found: dict[str, Any]
                found, self._at = self._decoder.raw_decode(self._text, self._at)
            except RecursionError:
                raise self.broken(number, "it is nested too deep") from None
            except ValueError as error:
                held = len(self._text) - self._at
                if held > MAX_ROW_BYTES:
                    raise self.broken(
                        number, f"it is longer than {MAX_ROW_BYTES:,} characters, or broken"
                    ) from None
                # Twice as much each time, so that a long object is not read from its start often.
                if not self._more(max(held, PIECE)):
                    reason = str(error).partition(":")[0].lower()
                    raise self.broken(number, f"{reason}, or the file is cut off") from None
            else:
                return found

    def broken(self, number: int, reason: str) -> InvalidDatasetError:
        """Return the error for an object."""
        return InvalidDatasetError(
            f"Object {number:,} of {self._name} can't be read: {reason}. Write or copy it again."
        )

    def _more(self, size: int) -> bool:
        piece = self._file.read(size)
        self._text, self._at = self._text[self._at :] + piece, 0
        self._on_read(len(piece))
        return bool(piece)
