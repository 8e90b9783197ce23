"""Labels in, from a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyterlab_al.domain.errors import InvalidDatasetError, InvalidLabelError
from jupyterlab_al.domain.models import Person, Project, SampleId
from jupyterlab_al.domain.roles import require
from jupyterlab_al.services.labeling import request_if_due
from jupyterlab_al.services.preparing import add_imported
from jupyterlab_al.services.queue import require_sample
from jupyterlab_al.store import projects

if TYPE_CHECKING:
    from sqlalchemy import Connection

KEY_COLUMNS = ("sample_id", "sample_key")


def read_labels(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a CSV, TSV, JSON lines or Parquet file with labels.

    Raises
    ------
    InvalidDatasetError
        The file can't be read, or lacks a column.
    """
    import pandas as pd

    readers = {
        ".csv": lambda: pd.read_csv(path, dtype={"label": str, "sample_key": str}),
        ".tsv": lambda: pd.read_csv(path, sep="\t", dtype={"label": str, "sample_key": str}),
        ".jsonl": lambda: pd.read_json(path, lines=True, dtype=False),
        ".parquet": lambda: pd.read_parquet(path),
    }
    reader = readers.get(path.suffix)
    if reader is None:
        raise InvalidDatasetError(f"Labels are read from {', '.join(readers)} files, not {path}.")
    try:
        frame = reader()
    except (OSError, ValueError) as error:
        raise InvalidDatasetError(f"{path} can't be read: {error}") from error
    if "label" not in frame or not any(column in frame for column in KEY_COLUMNS):
        raise InvalidDatasetError(
            f"{path} needs a column label, and sample_id or sample_key to say of which sample; "
            f"it has {', '.join(map(str, frame.columns))}."
        )
    labeled = frame[frame["label"].notna()]
    rows: list[Any] = labeled.to_dict(orient="records")
    return rows


def import_labels(
    tx: Connection,
    name: str,
    person: Person,
    rows: Sequence[dict[str, Any]],
    *,
    ids_by_key: dict[str, SampleId],
) -> int:
    """Store labels that existed before, all or none; return how many are new.

    Raises
    ------
    RuleError
        A label outside the classes, or a sample that is not in the pool.
    """
    project = projects.find(tx, name, person, lock=True)
    require(project, "own")
    imported = [(_sample(project, row, ids_by_key), row["label"]) for row in rows]
    n = add_imported(tx, project, imported, annotator=person.id)
    request_if_due(tx, project, project.n_annotations + n)
    return n


def _sample(project: Project, row: dict[str, Any], ids_by_key: dict[str, SampleId]) -> SampleId:
    if row.get("sample_id") is not None:
        sample_id = int(row["sample_id"])
        require_sample(project, sample_id)
        return sample_id
    key = str(row["sample_key"])
    if key not in ids_by_key:
        raise InvalidLabelError(f"There is no sample with the key {key!r}.", word="unknown_key")
    return ids_by_key[key]
