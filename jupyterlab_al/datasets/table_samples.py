"""Samples of a table, read by position from a memory-mapped Arrow file."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from jupyterlab_al.datasets import bundles
from jupyterlab_al.datasets.array_samples import position_of
from jupyterlab_al.datasets.description import DisplayKind
from jupyterlab_al.datasets.mime_cells import mime_bundle
from jupyterlab_al.datasets.record import TABLE, DatasetRecord
from jupyterlab_al.datasets.series import cell_bundle
from jupyterlab_al.datasets.values import python_value, python_values

#: Batches whose metadata stays decoded; a claim reads from few places at a time.
KEPT_BATCHES = 16


class TableSamples:
    """Rows of `samples.arrow`; only the columns that are shown are ever read."""

    def __init__(self, folder: Path, record: DatasetRecord) -> None:
        import pyarrow as pa

        self._display = record.display
        self._rows = record.batch_rows
        self._original_from = record.original_from
        self._n_samples = record.n_samples
        self._shown = self._shown_columns(record)
        self._key = record.key_column
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
        return bundles.as_text(value) or str(i)

    def keys(self, ids: Iterable[int]) -> list[str]:
        """Return the keys of many samples."""
        return [self.key(i) for i in ids]

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
                key = bundles.as_text(value) or str(row)
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
