"""Which reader a table needs, and its rows in even batches."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from jupyterlab_al.datasets.arrow_files import ArrowFile, ParquetFile
from jupyterlab_al.datasets.csv_files import CsvFile
from jupyterlab_al.datasets.json_lines import JsonLinesFile
from jupyterlab_al.datasets.label_studio import TasksFile
from jupyterlab_al.datasets.reading import (
    BATCH_ROWS,
    TableSource,
    TypesWidenedError,
    check_cells,
)
from jupyterlab_al.domain.errors import InvalidDatasetError

if TYPE_CHECKING:
    import pyarrow as pa

CSV = (".csv", ".tsv", ".txt")
JSON_LINES = (".jsonl", ".ndjson")
JSON = ".json"
PARQUET = (".parquet", ".pq")
ARROW = (".arrow", ".feather", ".ipc")
#: Bytes of first rows after which a look ends.
PEEK_BYTES = 64 << 20


def open_table(
    path: Path, *, text_columns: frozenset[str] = frozenset(), peek: bool = False
) -> TableSource:
    """Return a reader for the table at `path`, chosen by the ending of its name.

    `peek` says that only the first rows will be read.
    """
    ending = path.suffix.lower()
    if path.is_dir():
        raise InvalidDatasetError(f"{path.name} is a folder; choose a file in it.")
    if not path.stat().st_size:
        raise InvalidDatasetError(f"{path.name} is empty; choose a file with rows.")
    if ending in CSV:
        return CsvFile(path, text_columns=text_columns, peek=peek)
    if ending in JSON_LINES:
        return JsonLinesFile(path, peek=peek)
    if ending == JSON:
        return TasksFile(path, peek=peek)
    if ending in PARQUET:
        return ParquetFile(path, peek=peek)
    if ending in ARROW:
        return ArrowFile(path)
    raise InvalidDatasetError(
        f"{path.name} is no table that can be read; use a file that ends in "
        f"{', '.join((*CSV[:2], JSON_LINES[0], JSON, PARQUET[0], *ARROW[:2]))}."
    )


def first_rows(source: TableSource, n: int) -> pa.Table:
    """Return the first `n` rows of the table, or all if there are fewer.

    Of large rows it returns fewer, so that a server can take a look.
    """
    import pyarrow as pa

    while True:
        taken: list[pa.RecordBatch] = []
        rows = n_bytes = 0
        try:
            for batch in source.batches():
                check_cells(source.name, batch, rows)
                taken.append(batch)
                rows += batch.num_rows
                n_bytes += batch.nbytes
                source.rows_read = rows
                if rows >= n or n_bytes >= PEEK_BYTES:
                    break
        except TypesWidenedError:
            continue
        return pa.Table.from_batches(taken, schema=source.schema()).slice(0, n)


def even_batches(source: TableSource) -> Iterator[pa.RecordBatch]:
    """Yield all rows in batches of `BATCH_ROWS`, the last one shorter."""
    import pyarrow as pa

    waiting: list[pa.RecordBatch] = []
    n_waiting = first_row = 0
    for batch in source.batches():
        check_cells(source.name, batch, first_row)
        first_row += batch.num_rows
        waiting.append(batch)
        n_waiting += batch.num_rows
        while n_waiting >= BATCH_ROWS:
            table = pa.Table.from_batches(waiting)
            yield one_batch(table.slice(0, BATCH_ROWS))
            waiting = table.slice(BATCH_ROWS).to_batches()
            n_waiting -= BATCH_ROWS
    if n_waiting:
        yield one_batch(pa.Table.from_batches(waiting))


def one_batch(table: pa.Table) -> pa.RecordBatch:
    """Return the rows of `table` as one batch; copied only if they are in several."""
    batches = table.to_batches()
    return batches[0] if len(batches) == 1 else table.combine_chunks().to_batches()[0]
