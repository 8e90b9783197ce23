"""Further samples of a project, encoded with what was fitted when its data was imported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from jupyterlab_al.datasets.array_features import pixels_of, values_of
from jupyterlab_al.datasets.audio_files import read_sound
from jupyterlab_al.datasets.image_files import read_picture
from jupyterlab_al.datasets.record import ARRAY, ENCODER, FEATURES, DatasetRecord, vectorizer_path
from jupyterlab_al.domain.errors import InvalidDatasetError

if TYPE_CHECKING:
    import pyarrow as pa
    from scipy.sparse import csr_matrix

#: Takes further samples: rows of a table, an array or files.
Encoder: TypeAlias = Callable[[Any], "NDArray[np.float32] | csr_matrix"]


def open_encoder(folder: Path, *, allowed: Sequence[str] = ()) -> Encoder:
    """Return what turns further samples into features as those of the import were.

    Nothing is fitted again, so the features of the samples that are there stay true. Open it once
    and call it batch by batch; call it only in a process that may crash.

    Parameters
    ----------
    folder : Path
        The project folder, with its record and features.
    allowed : sequence of str, default=()
        Modules that a model of kind `embedding` may be imported from.

    Returns
    -------
    callable
        Gives float32 features of shape (n, n_features), as a CSR matrix for texts. It takes, by
        the kind of features,

        - `text`, `columns`, `embedding`: a record batch with (at least) the columns learned from,
          in the types of `samples.arrow`;
        - `pixels`, `array` of an array: an array of samples, as the first one was;
        - `precomputed`: an array of features, one row a sample;
        - `pixels`, `audio` of a folder: paths of files.

        It raises InvalidDatasetError where the samples are of another kind or shape.
    """
    record = DatasetRecord.read(folder)
    kind = record.features.kind
    if kind == "text":
        return _text_encoder(folder, record)
    if kind == "columns":
        return _column_encoder(folder, record)
    if kind == "embedding":
        return _embedding_encoder(record, allowed)
    if kind == "audio":
        return lambda files: np.stack([read_sound(file).features for file in files])
    if kind == "pixels" and record.store == "table":
        return lambda files: np.stack([read_picture(file).features for file in files])
    return _array_encoder(folder, record)


def _text_encoder(folder: Path, record: DatasetRecord) -> Encoder:
    from jupyterlab_al.datasets.text_features import read_vectorizer, texts_of

    vectorizer = read_vectorizer(vectorizer_path(folder))

    def encode(batch: pa.RecordBatch) -> csr_matrix:
        X: csr_matrix = vectorizer.transform(texts_of(_selected(batch, record)))
        X.sort_indices()
        return X

    return encode


def _column_encoder(folder: Path, record: DatasetRecord) -> Encoder:
    from jupyterlab_al.datasets.column_cells import cells_of
    from jupyterlab_al.datasets.column_encoder import read_encoder

    encoder = read_encoder(folder / FEATURES / ENCODER)
    return lambda batch: encoder.transform(cells_of(_selected(batch, record))[0])


def _embedding_encoder(record: DatasetRecord, allowed: Sequence[str]) -> Encoder:
    from jupyterlab_al.datasets.embedding_models import EmbeddingModel
    from jupyterlab_al.datasets.text_features import texts_of

    model = EmbeddingModel.load(record.features.model, allowed)
    model.width = record.n_features
    return lambda batch: model.rows(texts_of(_selected(batch, record)))


def _array_encoder(folder: Path, record: DatasetRecord) -> Encoder:
    shape = (record.n_features,)
    if record.features.kind != "precomputed":
        first: NDArray[Any] = np.load(folder / ARRAY, mmap_mode="r", allow_pickle=False)
        shape = first.shape[1:]
    image = record.image

    def encode(rows: NDArray[Any]) -> NDArray[np.float32]:
        _check_rows(rows, shape)
        values = values_of(rows, "The array")
        return pixels_of(rows, image) if record.features.kind == "pixels" and image else values

    return encode


def _selected(batch: pa.RecordBatch, record: DatasetRecord) -> pa.RecordBatch:
    names = record.features.all_columns
    missing = [name for name in names if name not in batch.schema.names]
    if missing:
        raise InvalidDatasetError(
            f'The further rows have no column "{missing[0]}", which the model learns from; add it.'
        )
    return batch.select(list(names))


def _check_rows(rows: NDArray[Any], shape: tuple[int, ...]) -> None:
    if rows.dtype.kind not in "biuf":
        raise InvalidDatasetError(f"The further samples hold {rows.dtype}, not numbers.")
    if rows.shape[1:] != shape:
        raise InvalidDatasetError(
            f"The further samples have shape {rows.shape[1:]} each, those of the project {shape}; "
            "give samples of the same shape."
        )
