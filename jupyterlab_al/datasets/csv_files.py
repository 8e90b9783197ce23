"""CSV and TSV files, streamed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyterlab_al.datasets.broken_rows import BrokenRows
from jupyterlab_al.datasets.encodings import find_encoding
from jupyterlab_al.datasets.reading import (
    MAX_ROW_BYTES,
    TableSource,
    TypesWidenedError,
    check_columns,
    damage_in_words,
    plain_schema,
    to_schema,
)
from jupyterlab_al.domain.errors import InvalidDatasetError

if TYPE_CHECKING:
    import pyarrow as pa

SEPARATORS = (",", ";", "\t", "|")
#: Bytes parsed at a time; also what types are first guessed from.
BLOCK_BYTES = 1 << 20
#: Bytes in which the encoding is looked for when only the first rows are read.
PEEK_BYTES = 4 << 20

_CONVERSION = re.compile(r"In CSV column #(\d+): .*?conversion error to ([a-z]+)", re.DOTALL)
_RAGGED = re.compile(r"Row #(\d+): Expected (\d+) columns, got (\d+)")
#: The next type to try when a value does not fit; everything else becomes text.
_WIDER = {"null": "int64", "int": "double"}


class CsvFile(TableSource):
    """A file of separated values with a header line."""

    def __init__(
        self, path: Path, *, text_columns: frozenset[str] = frozenset(), peek: bool = False
    ) -> None:
        """Look at the header; `text_columns` are never read as numbers (00123 stays 00123)."""
        super().__init__()
        self.name = path.name
        self._path = path
        self._size = path.stat().st_size
        if not self._size:
            raise InvalidDatasetError(f"{path.name} is empty; choose a file with rows.")
        encoding = find_encoding(path, limit=PEEK_BYTES if peek else None)
        self._encoding = encoding.name
        self.problems += [encoding.problem] if encoding.problem else []
        self.problems += [] if peek else self._odd_quotes()
        self._block, self._blocks = BLOCK_BYTES, 0
        self.broken: BrokenRows = BrokenRows(self.name, "row")
        self._types = dict.fromkeys(text_columns, "string")
        self._separator = "\t" if path.suffix.lower() == ".tsv" else self._find_separator()
        self._raw_names: list[str] = self._raw_schema().names
        self._names = [name or f"Unnamed: {n}" for n, name in enumerate(self._raw_names)]
        check_columns(self.name, self._names)

    def schema(self) -> pa.Schema:
        """Return the columns with the types guessed so far."""
        return self._named(self._raw_schema())

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows; one that does not fit the header is a row without values."""
        import pyarrow as pa

        self.broken = BrokenRows(self.name, "row")
        self._blocks = n_rows = 0
        try:
            # Closed, for it reads ahead: a program must not end while it does.
            with self._open(self.broken) as reader:
                schema = self._named(reader.schema)
                for batch in reader:
                    self._blocks += 1
                    whole = self._with_broken(to_schema(batch, schema), n_rows)
                    n_rows += whole.num_rows
                    self.broken.check(n_rows)
                    yield whole
        except pa.ArrowInvalid as error:
            self._adapt(error)
            raise TypesWidenedError from error
        last = self._with_broken(_no_values(schema, 0), n_rows)
        self.broken.check(n_rows + last.num_rows, at_end=True)
        if last.num_rows:
            yield last

    def progress(self) -> float:
        """Return the share of the file that has been read."""
        return min(1.0, self._blocks * self._block / self._size)

    def _with_broken(self, batch: pa.RecordBatch, first: int) -> pa.RecordBatch:
        """Return a batch with a row of missing values at the place of each broken row.

        `first` is the number of rows before it.
        """
        import pyarrow as pa

        parts, taken, place = [], 0, first
        while self.broken.places and self.broken.places[0] - place <= batch.num_rows - taken:
            gap = self.broken.places.popleft() - place
            parts += [batch.slice(taken, gap), _no_values(batch.schema, 1)]
            taken, place = taken + gap, place + gap + 1
        if not parts:
            return batch
        table = pa.Table.from_batches([*parts, batch.slice(taken)])
        return table.combine_chunks().to_batches()[0]

    def _on_broken(self, broken: BrokenRows, row: Any) -> str:
        """Keep the place of a row with too many or too few values; called while parsing."""
        if row.text is None or "\n" in row.text.strip() or row.text.count('"') % 2:
            # A quote that is never closed may have swallowed other rows.
            return "error"
        broken.add(
            row.number,
            self._ragged(row.number, row.actual_columns, row.expected_columns),
            # Rows are counted from 1, and the header is one.
            place=row.number - 2,
        )
        return "skip"

    def _ragged(self, number: object, found: object, expected: object) -> InvalidDatasetError:
        return InvalidDatasetError(
            f"Row {number} of {self.name} (the header is row 1) has {found} values but the header "
            f"has {expected} columns. Put values that contain the separator in double quotes, or "
            "correct the row."
        )

    def _named(self, schema: pa.Schema) -> pa.Schema:
        import pyarrow as pa

        plain = plain_schema(schema)
        return pa.schema(
            [field.with_name(name) for field, name in zip(plain, self._names, strict=True)]
        )

    def _raw_schema(self) -> pa.Schema:
        with self._open() as reader:
            return reader.schema

    def _open(self, broken: BrokenRows | None = None) -> Any:
        """Return a reader of batches; types come from the first block.

        It reads ahead and tells of broken rows meanwhile, so each has a `broken` of its own.
        """
        import pyarrow as pa

        while True:
            try:
                return self._open_once(broken or BrokenRows(self.name, "row"))
            except pa.ArrowInvalid as error:
                self._adapt(error)

    def _open_once(self, broken: BrokenRows) -> Any:
        import pyarrow.csv as arrow_csv

        broken.clear()
        return arrow_csv.open_csv(
            self._path,
            # One thread, so that an error knows the number of its row.
            read_options=arrow_csv.ReadOptions(
                block_size=self._block, use_threads=False, encoding=self._encoding
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self._separator,
                newlines_in_values=True,
                invalid_row_handler=partial(self._on_broken, broken),
            ),
            convert_options=arrow_csv.ConvertOptions(column_types=self._types),
        )

    def _adapt(self, error: Exception) -> None:
        """Make the next try succeed where this one failed, or say what is wrong."""
        said = str(error)
        if "straddl" in said and self._block < MAX_ROW_BYTES:
            self._block = MAX_ROW_BYTES
        elif found := _CONVERSION.search(said):
            name = self._raw_names[int(found[1])]
            self._types[name] = _WIDER.get(found[2], "string")
        else:
            self._explain(said, error)

    def _explain(self, said: str, error: Exception) -> None:
        ragged = _RAGGED.search(said)
        if ragged:
            raise self._ragged(ragged[1], ragged[3], ragged[2]) from error
        if "straddl" in said:
            raise InvalidDatasetError(
                f"A row of {self.name} is longer than {MAX_ROW_BYTES:,} bytes; perhaps a double "
                "quote is opened and never closed. Correct the row or leave it out."
            ) from error
        if "Empty CSV" in said:
            raise InvalidDatasetError(
                f"{self.name} has no header line; the first line must name the columns."
            ) from error
        with damage_in_words(self.name, "CSV"):
            raise error

    def _odd_quotes(self) -> list[str]:
        """Say so when a quote may have swallowed the rows after it."""
        count = 0
        with self._path.open("rb") as file:
            while chunk := file.read(BLOCK_BYTES):
                count += chunk.count(b'"')
        if count % 2 == 0 or self._encoding.startswith("utf-16"):
            return []
        return [
            f"{self.name} has an odd number of double quotes; if a sample holds many rows, a quote "
            "in it is never closed."
        ]

    def _find_separator(self) -> str:
        """Return the separator that the header line has most of; a comma if none."""
        with self._path.open(encoding=self._encoding, errors="replace") as file:
            header = re.sub(r'"[^"]*"', "", file.readline(MAX_ROW_BYTES))
        return max(SEPARATORS, key=header.count)


def _no_values(schema: pa.Schema, n: int) -> pa.RecordBatch:
    """Return `n` rows without values."""
    import pyarrow as pa

    return pa.RecordBatch.from_arrays([pa.nulls(n, field.type) for field in schema], schema=schema)
