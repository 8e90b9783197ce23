"""How columns of a table become numbers: fitted once, kept, and the same for further rows."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jupyterlab_al.datasets.column_cells import Cells, Names
from jupyterlab_al.datasets.missing_library import UNNEEDED, as_if_missing
from jupyterlab_al.domain.errors import InvalidDatasetError

if TYPE_CHECKING:
    import pandas as pd

#: Categories of a column that get a feature of their own; the rarer ones share one.
MAX_CATEGORIES = 32
#: Strings with more different values are encoded by their letters, where skrub is installed.
FEW_VALUES = 40
#: Features of such a column: more help with thousands of labels and harm with fifty.
STRING_FEATURES = 10
#: Rows that skrub learns from; its letters of more take minutes.
FIT_ROWS = 50_000
_SECONDS_A_DAY = 86_400
#: A type that skops doesn't trust by itself, but which runs no code of the file.
_DTYPE = "numpy.dtype"


def fitted_encoder(cells: Cells) -> ColumnEncoder:
    """Return an encoder that knows means, medians and categories of some rows.

    Numbers are scaled to mean 0 and deviation 1, with the median where one is missing and a feature
    that says so; categories are one-hot encoded, missing being one of them. With the extra `tables`
    skrub splits dates into their parts and encodes strings of many values by their letters;
    without it a date is a number of days, and all rare strings are one category.

    No name of a column may come twice in its `different`.
    """
    is_for_skrub = any(
        len(column.different) > FEW_VALUES if isinstance(column, Names) else _is_moments(column)
        for column in cells.values()
    )
    if is_for_skrub and find_spec("skrub") is not None:
        return FrameEncoder.fitted(cells)
    return PartsEncoder.fitted(cells)


def write_encoder(encoder: ColumnEncoder, path: Path) -> None:
    """Keep an encoder beside the features that it made."""
    import skops.io

    skops.io.dump(encoder.kept, path, compression=zipfile.ZIP_DEFLATED)


def read_encoder(path: Path) -> ColumnEncoder:
    """Return the encoder kept at `path`. Call it only in a process that may crash."""
    import skops.io

    try:
        named = skops.io.get_untrusted_types(file=path)
        trusted = [name for name in named if name == _DTYPE or name.startswith("skrub.")]
        kept = skops.io.load(path, trusted=trusted)
        return FrameEncoder(**kept) if "transformer" in kept else PartsEncoder(**kept)
    except Exception as error:
        raise InvalidDatasetError(
            "How the columns of this project became numbers can't be read any more "
            f"({type(error).__name__}): perhaps skrub or scikit-learn was changed or taken away. "
            "Install the version that was there, or make the project again."
        ) from error


class PartsEncoder:
    """scikit-learn's encoders of numbers and of categories, each given its own columns.

    The features are those of a `ColumnTransformer` of the two, to the bit. But no frame is made,
    for which pandas would have to be imported, and of names only different ones are encoded.

    Parameters
    ----------
    numbers : sequence of str
        Columns of numbers, then those of dates.
    scaler : transformer
        Fitted to them.
    categories : mapping
        Column → its fitted one-hot encoder.
    """

    def __init__(self, numbers: Sequence[str], scaler: Any, categories: Mapping[str, Any]) -> None:
        self._numbers = numbers
        self._scaler = scaler
        self._categories = categories

    @classmethod
    def fitted(cls, cells: Cells) -> PartsEncoder:
        """Learn from the cells of some rows."""
        of_numbers = [name for name, column in cells.items() if not isinstance(column, Names)]
        # A stable order: dates come last.
        numbers = sorted(of_numbers, key=lambda name: _is_moments(cells[name]))
        categories = {
            name: _one_hot().fit(_telling(column)[:, np.newaxis])
            for name, column in cells.items()
            if isinstance(column, Names)
        }
        scaler = None
        if numbers:
            with as_if_missing(UNNEEDED):
                scaler = _filled_and_scaled().fit(_side_by_side(cells, numbers))
        return cls(numbers, scaler, categories)

    @property
    def kept(self) -> dict[str, Any]:
        """What another such encoder is made of."""
        return {
            "numbers": list(self._numbers),
            "scaler": self._scaler,
            "categories": dict(self._categories),
        }

    def transform(self, cells: Cells) -> NDArray[np.float32]:
        """Return the features of some rows; shape (n_rows, n_features)."""
        parts: list[NDArray[Any]] = []
        if self._numbers:
            with as_if_missing(UNNEEDED):
                parts.append(self._scaler.transform(_side_by_side(cells, self._numbers)))
        for name, one_hot in self._categories.items():
            column = cells[name]
            assert isinstance(column, Names)  # noqa: S101 - tables keep the types of their columns
            parts.append(one_hot.transform(column.different[:, np.newaxis])[column.codes])
        return np.concatenate(parts, axis=1, dtype=np.float32, casting="same_kind")


class FrameEncoder:
    """A transformer of frames: skrub's, which finds out the kind of each column by itself.

    `days`: it takes dates as days since 1970, as those of scikit-learn did that earlier projects
    have kept.
    """

    def __init__(self, transformer: Any, *, days: bool = False) -> None:
        self._transformer = transformer
        self._days = days

    @classmethod
    def fitted(cls, cells: Cells) -> FrameEncoder:
        """Learn from the cells of some rows."""
        frame = _frame(cells)
        return cls(_of_any_type().fit(frame.iloc[:: -(-len(frame) // FIT_ROWS)]))

    @property
    def kept(self) -> dict[str, Any]:
        """What another such encoder is made of."""
        return {"transformer": self._transformer, "days": self._days}

    def transform(self, cells: Cells) -> NDArray[np.float32]:
        """Return the features of some rows; shape (n_rows, n_features)."""
        if self._days:
            moments = [name for name, column in cells.items() if _is_moments(column)]
            cells = cells | {name: _as_number(cells[name]) for name in moments}
        return np.asarray(self._transformer.transform(_frame(cells)), dtype=np.float32)


ColumnEncoder = PartsEncoder | FrameEncoder


def _is_moments(column: Any) -> bool:
    return not isinstance(column, Names) and column.dtype.kind == "M"


def _frame(cells: Cells) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {
            name: column.rows() if isinstance(column, Names) else column
            for name, column in cells.items()
        }
    )


def _side_by_side(cells: Cells, names: Sequence[str]) -> NDArray[np.float64]:
    """Return columns of numbers as one array; shape (n_rows, n_columns)."""
    return np.array([_as_number(cells[name]) for name in names]).T


def _as_number(column: Any) -> NDArray[np.float64]:
    """Return numbers as they are, and moments as days since 1970."""
    if not _is_moments(column):
        numbers: NDArray[np.float64] = column
        return numbers
    return np.where(np.isnat(column), np.nan, column.astype(np.int64) / _SECONDS_A_DAY)


def _telling(column: Names) -> NDArray[np.object_]:
    """Return names that say as much to a one-hot encoder as those of all rows.

    How often each comes matters only where rare ones must share a feature.
    """
    return column.different if len(column.different) < MAX_CATEGORIES else column.rows()


def _of_any_type() -> Any:
    """Return skrub's vectorizer; the kind of each column is found out by itself."""
    from sklearn.pipeline import make_pipeline
    from skrub import DatetimeEncoder, StringEncoder, TableVectorizer

    vectorizer = TableVectorizer(
        cardinality_threshold=FEW_VALUES,
        low_cardinality=_one_hot(),
        high_cardinality=StringEncoder(n_components=STRING_FEATURES, random_state=0),
        datetime=DatetimeEncoder(add_weekday=True),
        drop_null_fraction=None,
    )
    return make_pipeline(vectorizer, *(step for _, step in _filled_and_scaled().steps))


def _filled_and_scaled() -> Any:
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    imputer = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)
    return make_pipeline(imputer, StandardScaler())


def _one_hot() -> Any:
    from sklearn.preprocessing import OneHotEncoder

    return OneHotEncoder(
        max_categories=MAX_CATEGORIES,
        handle_unknown="infrequent_if_exist",
        sparse_output=False,
        dtype=np.float32,
    )
