"""A pool that can't be scored in time: what is scored instead, and what is found by that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.preprocessing import normalize

from jupyterlab_al.learning import neighbors, scoring
from jupyterlab_al.learning.candidates import anchors_of, candidate_set
from jupyterlab_al.learning.neighbors import Neighbors
from jupyterlab_al.learning.round import run_round
from jupyterlab_al.learning.task import RoundTask

NONE = np.empty(0, dtype=np.int64)


def chosen(features: Any, folder: Path, **changes: Any) -> Any:
    """Return the candidates of a pool."""
    common: dict[str, Any] = {
        "size": 400,
        "project_folder": folder,
        "anchors": NONE,
        "best": NONE,
        "excluded": NONE,
        "seed": 0,
        "round_seed": 1,
    }
    return candidate_set(features, **{**common, **changes})


@pytest.fixture
def crowded(make_features: Any) -> Any:
    """Return 20,000 samples; the last 40 of them are a rare kind, far from the others."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(20_000, 8)).astype(np.float32)
    X[-40:] = 6 + 0.3 * rng.normal(size=(40, 8))
    return make_features(X)


class TestNeighbors:
    @pytest.mark.parametrize("sparse", [False, True])
    def test_a_small_pool_is_compared_exactly(
        self, make_features: Any, tmp_path: Path, *, sparse: bool
    ) -> None:
        """The nearest samples are those of the definition."""
        X = np.random.default_rng(0).normal(size=(300, 6)).astype(np.float32)
        if sparse:
            X = normalize(np.where(X > 0.5, X, 0)).astype(np.float32)
        features = make_features(csr_matrix(X) if sparse else X)

        found = Neighbors.opened(tmp_path, features, seed=0).of(7, 5)

        scaled = X if sparse else X / X.std(axis=0)
        near = -(X @ X[7]) if sparse else ((scaled - scaled[7]) ** 2).sum(axis=1)
        near[7] = np.inf
        assert found.tolist() == np.argsort(near, kind="stable")[:5].tolist()

    def test_most_neighbors_are_found_in_a_large_pool(
        self, crowded: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Cells of random projections hold most of a cluster; only a part of the pool is read."""
        monkeypatch.setattr(neighbors, "BUCKET", 500)
        places = Neighbors.opened(tmp_path, crowded, seed=0)

        found = places.of(19_990, 39)

        assert len(np.intersect1d(found, np.arange(19_960, 20_000))) >= 35
        assert len(places.lines) == neighbors.TABLES

    def test_every_sample_is_in_one_cell_of_each_table(
        self, crowded: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Sorting by cells, chunk by chunk, loses nothing; what is on disk is used again."""
        monkeypatch.setattr(neighbors, "BUCKET", 500)
        monkeypatch.setattr(neighbors, "_ROWS", 3_000)
        first = Neighbors.opened(tmp_path, crowded, seed=0)
        crowded.longest_chunk = 0

        again = Neighbors.opened(tmp_path, crowded, seed=0)

        assert crowded.longest_chunk == 0
        for (order, starts), (same, _) in zip(first.tables, again.tables, strict=True):
            assert np.array_equal(np.sort(order), np.arange(20_000))
            assert np.array_equal(order, same)
            assert starts[-1] == 20_000


class TestCandidates:
    def test_near_ones_best_ones_and_random_ones(self, crowded: Any, tmp_path: Path) -> None:
        """A quarter is of the round before, at most half lies near labels, others are random."""
        best = np.arange(500, 1_000)
        anchors = np.array([19_999])

        ids = chosen(crowded, tmp_path, anchors=anchors, best=best, excluded=anchors)

        assert len(ids) == len(np.unique(ids)) == 400
        assert np.isin(best[:100], ids).all()
        assert np.isin(np.arange(19_960, 19_999), ids).all()
        assert 19_999 not in ids

    def test_the_random_part_changes_from_round_to_round(
        self, crowded: Any, tmp_path: Path
    ) -> None:
        """Nothing is left out for good."""
        one = chosen(crowded, tmp_path, round_seed=1)
        other = chosen(crowded, tmp_path, round_seed=2)

        assert len(one) == len(other) == 400
        assert len(np.intersect1d(one, other)) < 40

    def test_classes_take_turns_as_anchors(self) -> None:
        """A class with one label comes as early as a class with many; the newest comes first."""
        labeled = np.array([10, 11, 12, 13])

        anchors = anchors_of(labeled, ["a", "a", "a", "b"], np.array([1, 2, 4, 3]))

        assert anchors.tolist() == [12, 13, 11, 10]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make scoring look slow: each look at the clock is a second later."""
    ticks = iter(range(10**6))
    monkeypatch.setattr(scoring, "perf_counter", lambda: float(next(ticks)))
    monkeypatch.setattr(scoring, "FEWEST_SCORED", 1_000)


class TestRounds:
    @pytest.fixture
    def task(self, crowded: Any, a_task: Callable[..., RoundTask], make_pool: Any) -> RoundTask:
        """Return a round over the crowded pool in which one of the rare kind is labeled."""
        pool = make_pool(n=20_000)
        pool.features = crowded
        labeled = np.array([0, 1, 2, 3, 19_999])
        return a_task(
            pool,
            classes=("often", "other", "rare"),
            labeled_ids=labeled,
            labeled_y=["often", "often", "other", "other", "rare"],
            check_ids=NONE,
            check_y=[],
            score_seconds=1.0,
            queue_size=1_000,
        )

    def test_only_a_part_is_scored_and_said(self, slow: None, crowded: Any, task: Any) -> None:
        """The round says how many samples it scored, of how many."""
        outcome = run_round(task, crowded, lambda _phase, _done: None)

        assert (outcome.n_scored, outcome.n_candidates) == (1_000, 19_995)
        assert len(outcome.sample_ids) == 1_000
        assert not np.isin(task.labeled_ids, outcome.sample_ids).any()

    def test_a_pool_with_time_enough_is_scored_whole(self, crowded: Any, task: Any) -> None:
        """Within the limit nothing changes."""
        whole = run_round(replace(task, score_seconds=0.0), crowded, lambda _phase, _done: None)

        limited = run_round(replace(task, score_seconds=1e6), crowded, lambda _phase, _done: None)

        assert (limited.n_scored, limited.n_candidates) == (19_995, 19_995)
        assert limited.sample_ids.tolist() == whole.sample_ids.tolist()

    def test_what_is_rare_is_not_missed(self, slow: None, crowded: Any, task: Any) -> None:
        """Of the rare kind, of which one is labeled, all others are scored; at random two are."""
        outcome = run_round(task, crowded, lambda _phase, _done: None)

        rare = np.arange(19_960, 19_999)
        at_random = np.random.default_rng(0).permutation(20_000)[:1_000]
        assert np.isin(rare, outcome.sample_ids).all()
        assert np.isin(rare, at_random).sum() <= 5

    def test_chances_are_not_claimed(self, slow: None, crowded: Any, task: Any) -> None:
        """Samples that were not scored could not be drawn: no estimate may weigh the draws."""
        drawn = replace(task, strategy=("power_margin", {}))

        outcome = run_round(drawn, crowded, lambda _phase, _done: None)

        assert (outcome.draw_probabilities == 1).all()

    def test_the_best_of_the_round_before_are_scored_again(
        self, slow: None, crowded: Any, task: Any
    ) -> None:
        """A quarter of what is scored is what the last round found best."""
        before = run_round(task, crowded, lambda _phase, _done: None)

        after = run_round(replace(task, round_id=2), crowded, lambda _phase, _done: None)

        assert np.isin(before.sample_ids[:250], after.sample_ids).all()
