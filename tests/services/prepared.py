"""Projects with real samples, prepared here and now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jupyterlab_al.datasets.pool import SamplePool
from jupyterlab_al.datasets.prepare import prepare
from jupyterlab_al.domain.formats import FileFormat, What
from jupyterlab_al.domain.models import Person
from jupyterlab_al.domain.settings import Settings
from jupyterlab_al.handlers.schemas import CreateProject
from jupyterlab_al.services import creating, exports, preparing, projects, training
from jupyterlab_al.store.database import Database
from jupyterlab_al.worker.preparing import found, prepare_task
from tests.factories import LEASE, OLGA, WORKER


def settings_in(folder: Path) -> Settings:
    """Return the settings of an installation in a folder."""
    return Settings(data_dir=folder / "data", root_dir=folder / "root")


def a_prepared_project(
    database: Database, folder: Path, *, name: str = "t", **description: Any
) -> SamplePool:
    """Return the samples of a new project of Olga's; its data lie in `folder/root`."""
    settings = settings_in(folder)
    body = CreateProject.model_validate({"name": name, "check_share": 0.0, **description})
    config = creating.checked(body.model_dump(mode="json", by_alias=True), settings)
    made = database.write(
        projects.create, OLGA, name=name, title=None, config=config, classes=body.classes
    )
    job = database.write(training.take, WORKER, lease_ms=LEASE)
    assert job is not None
    prepared = prepare(prepare_task(made.project, settings), lambda _phase, _progress: None)
    assert database.write(preparing.activate, job, WORKER, **found(prepared))
    return SamplePool.open(settings.project_folder(made.project.id))


def exported(
    database: Database,
    folder: Path,
    name: str,
    file_format: FileFormat,
    *,
    what: What = "labels",
    with_data: bool = False,
    person: Person = OLGA,
) -> Path:
    """Return the path of an export of the project `t`, of this name in the folder."""
    task = exports.ExportTask(
        project="t",
        person=person,
        path=folder / name,
        file_format=file_format,
        what=what,
        with_data=with_data,
    )
    database.read(exports.write, task, settings_in(folder))
    return task.path
