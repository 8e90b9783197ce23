"""A folder that the `datasets` library of Hugging Face reads, written with Arrow alone."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from jupyterlab_al.domain.models import Project
from jupyterlab_al.services.export_files import ArrowWriter, own_names, with_own
from jupyterlab_al.store.prepared import Columns

if TYPE_CHECKING:
    import pyarrow as pa

    from jupyterlab_al.datasets.pool import SamplePool

SPLIT = "train"
DATA = "data-00000-of-00001.arrow"
README = """---
configs:
- config_name: default
  data_files:
  - split: {split}
    path: {split}/*.arrow
---

# {title}

Labels of the project `{name}`, made with jupyterlab_al.

```python
from datasets import load_from_disk

samples = load_from_disk("path of this folder")["{split}"]
```
"""


@contextmanager
def hugging_face_folder(
    path: Path, project: Project, columns: Sequence[str], pool: SamplePool
) -> Iterator[_FolderWriter]:
    """Yield what writes the folder `path`, or the same folder in a zip file."""
    if not path.name.endswith((".zip", ".zip.draft")):
        with _folder(path, project, columns, pool) as writer:
            yield writer
        return
    with TemporaryDirectory(prefix=f"{path.name}-", dir=path.parent) as temporary:
        folder = Path(temporary) / project.name
        with _folder(folder, project, columns, pool) as writer:
            yield writer
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            for file in sorted(each for each in folder.rglob("*") if each.is_file()):
                packed.write(file, file.relative_to(folder.parent))


@contextmanager
def _folder(
    folder: Path, project: Project, columns: Sequence[str], pool: SamplePool
) -> Iterator[_FolderWriter]:
    import pyarrow as pa

    of_split = folder / SPLIT
    of_split.mkdir(parents=True)
    readme = README.format(split=SPLIT, title=project.title, name=project.name)
    (folder / "README.md").write_text(readme, encoding="utf-8")
    _write_json(folder / "dataset_dict.json", {"splits": [SPLIT]})
    _write_json(of_split / "dataset_info.json", {"description": project.title})
    _write_json(
        of_split / "state.json",
        {
            "_data_files": [{"filename": DATA}],
            "_fingerprint": uuid4().hex[:16],
            "_format_columns": None,
            "_format_kwargs": {},
            "_format_type": None,
            "_output_all_columns": False,
            "_split": SPLIT,
        },
    )
    writer = _FolderWriter(project, columns, pool)
    with pa.ipc.new_stream(of_split / DATA, writer.schema) as stream:
        writer.begin(stream)
        yield writer


class _FolderWriter:
    """Rows with the label as a class and pictures and sounds as such."""

    def __init__(self, project: Project, columns: Sequence[str], pool: SamplePool) -> None:
        import pyarrow as pa

        display = pool.record.display
        self._index = {name: index for index, name in enumerate(project.class_names)}
        self._is_multi = project.multi_label
        self._own = list(pool.data_schema.names)
        # An array has one column and names none.
        shown = display.column or self._own[0]
        self._media = shown if display.kind in ("image", "audio") else None
        self._paths = pool.record.key_column
        schema = with_own(columns, pool, multi_label=self._is_multi)
        label = pa.list_(pa.int64()) if self._is_multi else pa.int64()
        fields = {field.name: field.type for field in schema} | {"label": label}
        features: dict[str, Any] = {"label": self._label_feature(project.class_names)}
        if self._media is not None:
            name = own_names(columns, pool.data_schema)[self._own.index(self._media)]
            fields[name] = _media_type()
            features[name] = {"_type": display.kind.capitalize()}
        said = json.dumps({"info": {"features": features}})
        self.schema = pa.schema(list(fields.items()), metadata={"huggingface": said})

    def _label_feature(self, classes: Sequence[str]) -> dict[str, Any]:
        feature = {"names": list(classes), "_type": "ClassLabel"}
        return {"feature": feature, "_type": "Sequence"} if self._is_multi else feature

    def begin(self, stream: Any) -> None:
        """Write to a stream from now on."""
        self._writer = ArrowWriter(stream.write_table, self.schema)

    def write(self, part: Columns, data: pa.Table | None) -> None:
        """Add rows."""
        assert data is not None  # noqa: S101 - `exports.write` sees to it
        if self._media is not None:
            place = self._own.index(self._media)
            column = _as_media(data, self._media, self._paths)
            data = data.set_column(place, self._media, column)
        indices = [self._indices(label) for label in part["label"]]
        self._writer.write({**part, "label": indices}, data)

    def _indices(self, label: Any) -> Any:
        if isinstance(label, list):
            return [self._index[name] for name in label]
        return self._index[label]


def _media_type() -> pa.DataType:
    import pyarrow as pa

    return pa.struct([("bytes", pa.binary()), ("path", pa.string())])


def _as_media(data: pa.Table, name: str, paths: str | None) -> Any:
    """Return a column of encoded pictures or sounds as `datasets` stores them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = data[name].combine_chunks()
    content = pc.struct_field(column, "bytes") if pa.types.is_struct(column.type) else column
    content = content.cast(pa.binary())
    path = data[paths].combine_chunks() if paths else pa.nulls(len(content))
    fields = list(_media_type())
    return pa.StructArray.from_arrays([content, path.cast(pa.string())], fields=fields)


def _write_json(path: Path, body: object) -> None:
    path.write_text(json.dumps(body, indent=1, ensure_ascii=False), encoding="utf-8")
