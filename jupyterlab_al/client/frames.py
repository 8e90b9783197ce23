"""Data of a notebook on its way to the server: as Arrow or `.npy`, never as text."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyterlab_al.client.errors import InvalidInputError
from jupyterlab_al.client.http import Http

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

#: Column of texts that come as a plain list.
TEXT = "text"
#: Columns for what a frame keeps beside its columns.
KEY, LABEL = "key", "label"
#: Rows written together.
BATCH_ROWS = 65_536
#: Cells of sparse features that are made dense; more take too much memory.
DENSE_CELLS = 500_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """A dataset that the server has."""

    #: As in the body of `POST projects`.
    dataset: dict[str, Any]
    label_column: str | None = None
    #: The one column of texts, where the data were nothing else.
    text: str | None = None


def send(http: Http, data: Any, labels: Any = None) -> Sent:
    """Upload data, or name the file that has them.

    Parameters
    ----------
    http : Http
    data : str, Path, DataFrame, Series, array, Arrow table, polars frame, or sequence of str
        A path is relative to the server's root folder: of a file, or of a folder of pictures,
        texts or sounds. Everything else is uploaded.
    labels : str, Series or sequence, optional
        Labels that exist already: a column, or one (or None) for each sample.

    Raises
    ------
    InvalidInputError
        If such data can't be sent; the message says what to do.
    """
    if isinstance(data, str | Path):
        return _file(str(data), labels)
    array = _as_array(data)
    if array is not None:
        if labels is not None:
            raise InvalidInputError(
                "An array has no column for labels; give the data as a DataFrame, or call "
                "project.label({position: label}) afterwards."
            )
        return Sent(dataset={"kind": "upload", "upload_id": _upload_array(http, array)})
    frame, is_text = _as_frame(data)
    label_column = labels if isinstance(labels, str) else None
    if labels is not None and label_column is None:
        frame, label_column = _with_labels(frame, labels)
    table, key = _as_table(frame)
    dataset = {"kind": "upload", "upload_id": _upload_table(http, table), **key}
    return Sent(dataset=dataset, label_column=label_column, text=TEXT if is_text else None)


def send_features(http: Http, X: Any) -> dict[str, Any]:
    """Upload features, one row a sample, and return what describes them.

    Raises
    ------
    InvalidInputError
        If they are no table of numbers.
    """
    import numpy as np

    if hasattr(X, "toarray"):
        if X.shape[0] * X.shape[1] > DENSE_CELLS:
            raise InvalidInputError(
                f"Sparse features of shape {X.shape} are too many to be sent as an array; reduce "
                "them (sklearn.decomposition.TruncatedSVD), or leave features out: texts become "
                "TF-IDF on the server."
            )
        X = X.toarray()
    array = np.asarray(X)
    if array.ndim != 2 or array.dtype.kind not in "biuf":
        raise InvalidInputError(
            f"Features must be numbers of shape (samples, features), not {array.dtype} of shape "
            f"{array.shape}."
        )
    upload = _upload_array(http, np.ascontiguousarray(array, dtype=np.float32))
    return {"kind": "precomputed", "upload_id": upload}


def _file(path: str, labels: Any) -> Sent:
    if labels is not None and not isinstance(labels, str):
        raise InvalidInputError("For a file, labels is the name of the column that holds them.")
    return Sent(dataset={"kind": "auto", "path": path}, label_column=labels)


def _as_array(data: Any) -> Any:
    """Return numbers as an array, None for everything that has columns or texts."""
    import numpy as np

    if hasattr(data, "toarray"):
        return data.toarray()
    if isinstance(data, np.ndarray) and data.dtype.kind in "biuf" and data.ndim >= 2:
        return data
    return None


def _as_frame(data: Any) -> tuple[pd.DataFrame, bool]:
    """Return a frame, and whether it holds nothing but texts."""
    import pandas as pd

    if isinstance(data, pd.DataFrame):
        return data, False
    if isinstance(data, pd.Series):
        return data.to_frame(TEXT), True
    if hasattr(data, "to_arrow"):
        data = data.to_arrow()
    if hasattr(data, "to_pandas"):
        return data.to_pandas(), False
    if isinstance(data, Sequence) or hasattr(data, "tolist"):
        values = list(data)
        if values and all(isinstance(value, dict) for value in values):
            return pd.DataFrame(values), False
        if values and all(isinstance(value, str) for value in values):
            return pd.DataFrame({TEXT: values}), True
    raise InvalidInputError(
        f"{type(data).__name__} can't become a dataset. Give a path, a DataFrame, an array of "
        "numbers with a row a sample, or a list of texts."
    )


def _with_labels(frame: pd.DataFrame, labels: Any) -> tuple[pd.DataFrame, str]:
    import pandas as pd

    values = labels.reindex(frame.index) if isinstance(labels, pd.Series) else list(labels)
    if len(values) != len(frame):
        raise InvalidInputError(f"There are {len(frame)} samples and {len(values)} labels.")
    name = _free(LABEL, frame)
    return frame.assign(**{name: values}), name


def _free(name: str, frame: pd.DataFrame) -> str:
    while name in frame.columns:
        name += "_"
    return name


def _as_table(frame: pd.DataFrame) -> tuple[pa.Table, dict[str, str]]:
    """Return an Arrow table, with the frame's index as key column where it says something."""
    import pandas as pd
    import pyarrow as pa

    index = frame.index
    if isinstance(index, pd.MultiIndex):
        raise InvalidInputError("An index of several levels can't be sent; call reset_index().")
    frame = frame.set_axis([str(name) for name in frame.columns], axis=1)
    try:
        if isinstance(index, pd.RangeIndex) and (index.start, index.step) == (0, 1):
            return pa.Table.from_pandas(frame, preserve_index=False), {}
        if not index.is_unique:
            twice = index[index.duplicated()][0]
            raise InvalidInputError(
                f"The index has {twice!r} twice, so labels could not be told apart; call "
                "reset_index(drop=True)."
            )
        name = _free(KEY if index.name is None else str(index.name), frame)
        frame = frame.assign(**{name: index})
        key = {"key_column": name, "key_type": str(index.dtype)}
        return pa.Table.from_pandas(frame, preserve_index=False), key
    except (pa.ArrowException, TypeError) as error:
        raise InvalidInputError(
            f"A column can't be sent: {error}. Convert it, for example with astype(str)."
        ) from error


def _upload_table(http: Http, table: pa.Table) -> str:
    import pyarrow as pa

    with tempfile.TemporaryFile() as file:
        with pa.ipc.new_stream(file, table.schema) as writer:
            writer.write_table(table, max_chunksize=BATCH_ROWS)
        return _upload(http, file)


def _upload_array(http: Http, array: Any) -> str:
    import numpy as np

    with tempfile.TemporaryFile() as file:
        np.save(file, array, allow_pickle=False)
        return _upload(http, file)


def _upload(http: Http, file: Any) -> str:
    size = file.tell()
    file.seek(0)
    return http.upload(file, size)
