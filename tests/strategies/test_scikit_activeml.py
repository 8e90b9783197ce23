"""Strategies of scikit-activeml through our interface."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from skactiveml.pool import UncertaintySampling
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import MultiLabelBinarizer

from jupyterlab_al.domain.errors import InvalidSettingError
from jupyterlab_al.strategies.base import LabeledSet
from jupyterlab_al.strategies.scikit_activeml import ScikitActiveml
from tests.strategies.test_batch import groups, shortlist


@pytest.fixture
def labeled() -> LabeledSet:
    """Two samples with a label."""
    return LabeledSet(X=groups()[[0, 30]], y=["left", "right"])


@pytest.mark.parametrize(
    "method", ["MaxHerding", "CoreSet", "TypiClust", "Badge", "Falcun", "QueryByCommittee", "Clue"]
)
def test_it_chooses_each_candidate_once(method: str, labeled: LabeledSet) -> None:
    """Strategies with a classifier, with an ensemble and without either."""
    order = ScikitActiveml(method=method, random_state=0).choose(shortlist(groups(), labeled), 6)

    assert len(set(order.tolist())) == 6
    assert set(order.tolist()) <= set(range(100))


def test_it_chooses_what_the_library_would(labeled: LabeledSet) -> None:
    """Uncertainty by margin is the sample that our margin utility puts first as well."""
    candidates = shortlist(groups(), labeled)
    # Fitted on the two labels alone, as the library fits it.
    candidates.estimator.fit(labeled.X, labeled.y)
    proba = candidates.proba()

    order = ScikitActiveml(
        method="UncertaintySampling", params={"method": "margin_sampling"}, random_state=0
    ).choose(candidates, 1)

    margins = np.abs(proba[:, 0] - proba[:, 1])
    assert UncertaintySampling().method == "least_confident"
    assert margins[order[0]] == pytest.approx(margins.min())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"method": "Magic"}, "no strategy 'Magic'"),
        ({"method": "CoreSet", "params": {"magic": 1}}, "doesn't take"),
        ({"method": "GreedySamplingTarget"}, "asks for reg"),
    ],
)
def test_what_it_cannot_do_is_said(
    changes: dict[str, Any], words: str, labeled: LabeledSet
) -> None:
    """Names and parameters that it has not, and strategies for numbers, are refused."""
    if "params" not in changes:
        with pytest.raises(InvalidSettingError, match=words):
            ScikitActiveml(**changes).require_usable(multi_label=False)
    with pytest.raises(InvalidSettingError, match=words):
        ScikitActiveml(**changes).choose(shortlist(groups(), labeled), 3)


def test_without_labels_the_utilities_decide() -> None:
    """Nothing is fitted on nothing."""
    assert len(ScikitActiveml().choose(shortlist(groups()), 3)) == 0


def test_several_labels_a_sample_are_refused(labeled: LabeledSet) -> None:
    """It can't take them, and says so."""
    lists = [["a"], ["a", "b"]]
    estimator = OneVsRestClassifier(LogisticRegression()).fit(
        labeled.X, MultiLabelBinarizer().fit_transform(lists)
    )
    several = LabeledSet(X=labeled.X, y=lists)

    with pytest.raises(InvalidSettingError, match="one label a sample"):
        ScikitActiveml().choose(shortlist(groups(), several, estimator=estimator), 3)
