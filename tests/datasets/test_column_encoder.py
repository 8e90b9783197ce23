"""Columns of any type become numbers, with skrub where it is installed and without it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import skops.io

from jupyterlab_al.datasets import column_encoder, column_features
from jupyterlab_al.datasets.column_cells import Cells, Names, cells_of, joined
from jupyterlab_al.datasets.column_encoder import (
    MAX_CATEGORIES,
    PartsEncoder,
    fitted_encoder,
    read_encoder,
    write_encoder,
)
from jupyterlab_al.datasets.column_features import write_column_features
from jupyterlab_al.datasets.reading import BATCH_ROWS
from jupyterlab_al.datasets.record import DENSE, TABLE
from jupyterlab_al.datasets.stored_table import StoredTable
from jupyterlab_al.domain.errors import InvalidDatasetError

N = 120
START = datetime(2020, 1, 1)  # noqa: DTZ001 - a table's times have no zone


@pytest.fixture
def without_skrub(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the extra away."""
    monkeypatch.setattr(column_encoder, "find_spec", lambda _name: None)


def cells(**columns: Any) -> Cells:
    """Return columns as an encoder takes them, to fit it or to be encoded."""
    return joined([cells_of(pa.RecordBatch.from_pydict(columns))[0]])


def mixed() -> Cells:
    """Return 120 rows of every type, each with gaps."""
    return cells(
        price=[None if i % 7 == 0 else float(i) for i in range(N)],
        day=[None if i % 11 == 0 else START + timedelta(hours=i) for i in range(N)],
        far=pa.array([253_402_300_800_000_000 * 2] * N, pa.timestamp("us")),
        farthest=pa.array([2**55, -(2**55)] * (N // 2), pa.timestamp("ms")),
        job=[None if i % 13 == 0 else f"clerk number {i * i}" for i in range(N)],
        shop=[["a", "b", None][i % 3] for i in range(N)],
        nothing=pa.nulls(N, pa.string()),
        empty=pa.nulls(N, pa.float64()),
    )


def test_every_type_gives_finite_numbers(tmp_path: Path) -> None:
    """Gaps, the year 1143677, columns without a value: no NaN, and what is kept says so."""
    fitted = fitted_encoder(mixed())
    write_encoder(fitted, tmp_path / "encoder.skops")

    X = fitted.transform(mixed())

    assert np.isfinite(X).all()
    assert X.dtype == np.float32
    again = read_encoder(tmp_path / "encoder.skops").transform(mixed())
    np.testing.assert_array_equal(X, again)


@pytest.mark.usefixtures("without_skrub")
def test_every_type_is_encoded_without_skrub_too() -> None:
    """Without the extra, dates are days and rare strings are one category."""
    X = fitted_encoder(mixed()).transform(mixed())

    assert np.isfinite(X).all()


def test_alike_strings_get_alike_features() -> None:
    """Of strings with many values, skrub sees the letters: a new clerk is more like a clerk."""
    jobs = [f"{'office clerk' if i % 2 else 'truck driver'} {i}" for i in range(N)]
    encoder = fitted_encoder(cells(job=jobs))

    clerk, driver, new = encoder.transform(cells(job=["office clerk 1", "truck driver 2", "clerk"]))

    assert np.linalg.norm(new - clerk) < np.linalg.norm(new - driver)


def test_the_weekday_of_a_date_is_seen() -> None:
    """Skrub splits dates into parts that a linear model can use."""
    days = cells(day=[START + timedelta(days=i) for i in range(70)])

    X = fitted_encoder(days).transform(days)

    weekdays = np.arange(70) % 7
    assert any(abs(np.corrcoef(column, weekdays)[0, 1]) > 0.2 for column in X.T if column.std())
    assert X.shape[1] > 1


def test_numbers_and_few_categories_need_no_skrub(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without dates and strings of many values, skrub is not even looked for."""
    asked: list[str] = []
    monkeypatch.setattr(column_encoder, "find_spec", asked.append)

    fitted_encoder(cells(price=[1.0, 2.0], shop=["a", "b"]))

    assert asked == []


def a_column_transformer(fitted_to: Cells, given: Cells, *, keep_in: Path | None = None) -> Any:
    """Return the features that scikit-learn's encoders make of all rows of frames."""
    import pandas as pd
    from sklearn.compose import ColumnTransformer

    def frame(of: Cells) -> pd.DataFrame:
        columns: dict[str, Any] = {}
        for name, column in of.items():
            if isinstance(column, Names):
                columns[name] = column.rows()
            elif column.dtype.kind == "M":
                seconds = column.astype(np.int64)
                columns[name] = np.where(np.isnat(column), np.nan, seconds / 86_400)
            else:
                columns[name] = column
        return pd.DataFrame(columns)

    def named(kinds: str) -> list[str]:
        return [
            name
            for name, column in fitted_to.items()
            if ("c" if isinstance(column, Names) else column.dtype.kind) in kinds
        ]

    transformer = ColumnTransformer(
        [
            ("numbers", column_encoder._filled_and_scaled(), named("f") + named("M")),
            ("categories", column_encoder._one_hot(), named("c")),
        ]
    )
    transformer.fit(frame(fitted_to))
    if keep_in is not None:
        skops.io.dump({"transformer": transformer, "days": True}, keep_in)
    return np.asarray(transformer.transform(frame(given)), dtype=np.float32)


def some_rows(n: int, seed: int, *, n_shops: int = 5) -> dict[str, Any]:
    """Return columns of every plain type, with gaps, infinities and very large numbers."""
    rng = np.random.default_rng(seed)
    gaps = rng.random(n) < 0.1
    price = rng.normal(100, 1e3, n)
    price[:3] = np.inf, -1e300, np.nan
    shops = np.array([f"shop {k}" for k in range(n_shops)], dtype=object)[
        np.minimum(rng.geometric(min(1, 4 / n_shops), n) - 1, n_shops - 1)
    ]
    return {
        "shop": pa.array(shops, mask=gaps),
        "day": pa.array(rng.integers(0, 10**9, n), pa.timestamp("s"), mask=rng.random(n) < 0.2),
        "price": pa.array(price, mask=rng.permutation(gaps)),
        "whole": pa.array(rng.integers(-5, 5, n)),
        "new": pa.array(rng.random(n) < 0.3, mask=gaps),
        "small": pa.array(rng.random(n), pa.float32()),
        "nothing": pa.nulls(n, pa.float64()),
        "size": pa.array(np.array(["S", " M", "M", ""], dtype=object)[rng.integers(0, 4, n)]),
    }


@pytest.mark.usefixtures("without_skrub")
@pytest.mark.parametrize(
    "n_shops", [2, MAX_CATEGORIES - 2, MAX_CATEGORIES - 1, MAX_CATEGORIES, 300]
)
def test_features_are_those_of_scikit_learn_to_the_bit(n_shops: int, tmp_path: Path) -> None:
    """Encoding column by column changes no number: gaps, names never seen, few names and many."""
    known = cells(**some_rows(30_000, seed=1, n_shops=n_shops))
    further = cells_of(pa.RecordBatch.from_pydict(some_rows(5_000, seed=2, n_shops=n_shops + 7)))[0]
    encoder = fitted_encoder(known)
    write_encoder(encoder, tmp_path / "encoder.skops")

    made = [encoder.transform(further), read_encoder(tmp_path / "encoder.skops").transform(further)]

    assert isinstance(encoder, PartsEncoder)
    expected = a_column_transformer(known, further)
    assert all(X.tobytes() == expected.tobytes() for X in made)
    assert encoder.transform(known).tobytes() == a_column_transformer(known, known).tobytes()


@pytest.mark.parametrize("columns", [["price", "whole", "new"], ["shop", "size"], ["shop"]])
def test_columns_of_one_kind_are_those_of_scikit_learn_to_the_bit(columns: list[str]) -> None:
    """A table may have only numbers, or only categories."""
    rows = some_rows(3_000, seed=3)
    some = cells(**{name: rows[name] for name in columns})

    assert (
        fitted_encoder(some).transform(some).tobytes() == a_column_transformer(some, some).tobytes()
    )


def test_what_an_earlier_project_kept_encodes_further_rows_as_its_first_ones(
    tmp_path: Path,
) -> None:
    """Projects made when scikit-learn was given frames take more samples still."""
    known, further = cells(**some_rows(500, seed=1)), cells(**some_rows(50, seed=2))
    expected = a_column_transformer(known, further, keep_in=tmp_path / "encoder.skops")

    X = read_encoder(tmp_path / "encoder.skops").transform(further)

    assert X.tobytes() == expected.tobytes()


def test_rows_are_joined_with_each_name_once() -> None:
    """What an encoder is fitted to holds the names of all batches, and only those that come."""
    parts = [
        cells_of(pa.RecordBatch.from_pydict({"shop": pa.array(names, pa.string())}))[0]
        for names in (["b", " b", "a"], [None, "a"], ["c", "c"])
    ]

    shop = joined(parts)["shop"]

    assert isinstance(shop, Names)
    assert shop.different.tolist() == ["b", "a", "", "c"]
    assert shop.rows().tolist() == ["b", "b", "a", "", "a", "c", "c"]


def test_an_encoder_that_cannot_be_read_says_what_to_do(tmp_path: Path) -> None:
    """A file that another version wrote, or that was damaged, is refused in words."""
    path = tmp_path / "encoder.skops"
    write_encoder(fitted_encoder(cells(price=[1.0, 2.0])), path)
    path.write_bytes(path.read_bytes()[:-40])

    with pytest.raises(InvalidDatasetError, match="make the project again"):
        read_encoder(path)


def test_categories_are_names_whatever_their_batch_holds() -> None:
    """Spaces around a text are none of it, a gap is the empty name, and order is kept."""
    found = cells(shop=["b", None, " a ", "b", "a"], none=pa.nulls(5, pa.string()))

    shop, none = found["shop"], found["none"]
    assert isinstance(shop, Names)
    assert isinstance(none, Names)
    assert shop.rows().tolist() == ["b", "", "a", "b", "a"]
    assert sorted(shop.different) == ["", "a", "b"]
    assert none.rows().tolist() == [""] * 5


def test_rows_encoded_together_are_the_rows_encoded_one_batch_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How many batches go through the encoder at once changes no feature and no order."""
    n = 3 * BATCH_ROWS + 5
    rows = pa.table(
        {"price": np.arange(n) % 97, "shop": pa.array([["a", None, "b"][i % 3] for i in range(n)])}
    )
    with pa.ipc.new_file(tmp_path / TABLE, rows.schema) as writer:
        writer.write_table(rows, max_chunksize=BATCH_ROWS)
    made = []
    for cells_at_once in (1, 10**9):
        monkeypatch.setattr(column_features, "CELLS", cells_at_once)
        progress: list[float] = []
        write_column_features(StoredTable(tmp_path), rows.column_names, tmp_path, progress.append)
        assert progress[-1] == 1.0
        made.append(np.load(tmp_path / DENSE))

    assert len(made[0]) == n
    np.testing.assert_array_equal(*made)
