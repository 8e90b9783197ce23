"""A table copied into the project folder, in even batches that can be read by position."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from jupyterlab_al.datasets.behind import Behind
from jupyterlab_al.datasets.reading import TableSource, TypesWidenedError
from jupyterlab_al.datasets.record import TABLE
from jupyterlab_al.datasets.tables import even_batches
from jupyterlab_al.domain.errors import ActiveLearningError, InvalidDatasetError

#: Bytes that an import leaves free.
RESERVED_BYTES = 100_000_000


def import_table(source: TableSource, folder: Path, report: Callable[[float], None]) -> int:
    """Write every row of `source` to `samples.arrow`; return their number.

    Row n of the file is sample n: no row is left out, whatever it holds.
    """
    while True:
        try:
            n_rows = _written(source, folder, report)
        except TypesWidenedError:
            continue
        if not n_rows:
            raise InvalidDatasetError(
                f"{source.name} has columns but no rows; choose a file with rows."
            )
        return n_rows


def _written(source: TableSource, folder: Path, report: Callable[[float], None]) -> int:
    import pyarrow as pa

    n_rows = 0
    # Uncompressed, so that a row is read where it lies in the mapped file.
    with pa.ipc.new_file(str(folder / TABLE), source.schema()) as writer, Behind() as behind:
        for batch in even_batches(source):
            _check_room(folder, batch.nbytes)
            behind.run(writer.write_batch, batch)
            n_rows += batch.num_rows
            report(source.progress())
    return n_rows


def _check_room(folder: Path, n_bytes: int) -> None:
    """Stop before the disk is full: the labels of others are written to it, too."""
    if shutil.disk_usage(folder).free - n_bytes < RESERVED_BYTES:
        raise ActiveLearningError(
            "The disk is nearly full, so the data could not be imported; nothing was kept. Make "
            "room and create the project again.",
            word="disk_full",
        )
