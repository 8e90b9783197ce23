"""The strategies of scikit-activeml, over a shortlist (extra `strategies`)."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.utils import check_random_state

from jupyterlab_al.domain.errors import InvalidSettingError
from jupyterlab_al.strategies.batch import BatchStrategy, Order, Shortlist
from jupyterlab_al.strategies.dense import table_of
from jupyterlab_al.strategies.probabilities import is_multi_label

#: How a label that is not there looks to it: of the type of the others.
UNKNOWN = ""
#: What a query may ask for beyond samples and labels, and we can give.
GIVEN = ("clf", "fit_clf", "estimator", "fit_estimator", "ensemble", "fit_ensemble")
#: Strategies that make as many numbers of a feature as there are classes.
GRADIENTS = ("Badge",)
#: Members of the ensemble that some strategies ask.
N_MEMBERS = 7


class ScikitActiveml(BatchStrategy):
    """Let a pool-based strategy of scikit-activeml choose from the shortlist.

    Sparse features become dense for it. Where they are too wide for that, it chooses among fewer
    candidates; where the labeled samples alone are too many, the round fails and says so.

    Parameters
    ----------
    method : str, default="MaxHerding"
        Name of a class in `skactiveml.pool`: Badge, CoreSet, Falcun, MaxHerding, ProbCover,
        QueryByCommittee, TypiClust, …
    params : dict or None, default=None
        What the class is made with.
    random_state : int, RandomState instance or None, default=None

    References
    ----------
    Kottke, D., et al. (2021). scikit-activeml: a library and toolbox for active learning
    algorithms. Preprints 2021030194.
    """

    def __init__(
        self,
        *,
        method: str = "MaxHerding",
        params: dict[str, Any] | None = None,
        random_state: Any = None,
    ) -> None:
        self.method = method
        self.params = params
        self.random_state = random_state

    def require_usable(self, *, multi_label: bool) -> None:
        """Raise in multi-label projects, without scikit-activeml, and for what it has not."""
        if multi_label:
            raise InvalidSettingError(
                "The strategies of scikit-activeml take one label a sample; choose another one "
                "for a multi-label project."
            )
        self._asked_for(self._class())

    def choose(self, candidates: Shortlist, n: int) -> Order:
        """Return what scikit-activeml would query; nothing while there are no labels."""
        self.require_usable(multi_label=is_multi_label(candidates.estimator))
        if candidates.labeled is None:
            return np.empty(0, dtype=np.int64)
        table = table_of(
            candidates,
            n=n,
            what=f"The strategy {self.method} of scikit-activeml",
            times=len(candidates.estimator.classes_) if self.method in GRADIENTS else 1,
        )
        y = np.full(len(table.X), UNKNOWN, dtype=object)
        y[: table.n_labeled] = [str(label) for label in candidates.labeled.y]
        known = y.astype(np.str_)
        strategy = self._made(known)
        rows = strategy.query(
            X=table.X,
            y=known,
            candidates=np.arange(table.n_labeled, len(table.X)),
            batch_size=min(n, len(table.places)),
            **self._models(strategy, candidates),
        )
        order: Order = table.places[np.asarray(rows, dtype=np.int64) - table.n_labeled]
        return order

    def _made(self, known: Any) -> Any:
        taken = inspect.signature(self._class()).parameters
        offered = {
            "missing_label": UNKNOWN,
            # A number: it does not take a state that goes on.
            "random_state": int(check_random_state(self.random_state).randint(2**31)),
            "classes": sorted({label for label in known.tolist() if label != UNKNOWN}),
        }
        own = {name: value for name, value in offered.items() if name in taken}
        try:
            return self._class()(**own, **(self.params or {}))
        except TypeError as error:
            raise InvalidSettingError(
                f"skactiveml.pool.{self.method} doesn't take these parameters ({error})."
            ) from error

    def _class(self) -> Any:
        try:
            import skactiveml.pool
        except ImportError as error:
            raise InvalidSettingError(
                'This strategy needs scikit-activeml: pip install "jupyterlab_al[strategies]".'
            ) from error
        found = getattr(skactiveml.pool, self.method, None)
        if not inspect.isclass(found) or not hasattr(found, "query"):
            raise InvalidSettingError(f"scikit-activeml has no strategy {self.method!r}.")
        return found

    def _asked_for(self, of: Any) -> list[str]:
        """Return what the query of a strategy, or of its class, can be given."""
        asked = inspect.signature(of.query).parameters
        needed = [
            name
            for name, parameter in asked.items()
            if parameter.default is inspect.Parameter.empty
            and name not in ("self", "X", "y")
            and parameter.kind is not inspect.Parameter.VAR_KEYWORD
        ]
        if unknown := sorted(set(needed) - set(GIVEN)):
            raise InvalidSettingError(
                f"skactiveml.pool.{self.method} asks for {unknown[0]}, which a project of classes "
                "has not."
            )
        return list(asked)

    def _models(self, strategy: Any, candidates: Shortlist) -> dict[str, Any]:
        """Return the classifiers that the query asks for, by the names it has for them."""
        from skactiveml.classifier import SklearnClassifier

        asked = self._asked_for(strategy)

        def classifier() -> Any:
            return SklearnClassifier(
                clone(candidates.estimator),
                classes=list(candidates.estimator.classes_),
                missing_label=UNKNOWN,
            )

        models: dict[str, Any] = {name: classifier() for name in ("clf", "estimator")}
        if "ensemble" in asked:
            from sklearn.ensemble import BaggingClassifier

            models["ensemble"] = SklearnClassifier(
                BaggingClassifier(clone(candidates.estimator), n_estimators=N_MEMBERS),
                classes=list(candidates.estimator.classes_),
                missing_label=UNKNOWN,
            )
        fits = {name: True for name in GIVEN if name.startswith("fit_")}
        return {name: value for name, value in (models | fits).items() if name in asked}
