"""Samples of a table, read by position from a memory-mapped Arrow file."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from jupyterlab_al.datasets import bundles
from jupyterlab_al.datasets.array_samples import position_of
from jupyterlab_al.datasets.description import DisplayKind
from jupyterlab_al.datasets.mime_cells import mime_bundle
from jupyterlab_al.datasets.record import TABLE, DatasetRecord
from jupyterlab_al.datasets.series import cell_bundle
from jupyterlab_al.datasets.values import python_value, python_values

if TYPE_CHECKING:
    import pyarrow as pa

#: Batches whose metadata stays decoded; a claim reads from few places at a time.
KEPT_BATCHES = 16


class TableSamples:
    """Rows of `samples.arrow`; only the columns that are shown are ever read."""

    def __init__(self, folder: Path, record: DatasetRecord, first: int = 0) -> None:
        import pyarrow as pa

        #: The sample that the first row is.
        self._first = first
        self._display = record.display
        self._rows = record.batch_rows
        self._original_from = record.original_from
        self._n_samples = record.n_samples
        self._shown = self._shown_columns(record)
        self._key = record.key_column
        self._described = record.display.column if record.content_column else None
        self._content = record.content_column or self._shown[0]
        self._place = {name: n for n, (name, _) in enumerate(record.columns)}
        self._file = pa.memory_map(str(folder / TABLE))
        # All columns of a batch, since asking for some costs ten times as much: nothing is
        # read before a value is looked at.
        self._reader = pa.ipc.open_file(self._file)
        self._batches: OrderedDict[int, Any] = OrderedDict()
        self._lock = Lock()

    @staticmethod
    def _shown_columns(record: DatasetRecord) -> tuple[str, ...]:
        named = record.display.all_columns
        return named or tuple(name for name, _ in record.columns)

    def key(self, i: int) -> str:
        """Return the value of the key column, or the position where it is missing."""
        value = None if self._key is None else self._values(i, (self._key,))[0]
        return bundles.as_text(value) or str(i + self._first)

    def keys(self, ids: Iterable[int]) -> list[str]:
        """Return the keys of many samples."""
        wanted = list(ids)
        if self._key is None or not wanted:
            return [str(i + self._first) for i in wanted]
        values = python_values(self._rows_of(wanted, [self._key]).column(0).combine_chunks())
        named = zip(wanted, values, strict=True)
        return [bundles.as_text(value) or str(i + self._first) for i, value in named]

    @property
    def data_schema(self) -> pa.Schema:
        """Names and types of what `data` returns."""
        schema = self._reader.schema
        if self._described is None:
            return schema
        # Bytes take the place of what describes them.
        content = schema.field(self._content).with_name(self._described)
        schema = schema.remove(schema.get_field_index(self._content))
        return schema.set(schema.get_field_index(self._described), content)

    def data(self, ids: Sequence[int]) -> pa.Table:
        """Return all columns of many samples, in the order asked for."""
        names = {self._described: self._content}
        schema = self.data_schema
        table = self._rows_of(ids, [names.get(name, name) for name in schema.names])
        return table.rename_columns(schema.names).cast(schema)

    def _rows_of(self, ids: Sequence[int], names: Sequence[str]) -> pa.Table:
        """Return columns of many samples; each batch is looked at once."""
        import pyarrow as pa

        wanted = np.asarray(ids, dtype=np.int64)
        order = np.argsort(wanted, kind="stable")
        indices, starts = np.unique(wanted[order] // self._rows, return_index=True)
        pieces = []
        for index, rows in zip(indices, np.split(wanted[order], starts[1:]), strict=True):
            batch = self._batch(int(index))
            columns = [batch.column(self._place[name]) for name in names]
            taken = pa.array(rows % self._rows)
            pieces.append([column.take(taken) for column in columns])
        table = pa.table([pa.chunked_array(of) for of in zip(*pieces, strict=True)], list(names))
        if np.array_equal(order, np.arange(len(order))):
            return table
        return table.take(pa.array(np.argsort(order)))

    def positions(self, keys: Sequence[str]) -> list[int | None]:
        """Return the samples of some keys, the first of several alike; None where there is none.

        It reads the key column once, batch by batch.
        """
        if self._key is None:
            return [position_of(key, self._n_samples) for key in keys]
        wanted, found = set(keys), dict[str, int]()
        for index in range(self._reader.num_record_batches):
            column = self._batch(index).column(self._place[self._key])
            for row, value in enumerate(python_values(column), start=index * self._rows):
                key = bundles.as_text(value) or str(row + self._first)
                if key in wanted:
                    found.setdefault(key, row)
            if len(found) == len(wanted):
                break
        return [found.get(key) for key in keys]

    def display(self, i: int) -> bundles.Bundle:
        """Return the bundle of one sample."""
        values = self._values(i, self._shown)
        bundle = row_as_bundle(self._display.kind, list(zip(self._shown, values, strict=True)))
        if self._original_from is not None and bundles.IMAGE_INFO in bundle:
            info = bundle[bundles.IMAGE_INFO]
            if max(info["width"], info["height"]) >= self._original_from:
                info["original"] = True
        return bundle

    def raw(self, i: int) -> object:
        """Return the value of the one shown column, or of the column with the bytes."""
        return self._values(i, (self._content,))[0]

    def _values(self, i: int, names: Sequence[str]) -> list[Any]:
        batch, row = self._batch(i // self._rows), i % self._rows
        return [python_value(batch.column(self._place[name])[row]) for name in names]

    def _batch(self, index: int) -> Any:
        with self._lock:
            batch = self._batches.get(index)
            if batch is None:
                batch = self._reader.get_batch(index)
                self._batches[index] = batch
                if len(self._batches) > KEPT_BATCHES:
                    self._batches.popitem(last=False)
            else:
                self._batches.move_to_end(index)
            return batch

    def close(self) -> None:
        """Let go of the file."""
        self._batches.clear()
        self._file.close()


def row_as_bundle(kind: DisplayKind, pairs: Sequence[tuple[str, object]]) -> bundles.Bundle:
    """Return what is shown of one row, given the names and values of the shown columns."""
    if kind == "row":
        return bundles.row_bundle(pairs)
    value = pairs[0][1]
    if kind == "markdown":
        return bundles.markdown_bundle(value)
    if kind == "mime":
        return mime_bundle(value)
    if kind == "audio":
        return bundles.audio_bundle(value)
    if kind == "series":
        return cell_bundle(value)
    if kind == "image":
        content = image_bytes(value)
        found = bundles.encoded_image(content) if content else None
        if content and found:
            return bundles.image_bundle(content, *found)
        return {"text/plain": "This sample holds no image that can be shown."}
    return bundles.text_bundle(value)


def image_bytes(value: object) -> bytes | None:
    """Return the encoded image in a cell: bytes, or a mapping with `bytes` as some tools write."""
    if isinstance(value, dict):
        value = value.get("bytes")
    return value if isinstance(value, bytes) else None
