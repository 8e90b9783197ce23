"""From a new project to the import of its data, and from what was found to what is stored."""

from __future__ import annotations

from typing import Any

from jupyterlab_al.datasets.description import DatasetSpec, DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.preparation import Prepared, PrepareTask
from jupyterlab_al.domain.models import Project
from jupyterlab_al.domain.settings import Settings


def prepare_task(project: Project, settings: Settings) -> PrepareTask:
    """Return what preparing a project's dataset is to do."""
    config = project.config
    dataset = DatasetSpec.from_json(config["dataset"])
    is_upload = dataset.kind == "upload"
    return PrepareTask(
        folder=settings.project_folder(project.id),
        root=settings.uploads_folder if is_upload else settings.root_dir,
        uploads=settings.uploads_folder,
        dataset=dataset,
        display=DisplaySpec.from_json(config.get("display")),
        features=FeaturesSpec.from_json(config.get("features")),
        label_column=config.get("label_column"),
        multi_label=project.multi_label,
    )


def found(prepared: Prepared) -> dict[str, Any]:
    """Return what `services.preparing.activate` stores of a prepared dataset."""
    imported = prepared.imported
    return {
        "n_samples": prepared.n_samples,
        "config": {
            "display": prepared.display.to_json(),
            "features": prepared.features.to_json(),
            "n_features": prepared.n_features,
        },
        "classes": prepared.classes,
        "imported": list(zip(imported.sample_ids.tolist(), imported.labels, strict=True)),
        "problems": prepared.problems,
    }
