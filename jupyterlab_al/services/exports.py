"""Labels out, in bounded memory: as a table, for the `datasets` library, or as tasks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jupyterlab_al.domain.errors import InvalidSettingError, UnavailableError
from jupyterlab_al.domain.formats import FOR_TOOLS, FileFormat, What
from jupyterlab_al.domain.models import Person, Project
from jupyterlab_al.domain.roles import require
from jupyterlab_al.domain.settings import Settings
from jupyterlab_al.services import export_predictions, export_rows
from jupyterlab_al.services.export_files import open_writer
from jupyterlab_al.store import annotation_log, projects
from jupyterlab_al.store.prepared import Columns

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from jupyterlab_al.datasets.pool import SamplePool

#: Rows written together, and about how many bytes of their samples.
ROWS = 5_000
BYTES = 16 * 2**20


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportTask:
    """What is to be written, for whom, and where to.

    `hf` and `label-studio` hold the samples themselves, the others where `with_data` asks for it.
    """

    project: str
    person: Person
    path: Path
    file_format: FileFormat
    what: What = "labels"
    with_data: bool = False

    @property
    def has_data(self) -> bool:
        """Whether the samples' own columns are written."""
        return self.with_data or self.file_format in FOR_TOOLS


def write(tx: Connection, task: ExportTask, settings: Settings) -> None:
    """Write a project's labels, annotations or predictions, and then replace what is at the path.

    Predictions load the fitted estimator: they are for a process that may crash.

    Raises
    ------
    NotAllowedError
        The person may not see what others answered.
    InvalidSettingError
        There is a folder with something in it where a folder or file shall be, or the format holds
        no predictions.
    UnknownError
        `no_estimator`: predictions are asked for before the first round has finished.
    UnavailableError
        The disk is full, or the folder can't be written to.
    """
    with _opened(tx, task, settings) as (project, pool):
        _write(tx, task, settings, project, pool)


def write_small(tx: Connection, task: ExportTask, settings: Settings) -> bool:
    """Write it where it fits in one part, as `write` does; False where it doesn't.

    Predictions never do.

    Raises
    ------
    NotAllowedError, InvalidSettingError, UnavailableError
        As of `write`.
    """
    with _opened(tx, task, settings) as (project, pool):
        if task.what == "predictions" or annotation_log.has_more_than(
            tx, project.id, _rows_at_once(task, pool)
        ):
            return False
        _write(tx, task, settings, project, pool)
        return True


@contextmanager
def _opened(
    tx: Connection, task: ExportTask, settings: Settings
) -> Iterator[tuple[Project, SamplePool]]:
    from jupyterlab_al.datasets.pool import SamplePool

    project = projects.find(tx, task.project, task.person)
    require(project, "see_others")
    # Opened here and not shared: it has the samples that the project has in this transaction.
    folder = settings.project_folder(project.id)
    pool = SamplePool.open(folder, n_samples=project.n_samples)
    try:
        yield project, pool
    finally:
        pool.close()


def _write(
    tx: Connection, task: ExportTask, settings: Settings, project: Project, pool: SamplePool
) -> None:
    columns, parts = _asked(tx, project, task, settings, size=_rows_at_once(task, pool))
    with _draft(task.path) as draft, ExitStack() as stack:
        own = pool if task.has_data else None
        writer = stack.enter_context(open_writer(draft, task.file_format, project, columns, own))
        for part in parts:
            _complete(part, columns, pool)
            writer.write(part, pool.data(part["sample_id"]) if task.has_data else None)


def _asked(
    tx: Connection, project: Project, task: ExportTask, settings: Settings, *, size: int
) -> tuple[Sequence[str], Iterator[Columns]]:
    if task.what == "predictions":
        if task.file_format in FOR_TOOLS:
            raise InvalidSettingError(
                "Predictions are written as CSV, JSON lines or Parquet; name one of these formats."
            )
        folder = settings.project_folder(project.id)
        parts = export_predictions.predictions_of(tx, project, folder, size=size)
        return export_predictions.COLUMNS, parts
    if task.file_format == "label-studio":
        return (), export_rows.tasks_of(tx, project, size=size)
    if task.what == "labels":
        return export_rows.LABELS, export_rows.labels_of(tx, project, size=size)
    return export_rows.ANNOTATIONS, export_rows.annotations_of(tx, project, size=size)


def _complete(part: Columns, columns: Sequence[str], pool: SamplePool) -> None:
    """Add what the database doesn't hold or holds in its own way: keys of samples, and times."""
    part["sample_key"] = pool.keys(part["sample_id"])
    for name in export_rows.TIMES:
        if name in columns:
            part[name] = export_rows.moments(part[name])


def _rows_at_once(task: ExportTask, pool: SamplePool) -> int:
    if not task.has_data:
        return ROWS
    return max(1, min(ROWS, BYTES // max(pool.sample_bytes, 1)))


@contextmanager
def _draft(path: Path) -> Iterator[Path]:
    """Yield a place beside `path` that becomes it at the end, or is removed."""
    if path.is_dir() and any(path.iterdir()):
        raise InvalidSettingError(
            f"The folder {path} is not empty; nothing was changed. Name a new one."
        )
    draft = path.with_name(f".{path.name}.draft")
    try:
        _remove(draft)
        yield draft
        draft.replace(path)
    except OSError as error:
        raise UnavailableError(
            f"{path} can't be written ({error.strerror or error}); nothing was changed.",
            word="not_written",
        ) from error
    finally:
        _remove(draft)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
