"""From a new project to the import of its data, and from what was found to what is stored."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from jupyterlab_al.datasets.description import DatasetSpec, DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.preparation import Prepared, PrepareTask
from jupyterlab_al.domain.errors import InvalidDatasetError
from jupyterlab_al.domain.models import Project
from jupyterlab_al.domain.settings import Settings
from jupyterlab_al.services.adding import ADDING
from jupyterlab_al.services.roots import root_of
from jupyterlab_al.services.uploads import keep_estimator


def prepare_task(project: Project, settings: Settings) -> PrepareTask:
    """Return what importing a project's samples, or further ones, is to do.

    An uploaded estimator is kept by then.

    Raises
    ------
    InvalidDatasetError
        This worker does not see the folder that the data lie in.
    """
    config = project.config
    keep_estimator(settings, config.get("estimator"), project.id)
    further = config.get(ADDING)
    asked = further or config
    dataset = DatasetSpec.from_json(asked["dataset"])
    features = FeaturesSpec.from_json(asked.get("features"))
    root = root_of(asked, settings)
    if dataset.path and dataset.kind != "demo":
        _require_seen(root, dataset.path)
    return PrepareTask(
        folder=settings.project_folder(project.id),
        start=project.n_samples if further else 0,
        root=settings.uploads_folder if dataset.kind == "upload" else root,
        home=root,
        uploads=settings.uploads_folder,
        dataset=dataset,
        first=DatasetSpec.from_json(config["dataset"]) if further else None,
        first_root=root_of(config, settings) if further else None,
        display=DisplaySpec.from_json(config.get("display")),
        features=features,
        label_column=config.get("label_column"),
        multi_label=project.multi_label,
        allowed_models=tuple(settings.allowed_estimators),
    )


def _require_seen(root: Path, path: str) -> None:
    """Refuse data of a server whose folders this worker does not have."""
    if not root.is_dir():
        raise InvalidDatasetError(
            f"The worker on {socket.gethostname()} has no folder {root}, in which {path} was "
            "named. Put the data where servers and workers see them under the same path, or hand "
            "them over from a notebook: al.create(name, data)."
        )


def found(prepared: Prepared) -> dict[str, Any]:
    """Return what `services.preparing.activate` stores of a prepared dataset."""
    imported = prepared.imported
    given: list[tuple[Any, ...]] = list(imported.given) or [()] * len(imported.labels)
    return {
        "n_samples": prepared.n_samples,
        "config": {
            "display": prepared.display.to_json(),
            "features": prepared.features.to_json(),
            "n_features": prepared.n_features,
        },
        "classes": prepared.classes,
        "imported": [
            (sample_id, label, *more)
            for sample_id, label, more in zip(
                imported.sample_ids.tolist(), imported.labels, given, strict=True
            )
        ],
        "problems": prepared.problems,
    }
