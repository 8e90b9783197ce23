"""The samples of a pool that grew: those of the import, then those of each part."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from jupyterlab_al.datasets import bundles
from jupyterlab_al.datasets.array_samples import ArraySamples, position_of
from jupyterlab_al.datasets.table_samples import TableSamples

if TYPE_CHECKING:
    import pyarrow as pa

Samples = TableSamples | ArraySamples


class GrownSamples:
    """Reads like the samples of one part."""

    def __init__(
        self, parts: Sequence[tuple[int, Samples]], n_samples: int, *, has_keys: bool
    ) -> None:
        self._starts = [start for start, _ in parts]
        self._parts = [part for _, part in parts]
        self._n_samples = n_samples
        self._has_keys = has_keys

    def key(self, i: int) -> str:
        """Return the key of a sample; its position where samples have none."""
        part, row = self._at(i)
        return part.key(row) if self._has_keys else str(i)

    def keys(self, ids: Iterable[int]) -> list[str]:
        """Return the keys of many samples."""
        wanted = list(ids)
        if not self._has_keys:
            return [str(i) for i in wanted]
        found = dict[int, str]()
        for part, rows, samples in self._split(wanted):
            found.update(zip(samples, part.keys(rows), strict=True))
        return [found[i] for i in wanted]

    def positions(self, keys: Sequence[str]) -> list[int | None]:
        """Return the samples of some keys; None where there is none."""
        if not self._has_keys:
            return [position_of(key, self._n_samples) for key in keys]
        found: list[int | None] = [None] * len(keys)
        for start, part in zip(self._starts, self._parts, strict=True):
            for place, row in enumerate(part.positions(keys)):
                if row is not None and found[place] is None:
                    found[place] = start + row
        return found

    @property
    def data_schema(self) -> pa.Schema:
        """Names and types of what `data` returns."""
        return self._parts[0].data_schema

    def data(self, ids: Sequence[int]) -> pa.Table:
        """Return all columns of many samples, in the order asked for."""
        import pyarrow as pa

        tables, order = [], list[int]()
        for part, rows, samples in self._split(ids):
            tables.append(part.data(rows))
            order += samples
        place = {sample: n for n, sample in enumerate(order)}
        table = pa.concat_tables(tables) if tables else self._parts[0].data([])
        return table.take(pa.array([place[i] for i in ids], pa.int64()))

    def display(self, i: int) -> bundles.Bundle:
        """Return the bundle of one sample."""
        part, row = self._at(i)
        return part.display(row)

    def raw(self, i: int) -> object:
        """Return the raw value of one sample."""
        part, row = self._at(i)
        return part.raw(row)

    def close(self) -> None:
        """Let go of the files."""
        for part in self._parts:
            part.close()

    def _at(self, i: int) -> tuple[Samples, int]:
        place = bisect_right(self._starts, i) - 1
        return self._parts[place], i - self._starts[place]

    def _split(self, ids: Iterable[int]) -> list[tuple[Samples, list[int], list[int]]]:
        """Return the parts that hold some samples, with their rows and the samples."""
        by_part: dict[int, list[int]] = {}
        for i in dict.fromkeys(ids):
            by_part.setdefault(bisect_right(self._starts, i) - 1, []).append(i)
        return [
            (self._parts[place], [i - self._starts[place] for i in samples], samples)
            for place, samples in by_part.items()
        ]
