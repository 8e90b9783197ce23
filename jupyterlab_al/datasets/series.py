"""A series of numbers turned into the line that the labeling view draws."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyterlab_al.datasets.bundles import Bundle, text_bundle

SERIES = "application/vnd.jupyterlab-al.series+json"
#: Rows of an array with at least this many values are drawn as lines: nobody reads so many.
MANY_VALUES = 32
#: A list in a cell with at least this many numbers is a series: a pair or a color is none.
SERIES_VALUES = 8
#: Points that a screen can tell apart; longer series keep the lowest and the highest of each part.
MOST_POINTS = 2000


def series_bundle(values: NDArray[Any]) -> Bundle:
    """Return the bundle of one series: its values, their places where some were left out."""
    at, kept = thinned(values)
    line: dict[str, Any] = {"length": len(values), "values": as_json(kept)}
    if at is not None:
        line["at"] = at.tolist()
    return {SERIES: line, "text/plain": _in_words(values)}


def cell_bundle(value: object) -> Bundle:
    """Return the bundle of a cell with a list of numbers; anything else is shown as text."""
    values = numbers_of(value)
    return text_bundle(value) if values is None else series_bundle(values)


def numbers_of(value: object) -> NDArray[np.float64] | None:
    """Return a list of numbers as an array, missing ones NaN; None where it is none."""
    found = list_in(value)
    if not isinstance(found, list | tuple) or not found:
        return None
    if not all(each is None or isinstance(each, int | float) for each in found):
        return None
    return np.array([np.nan if each is None else each for each in found], dtype=np.float64)


def are_series(cells: Sequence[object]) -> bool:
    """Return whether cells hold nothing but lists of numbers, long enough to be drawn."""
    lengths = []
    for cell in cells:
        values = numbers_of(cell)
        if values is None:
            return False
        lengths.append(len(values))
    return bool(lengths) and sum(lengths) / len(lengths) >= SERIES_VALUES


def list_in(value: object) -> object:
    """Return the list that a text is as JSON: text files hold no other. All else stays."""
    if not isinstance(value, str) or not value.lstrip().startswith("["):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def thinned(
    values: NDArray[Any], most: int = MOST_POINTS
) -> tuple[NDArray[np.int64] | None, NDArray[Any]]:
    """Return places and values of the points that are drawn; places are None where all are.

    Of each part of a long series the lowest and the highest value stay, so that no peak is lost.
    """
    n = len(values)
    if n <= most:
        return None, values
    size = -(-n // (most // 2))
    n_parts = -(-n // size)
    # The last value again fills the last part; a gap never hides what is beside it.
    padded = np.pad(values, (0, n_parts * size - n), mode="edge").reshape(n_parts, size)
    low = np.where(np.isnan(padded), np.inf, padded).argmin(axis=1)
    high = np.where(np.isnan(padded), -np.inf, padded).argmax(axis=1)
    starts = np.arange(n_parts) * size
    places = np.concatenate([starts + low, starts + high, [0, n - 1]])
    at = np.unique(np.minimum(places, n - 1)).astype(np.int64)
    return at, values[at]


def as_json(values: NDArray[Any]) -> list[Any]:
    """Return values as JSON holds them: gaps are null, float32 reads 0.1, not 0.10000000149."""
    if values.dtype.kind != "f":
        return list(values.tolist())
    if values.dtype.itemsize <= 4:
        values = values.astype(str).astype(np.float64)
    finite: Sequence[bool] = np.isfinite(values).tolist()
    return [
        value if is_finite else None
        for value, is_finite in zip(values.tolist(), finite, strict=True)
    ]


def _in_words(values: NDArray[Any]) -> str:
    finite = values[np.isfinite(values)]
    if not len(finite):
        return f"{len(values):,} values, none of them a number"
    return f"{len(values):,} values from {finite.min():.4g} to {finite.max():.4g}"
