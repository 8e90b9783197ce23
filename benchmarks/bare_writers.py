"""An export written once more by nothing but the library of its format."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from benchmarks.machine import seconds_of

#: Rows that are kept in memory and written; the time is scaled to all.
ROWS = 100_000


def rewritten(path: Path, file_format: str) -> tuple[int, float]:
    """Return how many rows an export has, and the seconds in which they are written bare."""
    n, kept, write = _OF[file_format](path)
    return n, seconds_of(lambda: write(path.with_name("bare"))) * n / max(kept, 1)


Bare = tuple[int, int, Callable[[Path], None]]


def _csv(path: Path) -> Bare:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(islice(csv.reader(file), 1, ROWS + 1))
        n = len(rows) + sum(1 for _ in file)

    def write(to: Path) -> None:
        with to.open("w", newline="", encoding="utf-8") as out:
            csv.writer(out).writerows(rows)

    return n, len(rows), write


def _jsonl(path: Path) -> Bare:
    with path.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in islice(file, ROWS)]
        n = len(rows) + sum(1 for _ in file)
    return n, len(rows), lambda to: _write_lines(to, rows)


def _tasks(path: Path) -> Bare:
    with path.open(encoding="utf-8") as file:
        lines = islice(file, 1, ROWS + 1)
        rows = [json.loads(line.rstrip(",\n")) for line in lines if line.startswith("{")]
        n = len(rows) + sum(line.startswith("{") for line in file)
    return n, len(rows), lambda to: _write_lines(to, rows)


def _write_lines(to: Path, rows: list[object]) -> None:
    with to.open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def _parquet(path: Path) -> Bare:
    from pyarrow import parquet

    table = parquet.read_table(path)
    return table.num_rows, table.num_rows, lambda to: parquet.write_table(table, to)


def _folder(path: Path) -> Bare:
    """Write the same Arrow stream, packed as fast."""
    import pyarrow as pa

    with zipfile.ZipFile(path) as packed:
        [name] = [each for each in packed.namelist() if each.endswith(".arrow")]
        with packed.open(name) as stream:
            table = pa.ipc.open_stream(stream).read_all()

    def write(to: Path) -> None:
        stream = to.with_suffix(".arrow")
        with pa.ipc.new_stream(stream, table.schema) as out:
            out.write_table(table)
        with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            packed.write(stream)

    return table.num_rows, table.num_rows, write


_OF: dict[str, Callable[[Path], Bare]] = {
    "csv": _csv,
    "jsonl": _jsonl,
    "parquet": _parquet,
    "hf": _folder,
    "label-studio": _tasks,
}
