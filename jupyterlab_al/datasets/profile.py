"""What the columns of a table hold, judged by their first rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from jupyterlab_al.datasets.bundles import as_text, encoded_image
from jupyterlab_al.datasets.class_names import class_name, sorted_classes
from jupyterlab_al.datasets.mime_cells import holds_bundle, holds_html
from jupyterlab_al.datasets.series import are_series
from jupyterlab_al.datasets.table_samples import image_bytes
from jupyterlab_al.datasets.tags import tags_of
from jupyterlab_al.datasets.values import python_value, python_values

if TYPE_CHECKING:
    import pyarrow as pa

ColumnType = Literal["number", "category", "text", "date", "boolean", "other"]

#: Rows that are looked at.
PROFILE_ROWS = 10_000
#: Distinct values that are kept, sorted; more can't be classes that a person picks from.
KEPT_VALUES = 100

_EXAMPLE_LENGTH = 80
#: Values whose look is judged one by one.
_LOOKED_INTO = 200
#: What is longer is read, however often it comes.
_LONGEST_NAME = 200
_LINK = re.compile(r"(https?|s3|gs|ftp)://|data:|/|[A-Za-z]:\\")
#: Letters for which a person's eye needs no spaces between words.
_NO_SPACES = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnProfile:
    """What was seen in one column."""

    name: str
    type: ColumnType
    missing: int
    distinct: int
    rows: int
    example: str | None
    #: Mean number of characters of texts; 0 for other types.
    mean_length: float = 0.0
    #: The distinct values as text, if they are few.
    values: tuple[str, ...] = ()
    #: Whether all numbers are whole.
    whole: bool = True
    #: Whether the cells are encoded images.
    images: bool = False
    #: Whether the cells are MIME bundles.
    bundles: bool = False
    #: Whether the cells are HTML.
    html: bool = False
    #: Whether the cells are lists of numbers that are drawn as lines.
    series: bool = False
    #: The class names, where cells hold several of them.
    tags: tuple[str, ...] = ()

    @property
    def unique(self) -> bool:
        """Whether no value is missing and none comes twice."""
        return self.rows > 0 and self.missing == 0 and self.distinct == self.rows

    @property
    def present(self) -> int:
        """Number of rows that have a value."""
        return self.rows - self.missing


def profile(table: pa.Table) -> list[ColumnProfile]:
    """Return what each column of the first rows holds."""
    return [
        _profile(name, column.combine_chunks(), table.num_rows)
        for name, column in zip(table.column_names, table.columns, strict=True)
    ]


def _profile(name: str, column: Any, rows: int) -> ColumnProfile:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    present = column.drop_null()
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        length = pc.binary_length(pc.utf8_trim_whitespace(present))
        # Not compared with "": the first value that pyarrow gets from Python imports pandas.
        present = present.filter(length.cast(pa.bool_()))
        return _text_profile(name, present, rows)
    if pa.types.is_floating(kind):
        present = present.filter(pc.invert(pc.is_nan(present)))
    if not _is_value(kind):
        return _other_profile(name, present, rows)
    distinct = present.unique()
    return ColumnProfile(
        name=name,
        type=_value_type(kind),
        missing=rows - len(present),
        distinct=len(distinct),
        rows=rows,
        example=_example(present),
        values=_kept(distinct),
        whole=_is_whole(present),
    )


def _text_profile(name: str, present: Any, rows: int) -> ColumnProfile:
    import pyarrow.compute as pc

    distinct = present.unique()
    length = pc.mean(pc.utf8_length(present)).as_py() or 0.0
    trimmed = pc.utf8_trim_whitespace(present)
    words = 1 + (pc.mean(pc.count_substring_regex(trimmed, pattern=r"\s+")).as_py() or 0.0)
    some = python_values(distinct.slice(0, _LOOKED_INTO))
    html, series = _all(holds_html, some), are_series(some)
    is_text = html or _reads_as_text(distinct, len(present), length, words)
    return ColumnProfile(
        name=name,
        type="other" if series else "text" if is_text else "category",
        missing=rows - len(present),
        distinct=len(distinct),
        rows=rows,
        example=_example(present),
        mean_length=length,
        values=_kept(distinct),
        tags=() if series or html else tags_of(python_values(distinct)),
        bundles=_all(holds_bundle, some),
        html=html,
        series=series,
    )


def _reads_as_text(distinct: Any, present: int, length: float, words: float) -> bool:
    """Return whether the values are read by a person rather than picked from a list."""
    is_named = len(distinct) < min(20, present / 2) and length < _LONGEST_NAME
    if len(distinct) < 2 or is_named:
        return False
    some = distinct.slice(0, _LOOKED_INTO).to_pylist()
    if sum(bool(_LINK.match(value)) for value in some) > len(some) / 2:
        return False
    if sum(bool(_NO_SPACES.search(value)) for value in some) > len(some) / 2:
        return bool(length >= 12)
    return bool(words >= 4 or (words >= 2 and length >= 25))


def _other_profile(name: str, present: Any, rows: int) -> ColumnProfile:
    first = python_value(present[0]) if len(present) else None
    content = image_bytes(first)
    some = python_values(present.slice(0, _LOOKED_INTO))
    series = are_series(some)
    holds_names = _is_list(present.type) and not series
    return ColumnProfile(
        name=name,
        type="other",
        missing=rows - len(present),
        distinct=0,
        rows=rows,
        example=_example(present),
        images=content is not None and encoded_image(content) is not None,
        bundles=_all(holds_bundle, some),
        series=series,
        tags=tags_of(python_values(present)) if holds_names else (),
    )


def _all(is_such: Callable[[object], bool], some: Sequence[object]) -> bool:
    return bool(some) and all(map(is_such, some))


def _is_list(kind: Any) -> bool:
    import pyarrow.types as kinds

    return bool(kinds.is_list(kind) or kinds.is_large_list(kind) or kinds.is_fixed_size_list(kind))


def _is_value(kind: Any) -> bool:
    import pyarrow.types as kinds

    of_values = (
        kinds.is_boolean,
        kinds.is_integer,
        kinds.is_floating,
        kinds.is_decimal,
        kinds.is_date,
        kinds.is_timestamp,
    )
    return any(is_kind(kind) for is_kind in of_values)


def _value_type(kind: Any) -> ColumnType:
    import pyarrow.types as kinds

    if kinds.is_boolean(kind):
        return "boolean"
    return "date" if kinds.is_temporal(kind) else "number"


def _is_whole(present: Any) -> bool:
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_floating(present.type):
        return not pa.types.is_decimal(present.type)
    return bool(pc.all(pc.equal(pc.floor(present), present)).as_py())


def _kept(distinct: Any) -> tuple[str, ...]:
    if len(distinct) > KEPT_VALUES:
        return ()
    return sorted_classes({class_name(value) for value in python_values(distinct)})


def _example(present: Any) -> str | None:
    if not len(present):
        return None
    text = as_text(python_value(present[0]))
    return text if len(text) <= _EXAMPLE_LENGTH else text[: _EXAMPLE_LENGTH - 1] + "…"
