"""A folder of texts imported: each file a sample, its words the features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from jupyterlab_al.datasets.description import DisplayKind, DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.embedding_features import write_embedding_features
from jupyterlab_al.datasets.embedding_models import EmbeddingModel
from jupyterlab_al.datasets.folders import (
    FOLDER,
    PATH,
    check_label_column,
    damaged_files,
    folder_files,
    name_in,
    require_readable,
    some_of,
    subfolder_labels,
    subfolder_of,
)
from jupyterlab_al.datasets.precomputed import write_precomputed_features
from jupyterlab_al.datasets.preparation import Prepared, PrepareTask, Report
from jupyterlab_al.datasets.record import FEATURES, TABLE, DatasetRecord
from jupyterlab_al.datasets.stored_table import StoredTable
from jupyterlab_al.datasets.text_features import write_text_features
from jupyterlab_al.datasets.text_files import is_markdown, read_text_file
from jupyterlab_al.domain.errors import InvalidSettingError

#: What a file says.
TEXT = "text"
COLUMNS = ((PATH, "text"), (FOLDER, "category"), (TEXT, "text"))
#: Texts kept in memory at once.
BATCH_TEXTS = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Names of files that a person should know about."""

    damaged: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    guessed: list[str] = field(default_factory=list)

    def problems(self) -> list[str]:
        """Return sentences about them."""
        said = damaged_files(self.damaged, "text")
        if self.cut:
            said.append(
                f"Only the first megabyte is shown and learned from of {some_of(self.cut)}."
            )
        if self.guessed:
            said.append(
                f"Not UTF-8, so read as another encoding: {some_of(self.guessed)}. If letters "
                "look wrong, save them as UTF-8."
            )
        return said


def prepare_texts(task: PrepareTask, folder: Path, report: Report) -> Prepared:
    """Import all texts of a folder; one that can't be read stays, is shown empty and named.

    Raises
    ------
    ActiveLearningError
        If there are no texts, or something is asked for that they can't give.
    """
    files = folder_files(folder, task.root, "texts")
    display, features = settle_texts(task.display, task.features, files)
    check_label_column(task.label_column)
    found = write_texts(task.folder, folder, files, report)
    require_readable(files, found.damaged, "text")
    report("featurize", 0.0)
    width, n_empty = _write_features(task, features, len(files), report)
    DatasetRecord(
        n_samples=len(files),
        store="table",
        display=display,
        features=features,
        layout=features.layout,
        n_features=width,
        key_column=PATH,
        batch_rows=BATCH_TEXTS,
        columns=COLUMNS,
    ).write(task.folder)
    imported = subfolder_labels(folder, files, task.label_column)
    return Prepared(
        n_samples=len(files),
        n_features=width,
        display=display,
        features=features,
        classes=imported.classes,
        imported=imported,
        problems=(*found.problems(), *_empty_problem(n_empty - len(found.damaged))),
    )


def settle_texts(
    display: DisplaySpec, features: FeaturesSpec, files: Sequence[Path]
) -> tuple[DisplaySpec, FeaturesSpec]:
    """Return display and features without `auto`; refuse what texts can't give."""
    shown = likeliest_display(files) if display.kind == "auto" else display.kind
    if shown not in ("text", "markdown"):
        raise InvalidSettingError(
            f"A display of kind {shown} can't be made from texts; use text or markdown."
        )
    if {*display.all_columns, *features.all_columns} - {TEXT}:
        raise InvalidSettingError(
            "A folder of texts has no columns to choose; leave display.column and "
            "features.column out."
        )
    if features.kind not in ("auto", "text", "embedding", "precomputed"):
        raise InvalidSettingError(
            f"Features of kind {features.kind} can't be made from texts; use text, embedding or "
            "precomputed."
        )
    learned = FeaturesSpec(kind="text", column=TEXT)
    if features.kind == "embedding":
        learned = replace(learned, kind="embedding", model=features.model)
    if features.kind == "precomputed":
        learned = features
    return DisplaySpec(kind=shown, column=TEXT), learned


def likeliest_display(files: Sequence[Path]) -> DisplayKind:
    """Return Markdown where most names say so."""
    return "markdown" if sum(map(is_markdown, files)) > len(files) / 2 else "text"


def write_texts(target: Path, folder: Path, files: list[Path], report: Report) -> Found:
    """Write the texts; return the files that a person should know about."""
    import pyarrow as pa

    found = Found()
    schema = pa.schema([(PATH, pa.string()), (FOLDER, pa.string()), (TEXT, pa.large_string())])
    with pa.ipc.new_file(str(target / TABLE), schema) as table:
        for start in range(0, len(files), BATCH_TEXTS):
            part = files[start : start + BATCH_TEXTS]
            names = [name_in(folder, path) for path in part]
            read = [read_text_file(path) for path in part]
            columns = {
                PATH: names,
                FOLDER: [subfolder_of(folder, path) for path in part],
                TEXT: [one.text for one in read],
            }
            table.write_batch(pa.RecordBatch.from_pydict(columns, schema=schema))
            for name, one in zip(names, read, strict=True):
                for is_so, names_so in (
                    (one.text is None, found.damaged),
                    (one.is_cut, found.cut),
                    (one.is_guessed, found.guessed),
                ):
                    if is_so:
                        names_so.append(name)
            report("read", (start + len(part)) / len(files))
    return found


def _write_features(
    task: PrepareTask, features: FeaturesSpec, n_samples: int, report: Report
) -> tuple[int, int]:
    """Write the features; return their number and that of texts without a word."""
    folder, progress = task.folder / FEATURES, partial(report, "featurize")
    if features.kind == "precomputed":
        root, path = task.precomputed(features)
        return write_precomputed_features(root, path, n_samples, folder, progress), 0
    table = StoredTable(task.folder)
    if features.kind == "embedding":
        model = EmbeddingModel.load(features.model, task.allowed_models)
        return write_embedding_features(table, [TEXT], model, folder, progress), 0
    return write_text_features(table, [TEXT], folder, progress, batch_rows=BATCH_TEXTS)


def _empty_problem(n_empty: int) -> list[str]:
    if n_empty <= 0:
        return []
    files = "1 file has" if n_empty == 1 else f"{n_empty:,} files have"
    return [f"{files} no text; they are kept and shown empty, so skip them when they come."]
