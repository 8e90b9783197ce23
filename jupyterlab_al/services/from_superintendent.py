"""A queue of superintendent as data for a project, and its answers as labels."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyterlab_al.domain.errors import InvalidDatasetError
from jupyterlab_al.domain.models import ImportedLabel
from jupyterlab_al.store.superintendent import QueueRow, SuperintendentQueue

#: Column with what superintendent counts its samples by.
ID = "superintendent_id"
TEXT, VALUE = "text", "value"


@dataclass(frozen=True, kw_only=True, slots=True)
class Converted:
    """What a project is made of."""

    #: Fields of the request that makes it.
    body: dict[str, Any]
    labels: list[ImportedLabel]
    #: The file that the samples were written to; it waits among the uploads.
    path: Path


def convert(queue: SuperintendentQueue, uploads: Path) -> Converted:
    """Write the samples among the uploads; return what to make of them, and the labels.

    Texts, numbers and rows become a table; arrays of one shape an array.

    Raises
    ------
    InvalidDatasetError
        A row holds something else, or there is none; nothing is kept.
    """
    from jupyterlab_al.datasets.class_names import sorted_classes

    labels, is_multi = _labels(queue)
    shape = _shape(queue)
    uploads.mkdir(parents=True, exist_ok=True)
    path = uploads / f"{uuid.uuid4().hex}{'.jsonl' if shape is None else '.npy'}"
    try:
        body = _write_table(queue, path) if shape is None else _write_array(queue, path, shape)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    names = {name for one in labels for name in _names(one.label)}
    body |= {"classes": list(sorted_classes(names)), "multi_label": is_multi}
    body["dataset"] |= {"kind": "upload", "upload_id": path.name}
    return Converted(body=body, labels=labels, path=path)


# --- answers ------------------------------------------------------------------------


def _labels(queue: SuperintendentQueue) -> tuple[list[ImportedLabel], bool]:
    """Return the answers by position, and whether any has several classes."""
    found: list[tuple[int, list[str], QueueRow]] = []
    is_multi = False
    for position, row in enumerate(queue.rows()):
        answer = _loaded(row, "output")
        if answer is None or answer == "":
            continue
        is_multi = is_multi or isinstance(answer, list)
        several = answer if isinstance(answer, list) else [answer]
        found.append((position, [_class(one, row) for one in several], row))
    labels = [
        ImportedLabel(
            position,
            names if is_multi else names[0],
            row.worker_id and row.worker_id[:255],
            # Its times have no zone: they are those of the machine that wrote them.
            None if row.completed_at is None else round(row.completed_at.timestamp() * 1000),
        )
        for position, names, row in found
    ]
    return labels, is_multi


def _class(value: object, row: QueueRow) -> str:
    from jupyterlab_al.datasets.class_names import class_name

    name = "" if isinstance(value, list | dict) else class_name(value)
    if not name or len(name) > 200:
        raise _wrong(row, "output", "it is no class, nor a list of classes")
    return name


def _names(label: str | list[str]) -> list[str]:
    return [label] if isinstance(label, str) else label


# --- samples ------------------------------------------------------------------------


def _shape(queue: SuperintendentQueue) -> tuple[int, ...] | None:
    """Return number and shape of the samples where all are arrays of one shape."""
    import numpy as np

    n, shape = 0, None
    for row in queue.rows():
        sample = _plain(_loaded(row, "input"), row)
        if not isinstance(sample, list):
            return None
        try:
            array = np.asarray(sample, dtype=np.float32)
        except (ValueError, TypeError):
            return None
        if not array.size or array.ndim > 3 or shape not in (None, array.shape):
            return None
        n, shape = n + 1, array.shape
    return None if shape is None else (n, *shape)


def _write_array(queue: SuperintendentQueue, path: Path, shape: tuple[int, ...]) -> dict[str, Any]:
    import numpy as np

    array = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)
    for position, row in enumerate(queue.rows()):
        array[position] = np.asarray(_plain(_loaded(row, "input"), row), dtype=np.float32)
    array.flush()
    return {"dataset": {}}


def _write_table(queue: SuperintendentQueue, path: Path) -> dict[str, Any]:
    is_text, n = True, 0
    with path.open("w", encoding="utf-8") as file:
        for row in queue.rows():
            sample = _plain(_loaded(row, "input"), row)
            is_text = is_text and isinstance(sample, str)
            n += 1
            if not isinstance(sample, dict):
                sample = {TEXT if isinstance(sample, str) else VALUE: sample}
            file.write(json.dumps({**sample, ID: row.id}) + "\n")
    if not n:
        raise InvalidDatasetError(f"The table {queue.table} has no rows; nothing was made.")
    body: dict[str, Any] = {"dataset": {"key_column": ID}}
    if is_text:
        body["display"] = body["features"] = {"kind": "text", "column": TEXT}
    return body


def _loaded(row: QueueRow, what: str) -> Any:
    text = row.input if what == "input" else row.output
    if text is None:
        return None
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError):
        raise _wrong(row, what, "it is no JSON") from None


def _plain(value: Any, row: QueueRow) -> Any:
    """Return an input without the marks that superintendent puts on arrays and rows."""
    if not isinstance(value, dict) or "__type__" not in value:
        return value
    try:
        content = value["__content__"]
        if value["__type__"] == "__np.ndarray__":
            return content
        if value["__type__"] == "__pd.Series__":
            return _named(content["index"], content["data"])
        [only] = content["data"]
        return _named(content["columns"], only)
    except (KeyError, TypeError, ValueError):
        raise _wrong(row, "input", "its array or frame is damaged, or has several rows") from None


def _named(names: list[Any], values: list[Any]) -> Any:
    """Return a row; values that are only numbered are an array."""
    if names == list(range(len(values))):
        return values
    return {str(name): value for name, value in zip(names, values, strict=True)}


def _wrong(row: QueueRow, what: str, why: str) -> InvalidDatasetError:
    return InvalidDatasetError(
        f"The {what} of row {row.id} can't be used: {why}. Nothing was made."
    )
