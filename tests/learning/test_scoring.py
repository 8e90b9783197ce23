"""Scoring a pool in chunks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from jupyterlab_al.domain.errors import RoundFailedError
from jupyterlab_al.learning.scoring import Scores, chunk_rows, score_pool
from jupyterlab_al.strategies.base import QueryStrategy
from jupyterlab_al.strategies.uncertainty import MarginSampling


class FirstFeature(QueryStrategy):
    """Take the first feature as utility."""

    def _score(self, X: Any, estimator: Any, labeled: Any) -> Any:
        return np.asarray(X)[:, 0]


class RankOfAll(FirstFeature):
    """A strategy that must see all candidates at once."""

    independent = False


def score(features: Any, strategy: QueryStrategy, **changes: Any) -> Scores:
    """Score with settings of which a test names the ones it is about."""
    parts: dict[str, Any] = {
        "estimator": None,
        "labeled": None,
        "excluded": np.empty(0, dtype=np.int64),
        "size": 10,
        "seed": 0,
        "rows": 64,
        "report": lambda done: None,
    }
    return score_pool(features, strategy=strategy, **(parts | changes))


@pytest.mark.parametrize("sparse", [False, True], ids=["dense", "sparse"])
def test_chunks_give_what_one_call_gives(make_pool: Any, *, sparse: bool) -> None:
    """How the pool is cut changes neither order nor figures."""
    pool = make_pool(n=1000, sparse=sparse)
    model = LogisticRegression().fit(pool.features.X[:100], pool.labels[:100])
    excluded = np.arange(0, 1000, 3)

    few, all_at_once = (
        score(pool.features, MarginSampling(), estimator=model, excluded=excluded, rows=rows)
        for rows in (37, 1000)
    )

    assert few.sample_ids.tolist() == all_at_once.sample_ids.tolist()
    assert few.mean == pytest.approx(all_at_once.mean)
    assert few.n_candidates == all_at_once.n_candidates == 666


def test_a_chunk_without_candidates_is_passed_over(make_features: Any) -> None:
    """A part of the pool that is all done is not scored."""
    features = make_features(np.arange(200, dtype=np.float32)[:, None])

    scores = score(features, FirstFeature(), excluded=np.arange(64, 190), size=3)

    assert scores.sample_ids.tolist() == [199, 198, 197]
    assert scores.n_candidates == 74


def test_samples_that_are_no_candidates_are_not_looked_at(make_features: Any) -> None:
    """Bad features of an excluded sample do no harm."""
    X = np.zeros((100, 1), dtype=np.float32)
    X[50] = np.nan

    scores = score(make_features(X), FirstFeature(), excluded=np.array([50]), size=100)

    assert 50 not in scores.sample_ids
    assert scores.mean == 0.0


def test_only_a_dependent_strategy_sees_all_at_once(make_features: Any) -> None:
    """Memory is bounded by the chunk unless the strategy says that it needs everything."""
    X = np.zeros((300, 1), dtype=np.float32)
    chunked, whole = make_features(X), make_features(X)

    score(chunked, FirstFeature())
    score(whole, RankOfAll())

    assert (chunked.longest_chunk, whole.longest_chunk) == (64, 300)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_utilities_that_are_no_numbers_fail(make_features: Any, bad: float) -> None:
    """The message names the strategy and the first sample concerned."""
    X = np.zeros((300, 1), dtype=np.float32)
    X[[170, 180], 0] = bad

    with pytest.raises(RoundFailedError, match=r"FirstFeature gave NaN or infinity.* sample 170"):
        score(make_features(X), FirstFeature())


def test_progress_ends_at_one(make_features: Any) -> None:
    """Who watches sees the parts that are done."""
    said: list[float] = []

    score(make_features(np.zeros((128, 1))), FirstFeature(), report=said.append)

    assert said == [0.5, 1.0]


@pytest.mark.parametrize(("width", "n_classes"), [(1, 2), (64, 10), (4096, 1000), (10**6, 2)])
def test_chunks_stay_small(make_features: Any, width: int, n_classes: int) -> None:
    """Wide features and many classes make fewer rows, within limits."""
    features = make_features(np.zeros((0, width), dtype=np.float32))

    rows = chunk_rows(features, n_classes)

    assert 1024 <= rows <= 65536
    assert rows == 1024 or rows * (width + n_classes) * 4 <= 1 << 22
