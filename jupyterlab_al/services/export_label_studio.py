"""Samples and their annotations as Label Studio's JSON: a list of tasks."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from jupyterlab_al.datasets.audio_files import sound_type
from jupyterlab_al.datasets.bundles import encoded_image, json_value
from jupyterlab_al.datasets.description import DisplaySpec
from jupyterlab_al.datasets.table_samples import image_bytes
from jupyterlab_al.datasets.values import python_values
from jupyterlab_al.domain.models import utc
from jupyterlab_al.store.prepared import Columns

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]

#: Name of the control whose choices are the classes.
FROM_NAME = "label"
#: Names of the objects that are shown; whatever else is shown is a text there.
OBJECTS = {"image": "image", "audio": "audio", "mime": "hypertext"}
TEXT = "text"


class LabelStudioWriter:
    """Writes tasks one by one; `end` closes the list."""

    def __init__(self, file: Any, display: DisplaySpec) -> None:
        self._file = file
        self._to_name = OBJECTS.get(display.kind, TEXT)
        self._n = 0

    def write(self, part: Columns, data: pa.Table | None) -> None:
        """Add a task for each row."""
        assert data is not None  # noqa: S101 - `exports.write` sees to it
        columns = [python_values(column.combine_chunks()) for column in data.columns]
        rows = (dict(zip(part, values, strict=True)) for values in zip(*part.values(), strict=True))
        for row, *values in zip(rows, *columns, strict=True):
            own = dict(zip(data.column_names, values, strict=True))
            self._file.write(",\n" if self._n else "[\n")
            self._file.write(json.dumps(self._task(row, own), ensure_ascii=False))
            self._n += 1

    def end(self) -> None:
        """Close the list."""
        self._file.write("\n]\n" if self._n else "[]\n")

    def _task(self, row: Row, own: dict[str, Any]) -> Row:
        said = [self._annotation(fact) for fact in row["annotations"]]
        return {
            "id": row["sample_id"],
            "data": {name: _value(value) for name, value in own.items()},
            "meta": {"sample_id": row["sample_id"], "sample_key": row["sample_key"]},
            "annotations": said + [_skip(fact) for fact in row["skips"]],
            "predictions": [],
        }

    def _annotation(self, fact: Row) -> Row:
        label = fact["label"]
        chosen = label if isinstance(label, list) else [label]
        choices = {
            "id": fact["key"].replace("-", "")[:10],
            "from_name": FROM_NAME,
            "to_name": self._to_name,
            "type": "choices",
            "origin": "manual",
            "value": {"choices": chosen},
        }
        # Without a choice Label Studio has no region.
        return {
            "id": fact["id"],
            **_by(fact),
            "result": [choices] if chosen else [],
            "was_cancelled": False,
            "lead_time": fact["seconds"],
        }


def _skip(fact: Row) -> Row:
    return {**_by(fact), "result": [], "was_cancelled": True, "lead_time": None}


def _by(fact: Row) -> Row:
    at = utc(fact["created_at"]).isoformat().replace("+00:00", "Z")
    return {
        "completed_by": {"email": fact["annotator"]},
        "created_at": at,
        "updated_at": at,
        "ground_truth": False,
    }


def _value(value: object) -> Any:
    """Return a value as JSON can hold it; bytes travel inside of a `data:` address."""
    content = image_bytes(value)
    if content is None:
        return json_value(value)
    found = encoded_image(content)
    mime = found[0] if found else sound_type(content) or "application/octet-stream"
    return f"data:{mime};base64,{base64.b64encode(content).decode('ascii')}"
