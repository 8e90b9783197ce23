"""The samples of a project, read by position; cheap enough to call on each claim."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from jupyterlab_al.datasets import bundles
from jupyterlab_al.datasets.array_samples import ArraySamples
from jupyterlab_al.datasets.grown_samples import GrownSamples
from jupyterlab_al.datasets.record import ARRAY, TABLE, DatasetRecord, parts
from jupyterlab_al.datasets.series import list_in
from jupyterlab_al.datasets.table_samples import TableSamples, image_bytes
from jupyterlab_al.domain.errors import InvalidDatasetError, InvalidSampleError

if TYPE_CHECKING:
    import pyarrow as pa


def _opened(
    folder: Path, record: DatasetRecord, start: int, *, is_table: bool
) -> TableSamples | ArraySamples:
    try:
        return TableSamples(folder, record, start) if is_table else ArraySamples(folder, record)
    except (OSError, ValueError) as error:
        raise InvalidDatasetError(
            "The samples in the project's folder are missing or damaged; restore the folder from "
            f"a backup, or make the project again. ({str(error).splitlines()[0]})"
        ) from error


class SamplePool:
    """All samples of a project; safe to share between threads."""

    def __init__(
        self,
        record: DatasetRecord,
        samples: TableSamples | ArraySamples | GrownSamples,
        n_bytes: int,
        origins: Sequence[tuple[int, str | None]] = (),
    ) -> None:
        self.record = record
        self._origins = origins
        #: Bytes of a sample on the average.
        self.sample_bytes = n_bytes // max(record.n_samples, 1)
        self._samples = samples

    @classmethod
    def open(cls, folder: Path, *, n_samples: int | None = None) -> SamplePool:
        """Return the pool of a project folder; memory-mapped, whatever its size.

        `n_samples` is how many samples the project has; by default all that are in the folder.
        """
        record = DatasetRecord.read(folder)
        is_table = record.store == "table"
        opened: list[tuple[int, TableSamples | ArraySamples]] = []
        origins: list[tuple[int, str | None]] = []
        size = total = 0
        for start, part in parts(folder, n_samples):
            of = DatasetRecord.read(part)
            samples = _opened(part, of, start, is_table=is_table)
            opened.append((start, samples))
            origins.append((start, of.files_from))
            size += (part / (TABLE if is_table else ARRAY)).stat().st_size
            total += of.n_samples
        if len(opened) == 1:
            return cls(record, opened[0][1], size, origins)
        has_keys = record.key_column is not None
        grown = GrownSamples(opened, total, has_keys=has_keys)
        return cls(replace(record, n_samples=total), grown, size, origins)

    @property
    def n_samples(self) -> int:
        """Number of samples."""
        return self.record.n_samples

    @property
    def is_quick(self) -> bool:
        """Whether a sample is shown as it is stored, without decoding."""
        return self.record.display.kind in ("text", "markdown", "row", "audio")

    def key(self, i: int) -> str:
        """Return what a person knows sample `i` by."""
        return self._samples.key(self._checked(i))

    def keys(self, ids: Iterable[int]) -> list[str]:
        """Return what a person knows many samples by, in the order asked for."""
        return self._samples.keys(self._all_checked(ids))

    def files_from(self, i: int) -> str | None:
        """Return the folder of a sample's file, where it is not the one that the project is of."""
        at = self._checked(i)
        return next((folder for start, folder in reversed(self._origins) if start <= at), None)

    @property
    def data_schema(self) -> pa.Schema:
        """Names and types of the columns that `data` returns."""
        return self._samples.data_schema

    def data(self, ids: Sequence[int]) -> pa.Table:
        """Return what the dataset says of many samples, all its columns, in the order asked for."""
        return self._samples.data(self._all_checked(ids))

    def positions(self, keys: Sequence[str]) -> list[int | None]:
        """Return the samples that a person knows by these keys; None where there is none."""
        return self._samples.positions(keys)

    def display(self, i: int) -> bundles.Bundle:
        """Return the MIME bundle that shows sample `i`."""
        return self._samples.display(self._checked(i))

    def content(self, i: int) -> tuple[bytes, str]:
        """Return sample `i` as bytes and their MIME type."""
        bundle = self.display(i)
        kind = self.record.display.kind
        if kind == "image":
            return self._image_content(i, bundle)
        if kind == "audio":
            return self._audio_content(i, bundle)
        if kind in ("text", "markdown"):
            mime = f"text/{'plain' if kind == 'text' else 'markdown'}"
            return bundle[mime].encode(), f"{mime}; charset=utf-8"
        return json.dumps(self._body(i, bundle), ensure_ascii=False).encode(), "application/json"

    def _body(self, i: int, bundle: bundles.Bundle) -> object:
        """Return what is no text and no image as JSON; of a series every value."""
        kind = self.record.display.kind
        if kind == "series":
            return bundles.json_value(list_in(self._samples.raw(i)))
        return dict(bundle[bundles.ROW]) if kind == "row" else bundle

    def _image_content(self, i: int, bundle: bundles.Bundle) -> tuple[bytes, str]:
        raw = image_bytes(self._samples.raw(i))
        mime = next(iter(bundle))
        if raw is None or mime == "text/plain":
            return bundle["text/plain"].encode(), "text/plain; charset=utf-8"
        return raw, mime

    def _audio_content(self, i: int, bundle: bundles.Bundle) -> tuple[bytes, str]:
        raw = self._samples.raw(i)
        if bundles.AUDIO not in bundle or not isinstance(raw, bytes):
            return bundle["text/plain"].encode(), "text/plain; charset=utf-8"
        return raw, bundle[bundles.AUDIO]["mime"]

    def _checked(self, i: int) -> int:
        if not 0 <= i < self.n_samples:
            raise InvalidSampleError(
                f"There is no sample {i}; samples go from 0 to {self.n_samples - 1}."
            )
        return int(i)

    def _all_checked(self, ids: Iterable[int]) -> list[int]:
        known = [int(i) for i in ids]
        if known:
            self._checked(min(known))
            self._checked(max(known))
        return known

    def close(self) -> None:
        """Let go of the files."""
        self._samples.close()
