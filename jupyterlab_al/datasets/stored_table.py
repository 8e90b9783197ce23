"""The imported table, read back column by column while features are made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from jupyterlab_al.datasets.record import TABLE
from jupyterlab_al.datasets.tables import one_batch

if TYPE_CHECKING:
    import pyarrow as pa


class StoredTable:
    """`samples.arrow`, memory-mapped; only the columns asked for are touched."""

    def __init__(self, folder: Path) -> None:
        import pyarrow as pa

        self._file = pa.memory_map(str(folder / TABLE))
        self._reader = pa.ipc.open_file(self._file)
        self.n_batches: int = self._reader.num_record_batches

    def batches(
        self, columns: Sequence[str], *, step: int = 1, together: int = 1
    ) -> Iterator[pa.RecordBatch]:
        """Yield every `step`-th batch with the columns in the order asked for.

        `together` makes one batch of several.
        """
        import pyarrow as pa

        chosen = iter(range(0, self.n_batches, step))
        while some := list(islice(chosen, together)):
            found = [self._reader.get_batch(n).select(list(columns)) for n in some]
            yield one_batch(pa.Table.from_batches(found)) if len(found) > 1 else found[0]

    def first_rows(self, n: int) -> pa.Table:
        """Return the first rows."""
        import pyarrow as pa

        batches, rows = [], 0
        for k in range(self.n_batches):
            batches.append(self._reader.get_batch(k))
            rows += batches[-1].num_rows
            if rows >= n:
                break
        return pa.Table.from_batches(batches, schema=self._reader.schema).slice(0, n)

    def column(self, name: str) -> pa.ChunkedArray:
        """Return a whole column; its values stay in the mapped file."""
        import pyarrow as pa

        return pa.chunked_array(
            [batch.column(0) for batch in self.batches([name])],
            type=self._reader.schema.field(name).type,
        )

    def step_for(self, rows: int, batch_rows: int) -> int:
        """Return the step with which `batches` gives about `rows` rows, spread evenly."""
        return max(1, -(-self.n_batches * batch_rows // rows))
