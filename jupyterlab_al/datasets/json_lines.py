"""JSON Lines files: one object a line, streamed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from jupyterlab_al.datasets.broken_rows import BrokenRows
from jupyterlab_al.datasets.encodings import find_encoding
from jupyterlab_al.datasets.reading import (
    BATCH_ROWS,
    MAX_ROW_BYTES,
    TableSource,
    TypesWidenedError,
    check_columns,
)
from jupyterlab_al.domain.errors import InvalidDatasetError

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]

#: Rows from which the columns are first guessed.
GUESS_ROWS = 1000
#: Keys that are columns; more are values, and a table of them is nearly all gaps.
MAX_KEYS = 2000
_INT64 = 2**63


class JsonLinesFile(TableSource):
    """A file with one JSON object a line; its keys are the columns."""

    columns_may_follow = True

    def __init__(self, path: Path, *, peek: bool = False) -> None:
        super().__init__()
        self.name = path.name
        self._path = path
        self._size = path.stat().st_size
        encoding = find_encoding(path, limit=MAX_ROW_BYTES if peek else None)
        self._encoding = "utf-8-sig" if encoding.name == "utf-8" else encoding.name
        self.problems += [encoding.problem] if encoding.problem else []
        self._read = 0
        self._kinds: dict[str, str] = {}
        self.broken: BrokenRows = BrokenRows(self.name, "line")
        self._widen(guessed := list(islice(self._rows(), GUESS_ROWS)))
        if not self._kinds:
            self.broken.check(len(guessed), at_end=True)
            raise InvalidDatasetError(f"{self.name} has no rows; choose a file with rows.")
        check_columns(self.name, list(self._kinds))

    def schema(self) -> pa.Schema:
        """Return the columns in order of first appearance, with the types seen so far."""
        import pyarrow as pa

        return pa.schema([(name, _arrow_type(kind)) for name, kind in self._kinds.items()])

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows; a line that is no object is a row without values."""
        import pyarrow as pa

        schema = self.schema()
        rows, n_rows = self._rows(), 0
        while chunk := list(islice(rows, BATCH_ROWS)):
            n_rows += len(chunk)
            self.broken.check(n_rows, at_end=len(chunk) < BATCH_ROWS)
            if self._widen(chunk):
                raise TypesWidenedError
            columns = [
                pa.array([_fitting(row.get(name), kind) for row in chunk], _arrow_type(kind))
                for name, kind in self._kinds.items()
            ]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)

    def progress(self) -> float:
        """Return the share of the file that has been read."""
        return min(1.0, self._read / max(self._size, 1))

    def _rows(self) -> Iterator[Row]:
        self._read = 0
        self.broken.clear()
        with self._path.open(encoding=self._encoding, newline="\n") as file:
            for number, line in enumerate(_lines(file, self.name), start=1):
                self._read += len(line)
                if line.strip():
                    yield self._row(line, number)

    def _row(self, line: str, number: int) -> Row:
        try:
            return self._object(line, number)
        except InvalidDatasetError as error:
            self.broken.add(number, error)
            return {}

    def _object(self, line: str, number: int) -> Row:
        place = f"Line {number} of {self.name}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            reason = str(error) if isinstance(error, ValueError) else "nested too deep"
            raise InvalidDatasetError(
                f"{place} is not JSON ({reason}); each line must hold one object. Correct the line."
            ) from error
        if not isinstance(row, dict):
            raise InvalidDatasetError(
                f'{place} is no object; write each row as one object, like {{"text": "…"}}.'
            )
        return row

    def _widen(self, rows: list[Row]) -> bool:
        """Let the columns hold `rows`; return whether that changed them."""
        before = dict(self._kinds)
        for row in rows:
            for name, value in row.items():
                seen, kind = self._kinds.get(name), _kind(value)
                if seen != kind:
                    self._kinds[name] = kind if seen is None else _join(seen, kind)
            if len(self._kinds) > MAX_KEYS:
                raise InvalidDatasetError(
                    f"The lines of {self.name} have more than {MAX_KEYS:,} different keys. If the "
                    'keys are values, write them as values, like {"name": "…", "count": 3}; save '
                    "rows of numbers as a .npy array."
                )
        return before != self._kinds


def _lines(file: IO[str], name: str) -> Iterator[str]:
    number = 0
    while line := file.readline(MAX_ROW_BYTES + 1):
        number += 1
        if len(line) > MAX_ROW_BYTES:
            raise InvalidDatasetError(
                f"Line {number} of {name} is longer than {MAX_ROW_BYTES:,} characters; shorten it "
                "or leave it out."
            )
        yield line


def _kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int" if -_INT64 <= value < _INT64 else "text"
    if isinstance(value, float):
        return "float"
    return "text"


def _join(a: str, b: str) -> str:
    if "null" in (a, b):
        return b if a == "null" else a
    return "float" if {a, b} <= {"int", "float"} else "text"


def _arrow_type(kind: str) -> pa.DataType:
    import pyarrow as pa

    types = {"bool": pa.bool_(), "int": pa.int64(), "float": pa.float64()}
    return types.get(kind, pa.string())


def _fitting(value: Any, kind: str) -> Any:
    """Return `value` for a column of `kind`; what is nested becomes JSON text."""
    if value is None or kind not in ("text", "null"):
        return value if kind != "float" or value is None else float(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    # JSON allows halves of surrogate pairs, UTF-8 does not.
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
