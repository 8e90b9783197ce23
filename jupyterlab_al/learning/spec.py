"""An estimator as an import path with parameters, checked before anything is imported.

``python -m jupyterlab_al.learning.spec`` answers for a server that imports no scikit-learn: it
reads ``{"import", "params", "allowed"}`` (and ``"strategy": {"name", "params"}`` if that is to be
checked too) as JSON from stdin and prints ``{"ok": true}`` or ``{"error", "message"}``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Protocol, TypeGuard

from jupyterlab_al.domain.errors import ActiveLearningError, InvalidEstimatorError, MalformedError

#: Modules whose estimators may be used when the operator says nothing else.
ALLOWED = ("sklearn.",)

#: A cache folder is read with pickle, so whoever can write there could run code.
_FORBIDDEN_PARAMS = frozenset({"memory"})


class EstimatorSource(Protocol):
    """Makes unfitted estimators, all alike."""

    @property
    def import_path(self) -> str:
        """Full path of the class."""
        ...

    def build(self) -> Any:
        """Return a new estimator."""
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
    sparse ones (TF-IDF) have one scale already and would lose their zeros.
    """
    plain = EstimatorSpec(
        import_path="sklearn.linear_model.LogisticRegression", params={"max_iter": 1000}
    )
    if is_sparse:
        return plain
    scaler = {"import": "sklearn.preprocessing.StandardScaler", "params": {}}
    steps = [["scale", scaler], ["classify", plain.as_json()]]
    return EstimatorSpec(import_path="sklearn.pipeline.Pipeline", params={"steps": steps})


def is_allowed(import_path: str, allowed_prefixes: Iterable[str] = ALLOWED) -> bool:
    """Return whether the path names something public in an allowed module.

    Examples
    --------
    >>> is_allowed("sklearn.svm.SVC"), is_allowed("os.system"), is_allowed("sklearn_evil.X")
    (True, False, False)
    """
    parts = import_path.split(".")
    if len(parts) < 2 or not all(part.isidentifier() and part[0] != "_" for part in parts):
        return False
    return _stands_in(import_path, allowed_prefixes)


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
                f"{', '.join(p.rstrip('.') for p in prefixes)}. An operator adds modules with "
                "the setting allowed_estimators."
            )
        _require_home(path, prefixes)
        refused = [name for name in _FORBIDDEN_PARAMS & set(part.params) if part.params[name]]
        if refused:
            raise InvalidEstimatorError(
                f"{path}: the parameter {refused[0]!r} can't be set; leave it out."
            )
    estimator = spec.build()
    _require_classifier(spec.import_path, estimator)
    _require_valid_params(estimator)


def _require_home(path: str, prefixes: tuple[str, ...]) -> None:
    """Raise if a class is only passing through the module that its path names."""
    cls = _estimator_class(path)
    if not _stands_in(f"{cls.__module__}.{cls.__qualname__}", prefixes):
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


def _stands_in(path: str, prefixes: Iterable[str]) -> bool:
    """Return whether a path lies in one of the modules, or is one of the classes, named."""
    return any(f"{path}.".startswith(prefix.rstrip(".") + ".") for prefix in prefixes if prefix)


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


def _answer(text: str) -> dict[str, Any]:
    """Return the reply of the command to one request."""
    try:
        request = json.loads(text)
        if not isinstance(request, dict):
            raise MalformedError("The request must be a JSON object.")
        described = {key: request[key] for key in ("import", "params") if key in request}
        check(EstimatorSpec.from_json(described), request.get("allowed", ALLOWED))
        if "strategy" in request:
            from jupyterlab_al.strategies.registry import create

            create(request["strategy"]["name"], request["strategy"].get("params", {}))
    except json.JSONDecodeError as error:
        return {"error": MalformedError.word, "message": f"The request is not JSON: {error}"}
    except ActiveLearningError as error:
        return {"error": error.word, "message": error.message}
    return {"ok": True}


def main() -> None:
    """Answer one request from stdin on stdout."""
    # What an imported module prints must not end up in the reply.
    with redirect_stdout(sys.stderr):
        reply = _answer(sys.stdin.read())
    sys.stdout.write(json.dumps(reply) + "\n")


if __name__ == "__main__":
    main()
