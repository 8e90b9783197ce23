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
from jupyterlab_al.domain.settings import Settings
from jupyterlab_al.learning.spec import default_spec

#: The column that is shown of a folder's files, by the dataset's kind.
FOLDER_COLUMNS = {"images": ["image"], "texts": ["text"], "audio": ["audio"]}
#: Seconds after which an estimator that can't be imported is given up.
CHECK_SECONDS = 60.0


def dataset_spec(dataset: Mapping[str, Any]) -> DatasetSpec:
    """Return what a request says of its dataset; a demo may be named by `name` or by `path`."""
    given = {key: value for key, value in dataset.items() if value is not None}
    name = given.pop("name", None)
    if name is not None:
        if given.get("kind") != "demo":
            raise MalformedError("dataset.name is the name of a demo; a file has a path.")
        given["path"] = name
    return DatasetSpec.from_json(given)


def inspected(dataset: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """Return columns, first rows, a proposal and problems of a dataset."""
    from jupyterlab_al.datasets.inspect import inspect

    return asdict(inspect(_root(dataset, settings), dataset_spec(dataset)))


def checked(description: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """Return the configuration of a new project, or say what is wrong with it.

    Raises
    ------
    RuleError
        The data can't be read, a column is missing, the estimator can't rank samples, …
    """
    # Inside, so that the server's start does not import what reads data.
    from jupyterlab_al.datasets.check_folder import check_folder

    spec = _settled(description["dataset"], settings)
    display = _given(description["display"])
    features = _given(description["features"])
    shown, learned = DisplaySpec.from_json(display), FeaturesSpec.from_json(features)
    _check_columns(description, spec, settings)
    check_folder(_root(spec.to_json(), settings), spec, shown, learned)
    config = {
        key: description[key]
        for key in (
            "multi_label",
            "label_column",
            "retrain_every",
            "check_share",
            "overlap",
            "queue_size",
            "seed",
            "blind",
            "error_cost",
            "budget",
            "strategy",
        )
    }
    config["dataset"] = spec.to_json()
    config["display"] = display
    config["features"] = features
    config["estimator"] = description["estimator"]
    check_learning(config, settings)
    return config


def check_learning(config: Mapping[str, Any], settings: Settings) -> None:
    """Refuse a strategy or an estimator that can't be used."""
    strategy = config.get("strategy")
    if strategy is not None:
        from jupyterlab_al.strategies.names import names

        if strategy["name"] not in names():
            raise InvalidSettingError(
                f"There is no query strategy {strategy['name']!r}; "
                f"use one of {', '.join(names())}.",
                word="unknown_strategy",
            )
    estimator = config.get("estimator")
    if estimator is not None:
        _require_import_path(estimator)
    if estimator is not None or (strategy is not None and strategy["params"]):
        _check_in_process(estimator, strategy, settings)


def _require_import_path(estimator: Mapping[str, Any]) -> None:
    if estimator.get("skops"):
        raise InvalidEstimatorError(
            "An estimator as a skops file can't be used yet; name an import path, "
            "such as sklearn.linear_model.LogisticRegression."
        )
    if not estimator.get("import"):
        raise InvalidEstimatorError(
            "The estimator needs an import path, such as sklearn.linear_model.LogisticRegression."
        )


def _check_in_process(
    estimator: Mapping[str, Any] | None, strategy: Mapping[str, Any] | None, settings: Settings
) -> None:
    """Ask a process of its own: importing an estimator runs code, and takes a second."""
    subject = estimator or default_spec(is_sparse=False).as_json()
    request = {
        "import": subject["import"],
        "params": subject["params"],
        "allowed": list(settings.allowed_estimators),
    }
    if strategy is not None:
        request["strategy"] = dict(strategy)
    try:
        answer = subprocess.run(
            [sys.executable, "-P", "-m", "jupyterlab_al.learning.spec"],
            input=json.dumps(request),
            capture_output=True,
            text=True,
            timeout=CHECK_SECONDS,
            check=True,
            env=_environment(),
        )
        said = json.loads(answer.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise InvalidEstimatorError(
            f"{subject['import']} could not be imported: {_last_line(error)}"
        ) from error
    if not said.get("ok"):
        raise InvalidSettingError(said["message"], word=said["error"])


def _environment() -> dict[str, str]:
    """Let the process find this package, but no module of the folder that it is started in."""
    package = str(Path(__file__).parents[2])
    paths = [package, os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)}


def _last_line(error: Exception) -> str:
    text = getattr(error, "stderr", None) or str(error)
    lines = str(text).strip().splitlines()
    return lines[-1] if lines else type(error).__name__


def _check_columns(description: Mapping[str, Any], spec: DatasetSpec, settings: Settings) -> None:
    """Read the first rows: the file must be readable and every column that is named there."""
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


def _settled(dataset: Mapping[str, Any], settings: Settings) -> DatasetSpec:
    from jupyterlab_al.datasets.sources import settled_kind

    return settled_kind(_root(dataset, settings), dataset_spec(dataset))


def _root(dataset: Mapping[str, Any], settings: Settings) -> Path:
    return settings.uploads_folder if dataset.get("kind") == "upload" else settings.root_dir


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None and key != "model"}
