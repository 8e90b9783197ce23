"""Parquet, Feather and Arrow files, streamed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyterlab_al.datasets.reading import (
    BATCH_ROWS,
    TableSource,
    check_columns,
    damage_in_words,
    plain_schema,
    to_schema,
)

if TYPE_CHECKING:
    import pyarrow as pa

ARROW_MAGIC = b"ARROW1"
#: Rows of a batch when only the first are read: a small file may hold large ones.
PEEK_ROWS = 512


class ParquetFile(TableSource):
    """A Parquet file; only one batch of it is in memory."""

    def __init__(self, path: Path, *, peek: bool = False) -> None:
        import pyarrow.parquet as pq

        super().__init__()
        self.name = path.name
        self._rows = PEEK_ROWS if peek else BATCH_ROWS
        with damage_in_words(self.name, "Parquet"):
            # Without pre-buffering: that would hold a whole row group. And not mapped: a file
            # that becomes shorter meanwhile would end the process.
            self._file = pq.ParquetFile(path, memory_map=False, pre_buffer=False)
            self._schema = plain_schema(self._file.schema_arrow)
        self.n_rows = self._file.metadata.num_rows
        self._read = 0
        check_columns(self.name, self._schema.names)

    def schema(self) -> pa.Schema:
        """Return names and plain types of the columns."""
        return self._schema

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield all rows in order."""
        self._read = 0
        with damage_in_words(self.name, "Parquet"):
            for batch in self._file.iter_batches(self._rows):
                batch.validate(full=True)
                self._read += batch.num_rows
                yield to_schema(batch, self._schema)

    def progress(self) -> float:
        """Return the share of the rows that have been read."""
        return self._read / max(self.n_rows or 0, 1)


class ArrowFile(TableSource):
    """An Arrow file (also called Feather, version 2) or an Arrow stream."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.name = path.name
        self._path = path
        self._size = path.stat().st_size
        self._read = 0
        with path.open("rb") as file:
            self._is_file = file.read(len(ARROW_MAGIC)) == ARROW_MAGIC
        with damage_in_words(self.name, "Arrow"), self._opened() as source:
            reader = self._reader(source)
            self._schema = plain_schema(reader.schema)
            #: What the writer of the file says of its columns.
            self.metadata: dict[bytes, bytes] = dict(reader.schema.metadata or {})
        check_columns(self.name, self._schema.names)

    def schema(self) -> pa.Schema:
        """Return names and plain types of the columns."""
        return self._schema

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield all rows in order."""
        self._read = 0
        with damage_in_words(self.name, "Arrow"), self._opened() as source:
            for batch in self._each(self._reader(source)):
                # The format is not checked on reading, and a wrong offset would crash.
                batch.validate(full=True)
                self._read += batch.nbytes
                yield to_schema(batch, self._schema)

    def progress(self) -> float:
        """Return the share of the file that has been read."""
        return min(1.0, self._read / max(self._size, 1))

    def _opened(self) -> Any:
        import pyarrow as pa

        return pa.OSFile(str(self._path))

    def _reader(self, source: Any) -> Any:
        import pyarrow as pa

        return pa.ipc.open_file(source) if self._is_file else pa.ipc.open_stream(source)

    def _each(self, reader: Any) -> Iterator[pa.RecordBatch]:
        if not self._is_file:
            yield from reader
            return
        for n in range(reader.num_record_batches):
            yield reader.get_batch(n)
