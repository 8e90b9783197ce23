"""Shortlists as tables without gaps, as far as there is room."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix, random_array
from sklearn.linear_model import LogisticRegression

from jupyterlab_al.domain.errors import RoundFailedError
from jupyterlab_al.strategies.base import LabeledSet
from jupyterlab_al.strategies.batch import Shortlist
from jupyterlab_al.strategies.dense import Table, table_of
from jupyterlab_al.strategies.scikit_activeml import ScikitActiveml

WIDTH = 80_000


def texts(n: int, *, width: int = WIDTH, terms: int = 30, seed: int = 0) -> Any:
    """Return sparse rows as TF-IDF gives them: few of very many columns."""
    matrix = random_array(
        (n, width), density=terms / width, format="csr", dtype=np.float32, rng=seed
    )
    return csr_matrix(matrix)


def shortlist(X: Any, labeled: Any, *, fits: bool = False) -> Shortlist:
    """Return a shortlist, the second half of it random; utilities fall from first to last."""
    y = [["left", "right"][i % 2] for i in range(labeled.shape[0])]
    n = X.shape[0]
    return Shortlist(
        X=X,
        utilities=np.linspace(1, 0, n),
        at_random=np.arange(n) >= n // 2,
        estimator=LogisticRegression().fit(labeled, y) if fits else None,
        labeled=LabeledSet(X=labeled, y=y),
    )


def table(X: Any, labeled: Any, n: int = 32) -> Table:
    """Return the table of a shortlist."""
    return table_of(shortlist(X, labeled), n=n, what="Magic")


@pytest.fixture
def little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tables have a million numbers."""
    monkeypatch.setattr("jupyterlab_al.strategies.dense.MOST_NUMBERS", 1_000_000)


def test_what_fits_stays_as_it_is() -> None:
    """Labeled samples come first, and every candidate is there with every column."""
    X, labeled = texts(20, width=50, terms=5), texts(4, width=50, terms=5, seed=1)

    found = table(X, labeled, n=5)

    assert found.n_labeled == 4
    assert found.places.tolist() == list(range(20))
    assert np.array_equal(found.X, np.concatenate([labeled.toarray(), X.toarray()]))


@pytest.mark.usefixtures("little_room")
def test_columns_without_values_go_first() -> None:
    """Distances are the same without them, and no candidate has to go."""
    X, labeled = texts(20), texts(4, seed=1)

    found = table(X, labeled, n=5)

    assert found.places.tolist() == list(range(20))
    assert found.X.shape[1] < 24 * 30
    assert (found.X @ found.X.T)[4:, 4:] == pytest.approx((X @ X.T).toarray(), abs=1e-5)


@pytest.mark.usefixtures("little_room")
def test_then_candidates_go_from_both_halves() -> None:
    """The best of all stay, and random ones from one end of the pool to the other."""
    n = 400

    found = table(texts(n), texts(4, seed=1))

    assert found.X.size <= 1_000_000
    half = len(found.places) // 2
    assert found.places[:half].tolist() == list(range(half))
    assert found.places[-1] == n - 1
    assert np.all(found.places[half + 1 :] >= n // 2)


@pytest.mark.usefixtures("little_room")
@pytest.mark.parametrize("sparse", [True, False], ids=["sparse", "dense"])
def test_labels_that_leave_no_room_are_said_to(*, sparse: bool) -> None:
    """Nothing is made dense that does not fit; the words say which strategy does without."""
    X, labeled = texts(400, width=3000), texts(300, width=3000, seed=1)
    if not sparse:
        X, labeled = X.toarray(), labeled.toarray()

    with pytest.raises(RoundFailedError, match=r"Magic .* 300 .*Choose another strategy"):
        table(X, labeled)


@pytest.mark.usefixtures("little_room")
def test_scikit_activeml_chooses_from_what_there_is_room_for() -> None:
    """Its answers are places in the shortlist, not in the smaller table."""
    candidates = shortlist(texts(300), texts(6, seed=1), fits=True)
    kept = table_of(candidates, n=5, what="Magic").places
    assert len(kept) < 300

    order = ScikitActiveml(method="CoreSet", random_state=0).choose(candidates, 5)

    assert len(set(order.tolist())) == 5
    assert set(order.tolist()) <= set(kept.tolist())


@pytest.mark.usefixtures("little_room")
def test_gradients_need_room_for_each_class() -> None:
    """A strategy that makes more of each number gets fewer candidates."""
    candidates = shortlist(texts(300, width=3000), texts(6, width=3000, seed=1))

    rows = [len(table_of(candidates, n=5, what="Magic", times=times).places) for times in (1, 2)]

    assert rows[0] == 300
    assert 6 + rows[1] <= 1_000_000 // 2 // 2800
