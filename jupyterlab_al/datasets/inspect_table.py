"""A look at a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyterlab_al.datasets import inspect as inspection
from jupyterlab_al.datasets.bundles import as_text
from jupyterlab_al.datasets.class_names import sorted_classes
from jupyterlab_al.datasets.description import DatasetSpec, DisplaySpec
from jupyterlab_al.datasets.inspect import Column, Inspection, Preview, Problem
from jupyterlab_al.datasets.profile import PROFILE_ROWS, ColumnProfile, profile
from jupyterlab_al.datasets.proposal import Proposal, display_kind, propose
from jupyterlab_al.datasets.settle import Choices, missing_column, settle, settled_display
from jupyterlab_al.datasets.table_samples import row_as_bundle
from jupyterlab_al.datasets.tables import CSV, first_rows, open_table
from jupyterlab_al.datasets.values import python_value
from jupyterlab_al.domain.errors import InvalidDatasetError, InvalidSettingError

if TYPE_CHECKING:
    import pyarrow as pa

    from jupyterlab_al.datasets.reading import BroughtLabel, TableSource


def inspect_table(path: Path, dataset: DatasetSpec, display: DisplaySpec) -> Inspection:
    """Return what the first rows of the table at `path` say, previewed as `display`."""
    source = open_table(path, peek=True)
    rows = first_rows(source, PROFILE_ROWS)
    if not rows.num_rows:
        raise InvalidDatasetError(f"{path.name} has columns but no rows; choose a file with rows.")
    if dataset.key_column not in (None, *rows.column_names):
        raise missing_column("dataset.key_column", str(dataset.key_column), rows.column_names)
    profiles = profile(rows)
    proposal = propose(profiles, key_column=dataset.key_column, label_column=None)
    n_rows, exact = _count(source, rows)
    brought = list(islice(source.brought(), PROFILE_ROWS))
    dataset = replace(dataset, key_column=proposal.key_column)
    shown = settled_display(profiles, Choices(dataset=dataset, display=display))
    return Inspection(
        n_rows=n_rows,
        n_rows_exact=exact,
        columns=[_column(p) for p in profiles],
        preview=_preview(path, rows, dataset, shown),
        proposal=_body(path, dataset, profiles, proposal) | _brought(brought),
        problems=[*_problems(source, profiles, dataset, proposal), *_said_of(brought)],
    )


def _count(source: TableSource, rows: pa.Table) -> tuple[int, bool]:
    if source.n_rows is not None:
        return source.n_rows, True
    # Fewer than asked for: that was all.
    if rows.num_rows < PROFILE_ROWS:
        return rows.num_rows, True
    return source.estimated_rows(), False


def _column(found: ColumnProfile) -> Column:
    return Column(
        name=found.name,
        type=found.type,
        missing=found.missing,
        distinct=found.distinct,
        example=found.example,
        display=display_kind(found),
    )


def _preview(
    path: Path, rows: pa.Table, dataset: DatasetSpec, display: DisplaySpec
) -> list[Preview]:
    key, shown = dataset.key_column, display.all_columns
    few = rows.slice(0, inspection.PREVIEW_ROWS)
    keys = _as_keys(path, key) if key is not None and path.suffix.lower() in CSV else few
    return [
        Preview(
            sample_key=(as_text(python_value(keys[key][i])) if key else "") or str(i),
            display=row_as_bundle(display.kind, [(n, python_value(few[n][i])) for n in shown]),
        )
        for i in range(few.num_rows)
    ]


def _as_keys(path: Path, key: str) -> pa.Table:
    """Return the first rows of a file without types, with keys as written (007 stays 007)."""
    source = open_table(path, text_columns=frozenset([key]), peek=True)
    return first_rows(source, inspection.PREVIEW_ROWS)


def _body(
    path: Path, dataset: DatasetSpec, profiles: list[ColumnProfile], proposal: Proposal
) -> dict[str, Any]:
    return {
        "name": inspection.project_name(path),
        "title": inspection.project_title(path),
        "dataset": dataset.to_json(),
        "display": proposal.display.to_json(),
        "features": proposal.features.to_json(),
        "classes": list(proposal.classes),
        "multi_label": proposal.multi_label,
        "label_column": _labels_to_import(profiles, proposal),
    }


def _brought(labels: Sequence[BroughtLabel]) -> dict[str, Any]:
    """Return what follows from labels that the file has beside its columns."""
    if not labels:
        return {}
    classes = {name for one in labels for name in one.classes}
    return {
        "classes": list(sorted_classes(classes)),
        "multi_label": any(len(one.classes) > 1 for one in labels),
        "label_column": None,
    }


def _said_of(labels: Sequence[BroughtLabel]) -> list[Problem]:
    if not labels:
        return []
    n = len({one.row for one in labels})
    rows = "1 row is" if n == 1 else f"{n:,} of the first rows are"
    said = f"{rows} labeled in this file; the labels are imported with who gave them, and when."
    return [Problem(field="label_column", message=said)]


def _labels_to_import(profiles: list[ColumnProfile], proposal: Proposal) -> str | None:
    """Return the label column where it has gaps: one without any leaves nothing to label."""
    has_gaps = any(p.name == proposal.label_column and p.missing for p in profiles)
    return proposal.label_column if has_gaps else None


def _said_of_labels(column: ColumnProfile) -> str:
    said = _said_of_gaps(column)
    return f"A cell can hold several classes. {said}" if column.tags else said


def _said_of_gaps(column: ColumnProfile) -> str:
    if column.missing:
        return (
            f"{column.present:,} of the first {column.rows:,} rows are labeled "
            f'in "{column.name}"; the others wait for you.'
        )
    return (
        f'"{column.name}" gave the classes. It has a value in every row, so its labels are not '
        "imported: nothing would be left to label. Choose the column to import them anyway."
    )


def _problems(
    source: TableSource,
    profiles: list[ColumnProfile],
    dataset: DatasetSpec,
    proposal: Proposal,
) -> list[Problem]:
    problems = [Problem(field="dataset", message=said) for said in source.said()]
    for column in profiles:
        if column.name in proposal.display.all_columns and proposal.display.kind != "row":
            problems += _missing(column)
        if column.name == proposal.label_column:
            problems.append(Problem(field="label_column", message=_said_of_labels(column)))
    problems += _unseen_texts(profiles, proposal)
    try:
        choices = Choices(dataset=dataset, label_column=proposal.label_column)
        settled = settle(profiles, choices)
    except InvalidSettingError as error:
        return [*problems, Problem(field="features", message=error.message)]
    return problems + [Problem(field="features", message=said) for said in settled.problems]


def _unseen_texts(profiles: list[ColumnProfile], proposal: Proposal) -> list[Problem]:
    """Name the texts beside the one that is proposed: which of them matter, a person knows."""
    if proposal.display.kind != "text":
        return []
    used = {*proposal.display.all_columns, *proposal.hidden, proposal.label_column}
    names = [f'"{p.name}"' for p in profiles if p.type == "text" and p.name not in used]
    if not names:
        return []
    hold = "holds text, too, and is" if len(names) == 1 else "hold text, too, and are"
    said = f"{', '.join(names)} {hold} not shown; all columns can be, as a table."
    return [Problem(field="display", message=said)]


def _missing(column: ColumnProfile) -> list[Problem]:
    if not column.missing:
        return []
    rows = "1 row is" if column.missing == 1 else f"{column.missing:,} rows are"
    return [
        Problem(
            field="display",
            message=f'{rows} empty in "{column.name}" (of the first {column.rows:,}); they are '
            "kept and shown empty, so skip them when they come.",
        )
    ]
