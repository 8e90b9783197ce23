"""Look at data and at a project's description before anything is stored."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jupyterlab_al.datasets.description import DatasetSpec, DisplaySpec, FeaturesSpec
from jupyterlab_al.domain.errors import (
    InvalidDatasetError,
    InvalidEstimatorError,
    InvalidSettingError,
    MalformedError,
)
from jupyterlab_al.domain.models import Project, ProjectId
from jupyterlab_al.domain.settings import Settings
from jupyterlab_al.learning.spec import default_spec
from jupyterlab_al.services import adding
from jupyterlab_al.services.roots import ROOT
from jupyterlab_al.services.uploads import estimator_path

#: The column that is shown of a folder's files, by the dataset's kind.
FOLDER_COLUMNS = {"images": ["image"], "texts": ["text"], "audio": ["audio"]}
#: Seconds after which an estimator that can't be imported is given up.
CHECK_SECONDS = 60.0
#: Address space for reading an uploaded estimator where the operator set no `memory_limit`.
CHECK_MEMORY = 4 * 2**30


def dataset_spec(dataset: Mapping[str, Any]) -> DatasetSpec:
    """Return what a request says of its dataset; a demo may be named by `name` or by `path`."""
    given = {key: value for key, value in dataset.items() if value is not None}
    name = given.pop("name", None)
    if name is not None:
        if given.get("kind") != "demo":
            raise MalformedError("dataset.name is the name of a demo; a file has a path.")
        given["path"] = name
    return DatasetSpec.from_json(given)


def inspected(
    dataset: Mapping[str, Any], settings: Settings, display: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return columns, first rows, a proposal and problems of a dataset.

    `display` says how the first rows of a table are shown, where that is not as proposed.
    """
    from jupyterlab_al.datasets.inspect import inspect

    shown = DisplaySpec.from_json(display)
    return asdict(inspect(_root(dataset, settings), dataset_spec(dataset), shown))


def checked(description: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """Return the configuration of a new project, or say what is wrong with it.

    Raises
    ------
    RuleError
        The data can't be read, a column is missing, the estimator can't rank samples, …
    """
    # Inside, so that the server's start does not import what reads data.
    from jupyterlab_al.datasets.check_features import check_features
    from jupyterlab_al.datasets.check_folder import check_folder
    from jupyterlab_al.datasets.embedding_models import check_model
    from jupyterlab_al.datasets.upload_names import unnamed

    spec = _settled(description["dataset"], settings)
    display = _given(description["display"])
    features = _given(description["features"])
    shown, learned = DisplaySpec.from_json(display), FeaturesSpec.from_json(features)
    check_model(learned, settings.allowed_estimators)
    root, uploads = _root(spec.to_json(), settings), settings.uploads_folder
    with unnamed(spec.upload, learned.upload):
        found = _checked_columns(description, spec, settings)
        n_samples = found["n_rows"] if found["n_rows_exact"] else None
        check_features(settings.root_dir, uploads, spec, learned, n_samples=n_samples)
        check_folder(root, spec, shown, learned)
    config = {
        key: description[key]
        for key in (
            "multi_label",
            "label_column",
            "retrain_every",
            "early_rounds",
            "check_share",
            "review_share",
            "overlap",
            "queue_size",
            "seed",
            "blind",
            "error_cost",
            "budget",
            "strategy",
        )
    }
    config[ROOT] = str(settings.root_dir)
    config["dataset"] = spec.to_json()
    config["display"] = display
    config["features"] = features
    config["estimator"] = description["estimator"]
    return config | check_learning(config, settings)


def further(given: Mapping[str, Any], settings: Settings, *, project: Project) -> dict[str, Any]:
    """Return dataset and features of samples to add; refuse a file that is not there.

    An upload that is added already may be gone: it is removed once it is imported.
    """
    from jupyterlab_al.datasets.folders import names_digest
    from jupyterlab_al.datasets.sources import settled_kind, source_path

    if bool(given.get("path")) == bool(given.get("upload_id")):
        raise MalformedError("Name the samples to add by upload_id or by path, one of the two.")
    kind = "upload" if given.get("upload_id") else "auto"
    asked = {"kind": kind, "path": given["path"], "upload_id": given["upload_id"]}
    spec = settled_kind(_root(asked, settings), dataset_spec(asked))
    features = None
    if given.get("features_upload_id"):
        features = {"kind": "precomputed", "upload_id": given["features_upload_id"]}
        features = FeaturesSpec.from_json(features).to_json()
    what: dict[str, Any] = {"dataset": spec.to_json(), "features": features}
    if kind == "auto":
        what[ROOT] = str(settings.root_dir)
    if adding.is_known(project, what):
        return what
    path = source_path(_root(asked, settings), spec)
    if path.is_dir():
        # A folder that has other files by now is another addition.
        what["names"] = names_digest(path)
    return what


def check_learning(
    config: Mapping[str, Any], settings: Settings, *, project: ProjectId | None = None
) -> dict[str, Any]:
    """Return the estimator as a project keeps it; refuse it, or a strategy, that can't be used.

    Parameters
    ----------
    config : mapping
        With `estimator` and `strategy` where they are to be set, and `multi_label`.
    settings : Settings
    project : int, optional
        The project, where it exists: it may have the uploaded file already.
    """
    strategy, estimator = config.get("strategy"), config.get("estimator")
    if strategy is not None:
        _require_strategy(strategy["name"])
    if estimator is None and (strategy is None or not _has_conditions(strategy)):
        return {}
    subject = _subject(estimator, settings, project)
    answer = _asked(subject, config, settings)
    if estimator is None:
        return {}
    if "skops" not in subject:
        return {"estimator": subject}
    kept = {"skops": estimator["skops"], "description": answer["description"]}
    return {"estimator": kept}


def _require_strategy(name: str) -> None:
    from jupyterlab_al.strategies.names import find, names

    if find(name) is None:
        raise InvalidSettingError(
            f"There is no query strategy {name!r}; use one of {', '.join(names())}.",
            word="unknown_strategy",
        )


def _has_conditions(strategy: Mapping[str, Any]) -> bool:
    """Return whether a strategy must be made to know that a project can use it."""
    from jupyterlab_al.strategies.names import is_choosy

    return bool(strategy["params"]) or is_choosy(strategy["name"])


def _subject(
    estimator: Mapping[str, Any] | None, settings: Settings, project: ProjectId | None
) -> dict[str, Any]:
    """Return what is to be checked: an import path with parameters, or the path of a file."""
    if estimator is None:
        return default_spec(is_sparse=False).as_json()
    if bool(estimator.get("import")) == bool(estimator.get("skops")):
        raise InvalidEstimatorError(
            "The estimator needs an import path, such as sklearn.linear_model.LogisticRegression, "
            "or the upload_id of a skops file; one of the two."
        )
    if not estimator.get("skops"):
        return {"import": estimator["import"], "params": estimator.get("params") or {}}
    if estimator.get("params"):
        raise InvalidEstimatorError("A skops file has its parameters in it; leave params out.")
    return {"skops": str(estimator_path(settings, estimator["skops"], project))}


def _asked(
    subject: Mapping[str, Any], config: Mapping[str, Any], settings: Settings
) -> dict[str, Any]:
    """Ask a process of its own: importing an estimator runs code, and takes a second."""
    request: dict[str, Any] = {
        **subject,
        "allowed": list(settings.allowed_estimators),
        "memory": settings.memory_limit or CHECK_MEMORY,
    }
    if config.get("strategy") is not None:
        request["strategy"] = dict(config["strategy"])
        request["multi_label"] = bool(config.get("multi_label"))
    what = subject.get("import", "The uploaded estimator")
    try:
        answer = subprocess.run(
            [sys.executable, "-P", "-m", "jupyterlab_al.learning.checking"],
            input=json.dumps(request),
            capture_output=True,
            text=True,
            timeout=CHECK_SECONDS,
            check=True,
            env=_environment(),
        )
        said: dict[str, Any] = json.loads(answer.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise InvalidEstimatorError(f"{what} could not be imported: {_last_line(error)}") from error
    if not said.get("ok"):
        raise InvalidSettingError(said["message"], word=said["error"])
    return said


def _environment() -> dict[str, str]:
    """Let the process find this package, but no module of the folder that it is started in."""
    package = str(Path(__file__).parents[2])
    paths = [package, os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)}


def _last_line(error: Exception) -> str:
    text = getattr(error, "stderr", None) or str(error)
    lines = str(text).strip().splitlines()
    return lines[-1] if lines else type(error).__name__


def _checked_columns(
    description: Mapping[str, Any], spec: DatasetSpec, settings: Settings
) -> dict[str, Any]:
    """Return a look at the first rows: the file can be read and has every column that is named."""
    found = inspected(spec.to_json(), settings)
    if found["arrays"] and spec.array is None:
        raise InvalidDatasetError(
            f"{spec.path} holds {len(found['arrays'])} arrays "
            f"({', '.join(found['arrays'][:5])}); name the one to label by dataset.array.",
            field="dataset.array",
        )
    known = [column["name"] for column in found["columns"]]
    # What GET says of a folder's project can be posted again.
    known += FOLDER_COLUMNS.get(spec.kind, [])
    named = {
        "dataset.key_column": [spec.key_column],
        "label_column": [description["label_column"]],
    }
    for part in ("display", "features"):
        given = description[part]
        named[f"{part}.column"] = [given["column"]]
        named[f"{part}.columns"] = given["columns"] or []
    for field, columns in named.items():
        for column in columns:
            if column is not None and column not in known:
                raise InvalidDatasetError(
                    f"{field}: there is no column {column!r}; "
                    f"there are {', '.join(known) or 'none'}.",
                    word="unknown_column",
                    field=field,
                )
    return found


def _settled(dataset: Mapping[str, Any], settings: Settings) -> DatasetSpec:
    from jupyterlab_al.datasets.sources import settled_kind

    return settled_kind(_root(dataset, settings), dataset_spec(dataset))


def _root(dataset: Mapping[str, Any], settings: Settings) -> Path:
    return settings.uploads_folder if dataset.get("kind") == "upload" else settings.root_dir


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
