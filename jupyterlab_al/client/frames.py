"""Data of a notebook on its way to the server: as Arrow or `.npy`, never as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyterlab_al.client.errors import InvalidInputError
from jupyterlab_al.client.http import Http
from jupyterlab_al.client.keys import keys_of
from jupyterlab_al.client.sending import upload_array, upload_table
from jupyterlab_al.client.sparse import as_csr, upload_sparse

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

#: Column of texts that come as a plain list, and of anything else that has one column.
TEXT, VALUE = "text", "value"
#: Columns for what a frame keeps beside its columns.
KEY, LABEL = "key", "label"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """A dataset that the server has."""

    #: As in the body of `POST projects`.
    dataset: dict[str, Any]
    label_column: str | None = None
    #: The one column of texts, where the data were nothing else.
    text: str | None = None
    #: The one column that the data had, whatever it holds.
    only: str | None = None
    #: None for a file: it is the server that reads it.
    n_samples: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """A table, and the index that its rows had."""

    table: pa.Table
    index: pd.Index[Any] | None = None
    #: Whether it holds nothing but texts.
    is_text: bool = False


def send(
    http: Http, data: Any, labels: Any = None, *, key: str | None = None, array: str | None = None
) -> Sent:
    """Upload data, or name the file that has them.

    Parameters
    ----------
    http : Http
    data : path, DataFrame, Series, array, Arrow table, polars frame, mapping or sequence
        A path is relative to the server's root folder: of a file, or of a folder of pictures,
        texts or sounds. Everything else is uploaded.
    labels : str, Series or sequence, optional
        Labels that exist already: a column, or one (or None) for each sample.
    key : str, optional
        The column that samples are known by, in place of an index.
    array : str, optional
        Which of the arrays in a file.

    Raises
    ------
    InvalidInputError
        If such data can't be sent; the message says what to do.
    """
    if isinstance(data, str | Path):
        return _file(str(data), labels, key_column=key, array=array)
    if array is not None:
        raise InvalidInputError("Only a file holds several arrays; leave array out.")
    numbers = _as_array(data)
    if numbers is not None:
        if key is not None:
            raise InvalidInputError("An array has no columns; leave key out, or give a DataFrame.")
        if labels is not None:
            raise InvalidInputError(
                "An array has no column for labels; give the data as a DataFrame, or call "
                "project.label({position: label}) afterwards."
            )
        uploaded = {"kind": "upload", "upload_id": upload_array(http, numbers)}
        return Sent(dataset=uploaded, n_samples=len(numbers))
    rows = _as_rows(data) if key is None else _known_by(_as_rows(data), key)
    table, dataset = rows.table, {"kind": "upload"}
    only = table.column_names[0] if table.num_columns == 1 else None
    label_column = labels if isinstance(labels, str) else None
    if labels is not None and label_column is None:
        label_column = _free(LABEL, table)
        table = table.append_column(label_column, [_labels(rows, labels)])
    if rows.index is not None:
        keys, key_type = keys_of(rows.index)
        name = _free(KEY if rows.index.name is None else str(rows.index.name), table)
        table = table.append_column(name, [keys])
        dataset |= {"key_column": name, "key_type": key_type}
    dataset["upload_id"] = upload_table(http, table)
    text = TEXT if rows.is_text else None
    return Sent(
        dataset=dataset,
        label_column=label_column,
        text=text,
        only=only,
        n_samples=table.num_rows,
    )


def send_more(http: Http, data: Any, *, key_column: str | None) -> dict[str, Any]:
    """Upload samples to add, or name the file that has them; return what names them.

    Parameters
    ----------
    http : Http
    data : as for `send`
    key_column : str or None
        The column that the project's samples are known by.

    Raises
    ------
    InvalidInputError
        If such data can't be sent, or are known otherwise.
    """
    if isinstance(data, str | Path):
        return {"path": str(data)}
    array = _as_array(data)
    if array is not None:
        return {"upload_id": upload_array(http, array)}
    rows = _as_rows(data)
    table = rows.table
    if key_column is None and rows.index is not None:
        raise InvalidInputError(
            "The project's samples are known by their position, so further ones can't have an "
            "index of their own; call reset_index(drop=True)."
        )
    if key_column is not None and key_column not in table.column_names:
        if rows.index is None:
            raise InvalidInputError(
                "The project's samples are known by the index of their frame, so further ones "
                "need one, too: give a DataFrame with an index of new values."
            )
        table = table.append_column(key_column, [keys_of(rows.index)[0]])
    return {"upload_id": upload_table(http, table)}


def send_features(http: Http, X: Any, *, n_samples: int | None = None) -> dict[str, Any]:
    """Upload features, one row a sample, and return what describes them.

    Parameters
    ----------
    http : Http
    X : array or sparse matrix, shape (n_samples, n_features)
        Sparse ones stay sparse.
    n_samples : int, optional
        How many samples there are, where that is known here.

    Raises
    ------
    InvalidInputError
        If they are no table of numbers, have not a row a sample, or are sparse and hold NaN or
        infinity.
    """
    import numpy as np

    sparse = as_csr(X)
    given = np.asarray(X) if sparse is None else sparse
    if given.ndim != 2 or given.dtype.kind not in "biuf":
        raise InvalidInputError(
            f"Features must be numbers of shape (samples, features), not {given.dtype} of "
            f"shape {given.shape}."
        )
    if n_samples not in (None, given.shape[0]):
        raise InvalidInputError(
            f"The features have {given.shape[0]:,} rows but there are {n_samples:,} samples; give "
            "one row of features for each sample, in the same order."
        )
    if sparse is None:
        upload = upload_array(http, given, np.float32)
    else:
        upload = upload_sparse(http, sparse)
    return {"kind": "precomputed", "upload_id": upload}


def label_of(label: Any) -> Any:
    """Return a label as the server takes it: a text, or a list of texts."""
    if isinstance(label, str):
        return label
    if isinstance(label, list | tuple | set) or (hasattr(label, "tolist") and label.ndim):
        return [str(one) for one in label]
    return str(label)


def _file(path: str, labels: Any, **more: str | None) -> Sent:
    if labels is not None and not isinstance(labels, str):
        raise InvalidInputError("For a file, labels is the name of the column that holds them.")
    named = {name: value for name, value in more.items() if value is not None}
    return Sent(dataset={"kind": "auto", "path": path, **named}, label_column=labels)


def _known_by(rows: Rows, key: str) -> Rows:
    """Return the rows with a column of theirs as index."""
    import pandas as pd

    if rows.index is not None:
        raise InvalidInputError(
            "Samples are known by the index of their frame; leave key out, or call "
            "frame.reset_index() first."
        )
    if key not in rows.table.column_names:
        known = ", ".join(rows.table.column_names[:5])
        raise InvalidInputError(f"There is no column {key!r} to be the key; there is {known}.")
    index = pd.Index(rows.table[key].to_pandas(), name=key)
    if not index.is_unique:
        twice = index[index.duplicated()].tolist()[0]
        raise InvalidInputError(
            f"The column {key!r} has {twice!r} twice, so labels could not be told apart; name "
            "another key, or none."
        )
    return replace(rows, table=rows.table.drop_columns([key]), index=index)


# --- what people have ---------------------------------------------------------------


def _as_array(data: Any) -> Any:
    """Return numbers as an array, None for everything that has columns or texts."""
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    if hasattr(data, "toarray"):
        raise InvalidInputError(
            "A sparse matrix says nothing to people. Give them what its rows were made from, such "
            "as texts, a DataFrame or a folder, and the matrix as what is learned from: "
            "al.create(name, texts, features=matrix). A few columns that people can read can be "
            "given as matrix.toarray()."
        )
    if isinstance(data, pd.DataFrame | pd.Series | pd.Index | pa.Table | pa.RecordBatch):
        return None
    if hasattr(data, "to_arrow"):
        return None
    if np.ma.isMaskedArray(data):
        raise InvalidInputError(
            "What a masked array hides would be shown and learned from; say what stands there: "
            "array.filled(0), for example."
        )
    if isinstance(data, list | tuple) and data and not isinstance(data[0], str | Mapping):
        data = _stacked(data)
    elif hasattr(data, "__array__"):
        data = np.asarray(data)
    if not isinstance(data, np.ndarray) or data.dtype.kind not in "biufc":
        return None
    if not data.ndim or not data.size or data.dtype.kind == "c":
        raise InvalidInputError(
            f"An array of {data.dtype} of shape {data.shape} has no samples of numbers; give one "
            "with a row a sample."
        )
    return data


def _stacked(values: Sequence[Any]) -> Any:
    """Return a list of numbers, of rows or of pictures as one array."""
    import numpy as np

    try:
        return np.asarray(values)
    except ValueError as error:
        raise InvalidInputError(
            "The samples of a list must have the same shape; these have not. Cut or fill them, or "
            "give a DataFrame with a column of lists."
        ) from error


def _as_rows(data: Any) -> Rows:
    """Return data as a table.

    Raises
    ------
    InvalidInputError
        If they can't be one, or have no rows.
    """
    import pyarrow as pa

    try:
        rows = _rows_of(data)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        raise InvalidInputError(
            f"A column can't be sent: {error}. Convert it, for example with astype(str)."
        ) from error
    if not rows.table.num_rows:
        raise InvalidInputError("The data have no rows; give at least one sample.")
    return rows


def _rows_of(data: Any) -> Rows:
    import pandas as pd
    import pyarrow as pa

    if isinstance(data, pd.DataFrame):
        return _of_frame(data)
    if isinstance(data, pd.Index):
        data = data.to_series().reset_index(drop=True)
    if isinstance(data, pd.Series):
        is_text = pd.api.types.infer_dtype(data.astype(object), skipna=True) == "string"
        name = TEXT if is_text else VALUE if data.name is None else str(data.name)
        return _of_frame(data.to_frame(name), is_text=is_text)
    if hasattr(data, "to_arrow"):
        data = data.to_arrow()
    if isinstance(data, pa.Array | pa.ChunkedArray):
        is_text = "string" in str(data.type)
        return Rows(table=pa.table({TEXT if is_text else VALUE: data}), is_text=is_text)
    if isinstance(data, pa.Table) and data.schema.pandas_metadata:
        # It has the index of the frame that it was.
        return _of_frame(data.to_pandas())
    if hasattr(data, "__arrow_c_stream__"):
        table = pa.table(data)
        _check_names(table.column_names)
        return Rows(table=table)
    if hasattr(data, "to_pandas"):
        return _of_frame(data.to_pandas())
    if isinstance(data, Mapping):
        return _of_mapping(data)
    return _of_values(data)


def _of_mapping(data: Mapping[Any, Any]) -> Rows:
    import pandas as pd

    try:
        frame = pd.DataFrame(data)
    except ValueError as error:
        raise InvalidInputError(
            f"The mapping can't become a table: {error}. Give a list for each column, all of the "
            "same length."
        ) from error
    return _of_frame(frame)


def _of_values(data: Any) -> Rows:
    import pandas as pd
    import pyarrow as pa

    if (isinstance(data, Sequence) and not isinstance(data, bytes)) or hasattr(data, "tolist"):
        values = list(data)
        if all(isinstance(value, Mapping) for value in values):
            return _of_frame(pd.DataFrame(values))
        if all(value is None or isinstance(value, str) for value in values):
            return Rows(table=pa.table({TEXT: pa.array(values, pa.string())}), is_text=True)
    first = ""
    if hasattr(data, "collect"):
        first = " Call collect() first."
    elif hasattr(data, "dtype"):
        first = f" It holds {data.dtype}; make numbers or a table of it: pandas.DataFrame(array)."
    raise InvalidInputError(
        f"{type(data).__name__} can't become a dataset.{first} Give a path, a DataFrame, an array "
        "of numbers with a row a sample, or a list of texts."
    )


def _of_frame(frame: pd.DataFrame, *, is_text: bool = False) -> Rows:
    import pandas as pd
    import pyarrow as pa

    names = [str(name) for name in frame.columns]
    _check_names(names)
    named = frame.set_axis(names, axis=1)
    for name, kind in zip(names, frame.dtypes, strict=True):
        if isinstance(kind, pd.SparseDtype):
            raise InvalidInputError(
                f'The column "{name}" is sparse; call frame.sparse.to_dense(), or give the frame '
                "as features of texts or of other columns."
            )
    table = pa.Table.from_pandas(named, preserve_index=False).replace_schema_metadata()
    index = frame.index
    is_position = isinstance(index, pd.RangeIndex) and (index.start, index.step) == (0, 1)
    return Rows(table=table, index=None if is_position else index, is_text=is_text)


def _check_names(names: Sequence[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise InvalidInputError(f'Two columns are named "{twice[0]}"; rename one of them.')


# --- labels that exist already ------------------------------------------------------


def _labels(rows: Rows, labels: Any) -> pa.Array:
    """Return a label, or None, for each row: of a Series those of the same index."""
    import pandas as pd
    import pyarrow as pa

    if isinstance(labels, pd.Series):
        n = rows.table.num_rows
        index = pd.RangeIndex(n) if rows.index is None else rows.index
        labels = labels.astype(object).reindex(index)
    given = [None if _is_missing(one) else label_of(one) for one in _values(labels)]
    if len(given) != rows.table.num_rows:
        raise InvalidInputError(f"There are {rows.table.num_rows} samples and {len(given)} labels.")
    return pa.array(given)


def _values(labels: Any) -> Iterable[Any]:
    return labels.to_list() if hasattr(labels, "to_list") else list(labels)


def _is_missing(label: Any) -> bool:
    return label is None or (not hasattr(label, "__len__") and label != label)


def _free(name: str, table: pa.Table) -> str:
    while name in table.column_names:
        name += "_"
    return name
