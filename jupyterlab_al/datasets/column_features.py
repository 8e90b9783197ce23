"""Features of numbers, dates and categories: scaled, filled in and one-hot encoded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from jupyterlab_al.datasets.column_cells import cells_of, joined
from jupyterlab_al.datasets.column_encoder import fitted_encoder, write_encoder
from jupyterlab_al.datasets.npy_writer import NpyWriter
from jupyterlab_al.datasets.reading import BATCH_ROWS
from jupyterlab_al.datasets.record import DENSE, ENCODER
from jupyterlab_al.datasets.stored_table import StoredTable

#: Rows that means, medians and categories come from, spread over the pool.
FIT_ROWS = 200_000
#: Features made together: a call of the encoder costs milliseconds, whatever it is given.
CELLS = 1_000_000


def write_column_features(
    table: StoredTable,
    columns: Sequence[str],
    folder: Path,
    report: Callable[[float], None],
) -> tuple[int, int]:
    """Write features of `columns` as `dense.npy` (float32), and how they were made.

    Returns
    -------
    n_features, n_infinite
        Number of features, and of cells with an infinity, which count as missing.
    """
    step = table.step_for(FIT_ROWS, BATCH_ROWS)
    some = list(table.batches(columns, step=step))
    encoder = fitted_encoder(joined([cells_of(batch)[0] for batch in some]))
    width = encoder.transform(cells_of(some[0].slice(0, 1))[0]).shape[1]
    write_encoder(encoder, folder / ENCODER)
    report(0.3)
    n_infinite = 0
    with NpyWriter(folder / DENSE, np.float32, (width,)) as dense:
        at_once = max(1, CELLS // (BATCH_ROWS * width))
        for n, batch in enumerate(table.batches(columns, together=at_once), start=1):
            cells, infinite = cells_of(batch)
            n_infinite += infinite
            dense.append(encoder.transform(cells))
            report(0.3 + 0.7 * min(1.0, n * at_once / table.n_batches))
    return width, n_infinite
