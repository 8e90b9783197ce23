from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from jupyterlab_al.datasets.description import DisplaySpec
from jupyterlab_al.datasets.pool import SamplePool
from jupyterlab_al.datasets.series import MOST_POINTS, SERIES, series_bundle, thinned

SIGNAL = DisplaySpec(kind="series", column="signal")


def test_a_short_series_is_all_its_values() -> None:
    """Every value is drawn, written as a person would: 0.1, not 0.10000000149."""
    bundle = series_bundle(np.array([0.1, 2, -3], dtype=np.float32))

    assert bundle == {
        SERIES: {"length": 3, "values": [0.1, 2.0, -3.0]},
        "text/plain": "3 values from -3 to 2",
    }


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float16, np.float64, bool])
def test_numbers_of_every_type_are_drawn(dtype: type) -> None:
    """Whole numbers and truth values are numbers as well."""
    line = series_bundle(np.array([0, 1, 1], dtype=dtype))[SERIES]

    assert line["values"] == [0, 1, 1]


@pytest.mark.parametrize("n", [2001, 4000, 4001, 1_000_003])
def test_a_long_series_keeps_its_ends_and_its_peaks(n: int) -> None:
    """One value among a million that stands out is not lost on the way to the screen."""
    values = np.random.default_rng(0).normal(size=n)
    values[n // 3], values[n // 2] = 90, -90

    at, kept = thinned(values)

    assert at is not None
    assert len(at) <= MOST_POINTS + 2
    assert (at[0], at[-1]) == (0, n - 1)
    assert np.all(np.diff(at) > 0)
    np.testing.assert_array_equal(kept, values[at])
    assert (kept.max(), kept.min()) == (90, -90)


def test_a_list_of_numbers_in_a_cell_is_a_series(
    table_pool: Callable[..., SamplePool],
) -> None:
    """A missing value is a gap, and all values can be fetched."""
    pool = table_pool({"signal": [[1.0, None, 3.0]]}, SIGNAL)

    assert pool.display(0)[SERIES] == {"length": 3, "values": [1.0, None, 3.0]}
    assert pool.content(0) == (b"[1.0, null, 3.0]", "application/json")


@pytest.mark.parametrize("cell", ["[1, null, 3.5]", " [1.0, NaN, 3.5] "])
def test_a_list_in_a_text_file_is_a_series_too(
    table_pool: Callable[..., SamplePool], cell: str
) -> None:
    """CSV and JSON Lines keep lists as text; they are drawn and fetched like any other."""
    pool = table_pool({"signal": [cell]}, SIGNAL)

    assert pool.display(0)[SERIES] == {"length": 3, "values": [1.0, None, 3.5]}
    assert json.loads(pool.content(0)[0]) == [1, None, 3.5]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("[1, 2", "[1, 2"),
        ("<b>1, 2</b>", "<b>1, 2</b>"),
        (["a", "b"], '["a", "b"]'),
        ([[1.0], [2.0]], "[[1.0], [2.0]]"),
        ([], "[]"),
        (None, ""),
    ],
)
def test_what_is_no_series_is_shown_as_text(
    table_pool: Callable[..., SamplePool], cell: Any, text: str
) -> None:
    """Texts, nested lists and nothing at all cost nobody the sample."""
    pool = table_pool({"signal": [cell]}, SIGNAL)

    assert pool.display(0) == {"text/plain": text}


def test_gaps_are_json() -> None:
    """Neither NaN nor infinity reaches a browser, which could not read the reply."""
    bundle = series_bundle(np.array([np.nan, np.inf, 1.0]))

    assert json.loads(json.dumps(bundle, allow_nan=False))[SERIES]["values"] == [None, None, 1.0]
    assert series_bundle(np.array([np.nan]))["text/plain"] == "1 values, none of them a number"
