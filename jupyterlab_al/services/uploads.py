"""Files that people uploaded, and what a project keeps of them."""

from __future__ import annotations

import re
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyterlab_al.domain.errors import InvalidEstimatorError
from jupyterlab_al.domain.models import NOBODY, ProjectId
from jupyterlab_al.domain.settings import Settings
from jupyterlab_al.services.adding import ADDING
from jupyterlab_al.store import jobs, projects

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: Seconds that an upload waits for somebody to use it.
LONGEST_WAIT = 24 * 3600
#: Folder of a project for the estimators that were uploaded for it.
ESTIMATORS = "estimators"
#: Where a configuration names uploads.
_PLACES = (("dataset", "upload_id"), ("features", "upload_id"), ("estimator", "skops"))
_SKOPS_NAME = re.compile(r"[0-9a-f]{32}\.skops")


def estimator_path(settings: Settings, upload_id: str, project: ProjectId | None = None) -> Path:
    """Return where an uploaded estimator is: in the project's folder, or among the uploads.

    Raises
    ------
    InvalidEstimatorError
        If there is none of that id.
    """
    if _SKOPS_NAME.fullmatch(upload_id):
        places = [settings.uploads_folder / upload_id]
        if project is not None:
            places.insert(0, _kept(settings, upload_id, project))
        for path in places:
            if path.is_file():
                return path
    raise InvalidEstimatorError(
        f"There is no uploaded estimator {upload_id!r}; send the skops file to POST uploads and "
        "use the upload_id that it answers."
    )


def keep_estimator(
    settings: Settings, estimator: Mapping[str, Any] | None, project: ProjectId
) -> None:
    """Copy an uploaded estimator into the project's folder, where nobody cleans up."""
    upload_id = (estimator or {}).get("skops")
    if not upload_id:
        return
    kept, path = _kept(settings, upload_id, project), estimator_path(settings, upload_id, project)
    if path == kept:
        return
    kept.parent.mkdir(parents=True, exist_ok=True)
    draft = kept.with_suffix(f".{uuid.uuid4().hex}.draft")
    shutil.copyfile(path, draft)
    draft.replace(kept)


def _kept(settings: Settings, upload_id: str, project: ProjectId) -> Path:
    return settings.project_folder(project) / ESTIMATORS / upload_id


def awaited(tx: Connection) -> set[str]:
    """Return the uploads that imports which wait or run are to read."""
    found: set[str] = set()
    for job in jobs.active(tx):
        if job.kind == "prepare":
            project = projects.find_by_id(tx, job.project_id, NOBODY)
            found.update(_named(project.config if project else {}))
    return found


def forget(settings: Settings, names: Iterable[str]) -> None:
    """Remove uploads."""
    for name in names:
        if Path(name).name == name:
            (settings.uploads_folder / name).unlink(missing_ok=True)


def clean(settings: Settings, kept: set[str]) -> None:
    """Remove uploads that nobody used for a day, finished or not, but for those to keep."""
    if not settings.uploads_folder.is_dir():
        return
    oldest = time.time() - LONGEST_WAIT
    for path in settings.uploads_folder.iterdir():
        # Another server may clean up at the same time.
        with suppress(FileNotFoundError):
            if path.name not in kept and path.stat().st_mtime < oldest:
                path.unlink()


def _named(config: Mapping[str, Any]) -> Iterator[str]:
    """Yield the uploads that a project's configuration names."""
    for part in (config, config.get(ADDING) or {}):
        for name, key in _PLACES:
            if upload := (part.get(name) or {}).get(key):
                yield upload
