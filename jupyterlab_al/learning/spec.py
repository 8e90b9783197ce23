"""An estimator as an import path with parameters, checked before anything is imported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Protocol, TypeGuard

from jupyterlab_al.domain.errors import InvalidEstimatorError
from jupyterlab_al.domain.import_paths import ALLOWED, is_allowed, listed, stands_in

#: A cache folder is read with pickle, so whoever can write there could run code.
FORBIDDEN_PARAMS = frozenset({"memory"})


#: Inverse penalty of the default estimator on texts. With scikit-learn's 1 accuracy after 50 to
#: 1,000 labels was 3 to 27 points lower (Reuters R8, 20 newsgroups).
SPARSE_C = 30.0


class EstimatorSource(Protocol):
    """Makes unfitted estimators, all alike."""

    @property
    def import_path(self) -> str:
        """Full path of the class."""
        ...

    def build(self) -> Any:
        """Return a new estimator."""
        ...


class KeptSource(EstimatorSource, Protocol):
    """An estimator's source that a project keeps, and a model's record names."""

    def as_json(self) -> dict[str, Any]:
        """Return what a project's configuration says of it."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class EstimatorSpec:
    """How to make an estimator: plain data that can be stored, sent and compared.

    A parameter that is itself ``{"import": …, "params": …}`` stands for an estimator, also inside
    lists, so that pipelines and wrappers can be written down.
    """

    #: Full path of the class, e.g. ``sklearn.linear_model.LogisticRegression``.
    import_path: str
    #: Keyword arguments of the class, as JSON values.
    params: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_json(cls, value: object) -> EstimatorSpec:
        """Return the estimator described by ``{"import": path, "params": {…}}``."""
        if not _is_nested(value):
            raise InvalidEstimatorError(
                'An estimator is written as {"import": "package.module.Class", "params": {…}}.'
            )
        return cls(import_path=value["import"], params=value.get("params", {}))

    def as_json(self) -> dict[str, Any]:
        """Return ``{"import": path, "params": {…}}``."""
        return {"import": self.import_path, "params": dict(self.params)}

    def parts(self) -> Iterator[EstimatorSpec]:
        """Yield this estimator and all estimators in its parameters."""
        yield self
        for nested in _nested_in(list(self.params.values())):
            yield from EstimatorSpec.from_json(nested).parts()

    def build(self) -> Any:
        """Return a new estimator with the parameters set.

        Raises
        ------
        InvalidEstimatorError
            If the class is not there, is no estimator or doesn't take the parameters.
        """
        cls = _estimator_class(self.import_path)
        params = {name: _built(value) for name, value in self.params.items()}
        try:
            return cls(**params)
        except Exception as error:
            raise InvalidEstimatorError(
                f"{self.import_path} doesn't take these parameters: {error}. "
                "Compare their names with the documentation of the estimator."
            ) from error


def default_spec(*, is_sparse: bool) -> EstimatorSpec:
    """Return what a project gets that names no estimator: logistic regression.

    Dense features are scaled first, because a column of large numbers would outweigh all others;
    sparse ones (TF-IDF) have one scale already and would lose their zeros. Their rows have length
    1, which the usual penalty would keep from being learned from.
    """
    logistic, params = "sklearn.linear_model.LogisticRegression", {"max_iter": 1000}
    if is_sparse:
        return EstimatorSpec(import_path=logistic, params={"C": SPARSE_C, **params})
    plain = EstimatorSpec(import_path=logistic, params=params)
    scaler = {"import": "sklearn.preprocessing.StandardScaler", "params": {}}
    steps = [["scale", scaler], ["classify", plain.as_json()]]
    return EstimatorSpec(import_path="sklearn.pipeline.Pipeline", params={"steps": steps})


def check(spec: EstimatorSpec, allowed: Iterable[str] = ALLOWED) -> None:
    """Raise unless the estimator may be used, can be made, and can order samples.

    Raises
    ------
    InvalidEstimatorError
        With words that say what to change.
    """
    prefixes = tuple(allowed)
    for part in spec.parts():
        path = part.import_path
        if not is_allowed(path, prefixes):
            raise InvalidEstimatorError(
                f"{path!r} is not an allowed estimator. Allowed are public classes of: "
                f"{listed(prefixes)}. An operator adds modules with "
                "the setting allowed_estimators."
            )
        require_estimator(path, prefixes)
        refused = [name for name in FORBIDDEN_PARAMS & set(part.params) if part.params[name]]
        if refused:
            raise InvalidEstimatorError(
                f"{path}: the parameter {refused[0]!r} can't be set; leave it out."
            )
    require_usable(spec.import_path, spec.build())


def require_usable(name: str, estimator: Any) -> None:
    """Raise unless an estimator that was made can order samples."""
    _require_classifier(name, estimator)
    _require_valid_params(estimator)


def require_estimator(path: str, prefixes: tuple[str, ...]) -> None:
    """Raise unless the path names an estimator's class, in the module that defines it."""
    cls = _estimator_class(path)
    if not stands_in(f"{cls.__module__}.{cls.__qualname__}", prefixes):
        raise InvalidEstimatorError(
            f"{path} is defined in {cls.__module__}, which is not an allowed module."
        )


def _require_classifier(path: str, estimator: Any) -> None:
    """Raise if the estimator can't say how likely each class is."""
    from sklearn.base import is_outlier_detector, is_regressor

    if is_regressor(estimator) or is_outlier_detector(estimator):
        raise InvalidEstimatorError(f"{path} predicts no classes. Choose a classifier.")
    if not (hasattr(estimator, "fit") and hasattr(estimator, "predict")):
        raise InvalidEstimatorError(
            f"{path} has no fit and predict. Choose a classifier, or put it in a Pipeline that "
            "ends in one."
        )
    if not (hasattr(estimator, "predict_proba") or hasattr(estimator, "decision_function")):
        raise InvalidEstimatorError(
            f"{path} with these parameters has neither predict_proba nor decision_function, so it "
            "can't say what it is unsure about. Change the parameters, choose another classifier "
            "or wrap it in sklearn.calibration.CalibratedClassifierCV."
        )


def _require_valid_params(estimator: Any) -> None:
    """Raise if scikit-learn's own rules for the values of parameters are broken."""
    from sklearn.base import BaseEstimator

    nested = estimator.get_params(deep=True).values()
    for part in [estimator, *(value for value in nested if isinstance(value, BaseEstimator))]:
        # Estimators of others seldom declare such rules; theirs are checked by their fit.
        if not hasattr(part, "_parameter_constraints"):
            continue
        try:
            part._validate_params()
        except (TypeError, ValueError) as error:
            raise InvalidEstimatorError(f"{type(part).__name__}: {error}") from error


def _estimator_class(path: str) -> type[Any]:
    """Return the class at a path; nothing but estimators is ever called."""
    from sklearn.base import BaseEstimator

    module, _, name = path.rpartition(".")
    try:
        found = getattr(import_module(module), name)
    except Exception as error:
        raise InvalidEstimatorError(
            f"{path!r} can't be imported ({type(error).__name__}: {error}). Check the spelling, "
            "and that the package is installed where the worker runs."
        ) from error
    if not (isinstance(found, type) and issubclass(found, BaseEstimator)):
        raise InvalidEstimatorError(
            f"{path} is not an estimator class (a subclass of sklearn.base.BaseEstimator)."
        )
    return found


def _is_nested(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Return whether a parameter describes an estimator."""
    return (
        isinstance(value, Mapping)
        and isinstance(value.get("import"), str)
        and isinstance(value.get("params", {}), Mapping)
        and set(value) <= {"import", "params"}
    )


def _nested_in(value: object) -> Iterator[Mapping[str, Any]]:
    """Yield the outermost descriptions of estimators in a parameter."""
    if isinstance(value, Mapping):
        if _is_nested(value):
            yield value
        else:
            yield from _nested_in(list(value.values()))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _nested_in(part)


def _built(value: object) -> object:
    """Return a parameter with the estimators in it made."""
    if _is_nested(value):
        return EstimatorSpec.from_json(value).build()
    if isinstance(value, Mapping):
        return {name: _built(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        parts = [_built(part) for part in value]
        # The steps of a pipeline are pairs; scikit-learn wants tuples for them.
        return [tuple(part) if isinstance(part, list) else part for part in parts]
    return value
