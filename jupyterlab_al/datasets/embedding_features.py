"""Features that a model of the person's choice makes of texts, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from jupyterlab_al.datasets.embedding_models import EmbeddingModel
from jupyterlab_al.datasets.npy_writer import NpyWriter
from jupyterlab_al.datasets.record import DENSE
from jupyterlab_al.datasets.stored_table import StoredTable
from jupyterlab_al.datasets.text_features import texts_of

#: Texts that a model is given at once.
BATCH_TEXTS = 256


def write_embedding_features(
    table: StoredTable,
    columns: Sequence[str],
    model: EmbeddingModel,
    folder: Path,
    report: Callable[[float], None],
) -> int:
    """Write what `model` makes of the texts as `dense.npy` (float32); return the rows' width."""
    first, *_ = next(_texts(table, columns))
    width = int(model.rows(first[:1]).shape[1])
    with NpyWriter(folder / DENSE, np.float32, (width,)) as dense:
        for texts, done in _texts(table, columns):
            dense.append(model.rows(texts, dense.rows))
            report(done)
    return width


def _texts(table: StoredTable, columns: Sequence[str]) -> Iterator[tuple[list[str], float]]:
    """Yield the texts in pieces, each with the share that is done after it."""
    for n, batch in enumerate(table.batches(columns)):
        for start in range(0, batch.num_rows, BATCH_TEXTS):
            piece = batch.slice(start, BATCH_TEXTS)
            yield texts_of(piece), (n + (start + piece.num_rows) / batch.num_rows) / table.n_batches
