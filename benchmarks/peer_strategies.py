"""What other libraries choose by default, as strategies of ours, so that all else is the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.real_sets import package_folder
from jupyterlab_al.strategies.base import LabeledSet, QueryStrategy, Utilities
from jupyterlab_al.strategies.names import BUILT_IN
from jupyterlab_al.strategies.typical import TypicalFirst

#: What a missing label looks like: of the type of the others.
UNKNOWN = ""


class ModalDefault(QueryStrategy):
    """What modAL's `ActiveLearner` uses unless told otherwise: classification uncertainty."""

    def _score(self, X: Any, estimator: Any, labeled: LabeledSet | None) -> Utilities:  # noqa: ARG002
        package_folder()
        from modAL.uncertainty import classifier_uncertainty

        return np.asarray(classifier_uncertainty(estimator, X), dtype=np.float64)


class SkactivemlDefault(QueryStrategy):
    """What scikit-activeml's `UncertaintySampling` does unless told otherwise."""

    independent = False

    def _score(self, X: Any, estimator: Any, labeled: LabeledSet | None) -> Utilities:
        package_folder()
        from skactiveml.classifier import SklearnClassifier
        from skactiveml.pool import UncertaintySampling

        assert labeled is not None
        known = np.asarray(labeled.y, dtype=np.str_)
        wrapped = SklearnClassifier(
            estimator, classes=list(estimator.classes_), missing_label=UNKNOWN
        )
        # Fitted already: the wrapper would fit it once more.
        wrapped.fit(_dense(labeled.X), known)
        _, utilities = UncertaintySampling(missing_label=UNKNOWN, random_state=0).query(
            X=_dense(labeled.X),
            y=known,
            clf=wrapped,
            fit_clf=False,
            candidates=_dense(X),
            batch_size=1,
            return_utilities=True,
        )
        return np.asarray(utilities[0], dtype=np.float64)


class SmallTextTies(QueryStrategy):
    """Breaking ties of small-text, which has no default; its authors found it best for texts."""

    def _score(self, X: Any, estimator: Any, labeled: LabeledSet | None) -> Utilities:  # noqa: ARG002
        package_folder()
        from small_text.query_strategies.strategies import BreakingTies

        confidence = BreakingTies().get_confidence(estimator, X, None, None, None)
        return 1 - np.asarray(confidence, dtype=np.float64)


class TypicalThenMargin(TypicalFirst):
    """Our typical samples first, then plain margin: the cold start alone, against margin."""

    def __init__(
        self, *, then: str = "margin", per_class: int = 3, random_state: Any = None
    ) -> None:
        super().__init__(then=then, per_class=per_class, random_state=random_state)


def register() -> None:
    """Make them known by name; each process that replays them has to."""
    for name, of in NAMES.items():
        BUILT_IN.setdefault(name, f"{__name__}:{of.__name__}")


#: How the tables call them.
NAMES: Mapping[str, type[QueryStrategy]] = {
    "modal": ModalDefault,
    "skactiveml": SkactivemlDefault,
    "small_text": SmallTextTies,
    "typical_margin": TypicalThenMargin,
}


def _dense(X: Any) -> Any:
    return X.toarray() if hasattr(X, "toarray") else X
