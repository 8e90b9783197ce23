"""What every reader of a table has in common: limits, plain types, and words for damage."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jupyterlab_al.datasets.broken_rows import BrokenRows
from jupyterlab_al.domain.errors import InvalidDatasetError

if TYPE_CHECKING:
    import pyarrow as pa

#: Rows in each batch of `samples.arrow`.
BATCH_ROWS = 8192
#: Bytes of one cell; longer ones can be neither shown nor sent.
MAX_CELL_BYTES = 10_000_000
#: Bytes of one row of a text file.
MAX_ROW_BYTES = 16 * 1024 * 1024
#: A table wider than this should be an array.
MAX_COLUMNS = 10_000


class TypesWidenedError(Exception):
    """A later row needs a wider type or a new column; read again from the start."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BroughtLabel:
    """What somebody said of a row, as the file tells."""

    row: int
    #: Names of the classes chosen.
    classes: tuple[str, ...]
    annotator: str | None = None
    #: Milliseconds since 1970.
    at: int | None = None
    seconds: float | None = None


class TableSource(ABC):
    """A file of rows that can be read from the start, batch by batch, any number of times."""

    #: Name that a person knows the file by.
    name: str
    #: Rows, where the file says so without being read.
    n_rows: int | None = None
    #: Whether rows further down may bring columns that the first ones don't have.
    columns_may_follow = False

    def __init__(self) -> None:
        #: Sentences about the file that a person should know.
        self.problems: list[str] = []
        #: Rows that could not be read, in a kind of file where the others still can.
        self.broken: BrokenRows | None = None
        #: Rows given so far to whoever looks at the beginning only.
        self.rows_read = 0

    @abstractmethod
    def schema(self) -> pa.Schema:
        """Return names and plain types of the columns."""

    @abstractmethod
    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield all rows in order, in memory that does not grow with the file.

        Raises
        ------
        TypesWidenedError
            When a row does not fit the types; call again for batches of wider types.
        """

    def brought(self) -> Iterator[BroughtLabel]:
        """Yield the labels that the file has beside its columns, by row."""
        return iter(())

    def said(self) -> list[str]:
        """Return the sentences about the file and about the rows that were read."""
        return [*self.problems, *(self.broken.sentences() if self.broken else [])]

    def progress(self) -> float:
        """Return the share of the file that has been read; 0 where nobody knows."""
        return 0.0

    def estimated_rows(self) -> int:
        """Return how many rows there may be, judged by those that were read."""
        share = self.progress()
        return self.rows_read if share <= 0 else max(self.rows_read, round(self.rows_read / share))


@contextmanager
def damage_in_words(name: str, kind: str) -> Iterator[None]:
    """Turn what a library says about a damaged file into what a person can do."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError, UnicodeError, EOFError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InvalidDatasetError(
            f"{name} can't be read as {kind}: it is damaged, cut off or of another kind. "
            f"Write or copy it again. ({reason})"
        ) from error


def check_columns(name: str, columns: Sequence[str]) -> None:
    """Refuse a table whose columns can't be told apart."""
    if not columns:
        raise InvalidDatasetError(f"{name} has no columns; choose another file.")
    if len(columns) > MAX_COLUMNS:
        raise InvalidDatasetError(
            f"{name} has {len(columns):,} columns; the most is {MAX_COLUMNS:,}. "
            "Save the numbers as a .npy array instead."
        )
    twice = [column for column, count in Counter(columns).items() if count > 1]
    if twice:
        raise InvalidDatasetError(
            f'{name} has more than one column named "{twice[0]}"; rename them so that they differ.'
        )


def check_cells(name: str, batch: pa.RecordBatch, first_row: int) -> None:
    """Refuse a batch with a cell that is too long to be shown."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if batch.nbytes <= MAX_CELL_BYTES:
        return
    for column, values in zip(batch.schema.names, batch.columns, strict=True):
        if not _has_length(values.type):
            continue
        lengths = pc.binary_length(values)
        longest = pc.max(lengths).as_py() or 0
        if longest > MAX_CELL_BYTES:
            row = first_row + pc.index(lengths, pa.scalar(longest, lengths.type)).as_py()
            raise InvalidDatasetError(
                f'Row {row + 1} of {name} has {longest:,} bytes in column "{column}"; the most '
                f"is {MAX_CELL_BYTES:,}. Shorten the cell or leave the row out."
            )


def _has_length(kind: pa.DataType) -> bool:
    import pyarrow.types as kinds

    return any(
        is_kind(kind)
        for is_kind in (
            kinds.is_string,
            kinds.is_large_string,
            kinds.is_binary,
            kinds.is_large_binary,
        )
    )


def plain_type(kind: pa.DataType) -> pa.DataType:
    """Return the type that values of `kind` are stored in: no dictionaries, no nanoseconds.

    An Arrow file can't change a dictionary on the way, and nanoseconds need pandas to be read.
    """
    import pyarrow as pa
    import pyarrow.types as kinds

    if kinds.is_null(kind):
        return pa.string()
    if kinds.is_dictionary(kind) or kinds.is_run_end_encoded(kind):
        return plain_type(kind.value_type)
    if isinstance(kind, pa.BaseExtensionType):
        return plain_type(kind.storage_type)
    if kinds.is_timestamp(kind):
        return pa.timestamp("us" if kind.unit == "ns" else kind.unit, "UTC" if kind.tz else None)
    if kinds.is_duration(kind) and kind.unit == "ns":
        return pa.duration("us")
    if kinds.is_time64(kind):
        return pa.time64("us")
    if kinds.is_interval(kind):
        # No Parquet file could hold it, and an export must.
        return pa.string()
    return _plain_nested(kind)


def _plain_nested(kind: pa.DataType) -> pa.DataType:
    import pyarrow as pa
    import pyarrow.types as kinds

    # Views are newer than the oldest pyarrow that we support.
    if str(kind) in ("string_view", "binary_view"):
        return pa.string() if str(kind) == "string_view" else pa.binary()
    if kinds.is_list(kind):
        return pa.list_(plain_type(kind.value_type))
    if kinds.is_map(kind):
        # What reads exports for Hugging Face knows no maps.
        key, item = plain_type(kind.key_type), plain_type(kind.item_type)
        return pa.list_(pa.struct([pa.field("key", key), pa.field("value", item)]))
    if kinds.is_struct(kind):
        return pa.struct([pa.field(f.name, plain_type(f.type)) for f in kind])
    return kind


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """Return the schema that rows of `schema` are stored in."""
    import pyarrow as pa

    return pa.schema([pa.field(field.name, plain_type(field.type)) for field in schema])


def to_schema(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Return `batch` in the types of `schema`; nothing is copied where they are the same."""
    import pyarrow as pa

    columns = [
        _plain_values(values, field.type)
        for values, field in zip(batch.columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _plain_values(values: pa.Array, kind: pa.DataType) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.types as kinds

    if isinstance(values, pa.ExtensionArray):
        values = values.storage
    if kinds.is_run_end_encoded(values.type):
        values = pc.run_end_decode(values)
    if kinds.is_interval(values.type):
        return pa.array([None if each is None else _in_words(each) for each in values.to_pylist()])
    if isinstance(values, pa.DictionaryArray):
        values = values.dictionary_decode()
    return values if values.type == kind else values.cast(kind, safe=False)


def _in_words(interval: tuple[int, int, int]) -> str:
    """Return a time span of the calendar as ISO 8601 writes it.

    >>> _in_words((1, 2, 3_500_000_000))
    'P1M2DT3.5S'
    """
    months, days, nanoseconds = interval
    return f"P{months}M{days}DT{nanoseconds / 1e9:g}S"
