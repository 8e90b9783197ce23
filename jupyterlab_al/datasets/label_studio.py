"""Label Studio's JSON: tasks, and what its annotators said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jupyterlab_al.datasets.json_lines import JsonLinesFile, Row
from jupyterlab_al.datasets.json_lists import objects
from jupyterlab_al.datasets.reading import BroughtLabel
from jupyterlab_al.domain.errors import InvalidDatasetError

#: Column with the number that Label Studio knows a task by.
TASK_ID = "task_id"
CHOICES = "choices"


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """One task of an export."""

    #: The sample's own columns.
    data: Row
    #: What whoever made the task noted about it.
    meta: Row
    labels: list[BroughtLabel]


class TasksFile(JsonLinesFile):
    """A JSON file with a list of tasks, or of plain objects that are rows."""

    def __init__(self, path: Path, *, peek: bool = False) -> None:
        #: Answers that are no choice among classes, by their kind.
        self._others: Counter[str] = Counter()
        self._control: str | None = None
        super().__init__(path, peek=peek)

    def tasks(self) -> Iterator[Task]:
        """Yield all tasks in order."""
        self._read = 0
        self._others.clear()
        for row, found in enumerate(objects(self._path, self._encoding, self._on_read)):
            yield self._task(found, row)

    def brought(self) -> Iterator[BroughtLabel]:
        """Yield what annotators said, task by task; cancelled annotations say nothing."""
        for task in self.tasks():
            yield from task.labels

    def said(self) -> list[str]:
        """Return also which answers are no labels."""
        if not self._others:
            return super().said()
        kinds = ", ".join(f"{kind} ({n:,})" for kind, n in self._others.most_common(5))
        return [
            *super().said(),
            f"Only choices among classes of one control are labels here; left out: {kinds}.",
        ]

    def _rows(self) -> Iterator[Row]:
        for task in self.tasks():
            yield task.data

    def _on_read(self, n: int) -> None:
        self._read += n

    def _task(self, found: Row, row: int) -> Task:
        data = found.get("data")
        if not isinstance(data, dict):
            return Task(data=found, meta={}, labels=[])
        if "id" in found:
            data = {**data, TASK_ID: found["id"]} if TASK_ID not in data else data
        meta = found.get("meta")
        annotations = found.get("annotations") or []
        if not isinstance(annotations, list):
            raise self._wrong(row, "annotations must be a list")
        labels = [label for one in annotations if (label := self._label(one, row)) is not None]
        return Task(data=data, meta=meta if isinstance(meta, dict) else {}, labels=labels)

    def _label(self, annotation: Any, row: int) -> BroughtLabel | None:
        if not isinstance(annotation, dict) or not isinstance(annotation.get("result", []), list):
            raise self._wrong(row, "each annotation must be an object with a list as result")
        if annotation.get("was_cancelled"):
            return None
        chosen: list[str] = []
        for region in annotation.get("result", []):
            chosen += self._choices(region, row)
        if not chosen and annotation.get("result"):
            return None
        seconds = annotation.get("lead_time")
        return BroughtLabel(
            row=row,
            classes=tuple(dict.fromkeys(chosen)),
            annotator=_annotator(annotation.get("completed_by")),
            at=self._moment(annotation.get("created_at"), row),
            seconds=float(seconds) if isinstance(seconds, int | float) else None,
        )

    def _choices(self, region: Any, row: int) -> list[str]:
        if not isinstance(region, dict):
            raise self._wrong(row, "each result must be an object")
        kind, control = str(region.get("type")), str(region.get("from_name"))
        if kind == CHOICES and self._control is None:
            self._control = control
        if kind != CHOICES or control != self._control:
            self._others[kind if kind != CHOICES else f"choices of {control}"] += 1
            return []
        value = region.get("value")
        chosen = value.get(CHOICES) if isinstance(value, dict) else None
        if not isinstance(chosen, list) or not all(isinstance(one, str) for one in chosen):
            raise self._wrong(row, "choices must be a list of texts")
        return chosen

    def _moment(self, text: Any, row: int) -> int | None:
        if text is None:
            return None
        try:
            return milliseconds(str(text))
        except ValueError:
            raise self._wrong(row, f"{str(text)[:40]!r} is no time") from None

    def _wrong(self, row: int, why: str) -> InvalidDatasetError:
        return InvalidDatasetError(
            f"Task {row + 1:,} of {self.name} is none of Label Studio's: {why}. Export it again "
            "as JSON."
        )


def milliseconds(text: str) -> int:
    """Return a time in ISO 8601 as milliseconds since 1970; without a zone it is UTC."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1000)


def _annotator(said: Any) -> str | None:
    """Return a name: an address where there is one, else the number of the person."""
    if isinstance(said, dict):
        said = said.get("email") or said.get("username") or said.get("id")
    return None if said is None else str(said)[:255]
