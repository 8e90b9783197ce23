"""The samples of a project, read by position; cheap enough to call on each claim."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from jupyterlab_al.datasets import bundles
from jupyterlab_al.datasets.array_samples import ArraySamples
from jupyterlab_al.datasets.record import DatasetRecord
from jupyterlab_al.datasets.table_samples import TableSamples, image_bytes
from jupyterlab_al.domain.errors import InvalidSampleError


class SamplePool:
    """All samples of a project; safe to share between threads."""

    def __init__(self, record: DatasetRecord, samples: TableSamples | ArraySamples) -> None:
        self.record = record
        self._samples = samples

    @classmethod
    def open(cls, folder: Path) -> SamplePool:
        """Return the pool of a project folder; memory-mapped, whatever its size."""
        record = DatasetRecord.read(folder)
        store = TableSamples if record.store == "table" else ArraySamples
        return cls(record, store(folder, record))

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
        return self._samples.keys(self._checked(i) for i in ids)

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
            return bundles.json_value(self._samples.raw(i))
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

    def close(self) -> None:
        """Let go of the files."""
        self._samples.close()
