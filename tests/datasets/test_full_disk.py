"""Bad days of an import: the disk is full, and files change while they are read or afterwards."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import wave
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image
from scipy.sparse import csr_matrix, save_npz

from jupyterlab_al.datasets.description import DatasetSpec, FeaturesSpec
from jupyterlab_al.datasets.pool import SamplePool
from jupyterlab_al.datasets.prepare import PrepareTask, prepare
from jupyterlab_al.domain.errors import ActiveLearningError, InvalidDatasetError
from tests.full_disk import largest_file

#: Larger than a header, smaller than what each import writes.
ROOM = 60_000
RNG = np.random.default_rng(0)


def noise(side: int) -> Any:
    """Return a picture that can't be packed."""
    return RNG.integers(0, 256, (side, side, 3), dtype=np.uint8)


def write_pictures(root: Path, folder: str, prefix: str = "") -> None:
    """Write pictures of noise."""
    (root / folder).mkdir(exist_ok=True)
    for n in range(8):
        Image.fromarray(noise(60)).save(root / folder / f"{prefix}{n}.png")


def write_texts(root: Path, folder: str, prefix: str = "") -> None:
    """Write texts of different words."""
    (root / folder).mkdir(exist_ok=True)
    for n in range(8):
        words = " ".join(f"word{n}x{i}" for i in range(2_000))
        (root / folder / f"{prefix}{n}.txt").write_text(words)


def write_sounds(root: Path, folder: str, prefix: str = "") -> None:
    """Write sounds of noise."""
    (root / folder).mkdir(exist_ok=True)
    for n in range(8):
        with wave.open(str(root / folder / f"{prefix}{n}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(16_000)
            file.writeframes(RNG.integers(-999, 999, 16_000, dtype=np.int16).tobytes())


def write_array(root: Path, name: str) -> None:
    """Write an array, packed where the name says so."""
    X = RNG.normal(size=(4_000, 16))
    if name.endswith(".npz"):
        np.savez_compressed(root / name, X)
    else:
        np.save(root / name, X)


def write_upload(root: Path, name: str) -> None:
    """Write a table as it comes from a notebook."""
    table = pa.table({"text": [f"row {n} says {n * n} things" for n in range(5_000)]})
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    (root / name).write_bytes(sink.getvalue())


WRITERS = {
    "images": (write_pictures, DatasetSpec(kind="images", path="data")),
    "texts": (write_texts, DatasetSpec(kind="texts", path="data")),
    "audio": (write_sounds, DatasetSpec(kind="audio", path="data")),
    "npy": (write_array, DatasetSpec(kind="array", path="data.npy")),
    "npz": (write_array, DatasetSpec(kind="array", path="data.npz")),
    "upload": (write_upload, DatasetSpec(kind="upload", upload="data.arrow")),
}


def quiet(_phase: str, _progress: float) -> None:
    """Hear how far it is."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the folder of the data."""
    path = tmp_path / "root"
    path.mkdir()
    return path


def a_task(root: Path, kind: str) -> PrepareTask:
    """Return the task to import data of a kind, which is written here."""
    write, dataset = WRITERS[kind]
    write(root, dataset.path or dataset.upload or "")
    return PrepareTask(folder=root.parent / "project", root=root, dataset=dataset)


class TestFullDisk:
    @pytest.mark.parametrize("kind", list(WRITERS))
    def test_nothing_is_kept(self, root: Path, kind: str) -> None:
        """Whatever is imported: the message says why, the folder is empty, a repeat works."""
        task = a_task(root, kind)

        with largest_file(ROOM), pytest.raises(ActiveLearningError, match="disk is full") as caught:
            prepare(task, quiet)
        left = list(task.folder.iterdir())
        prepared = prepare(task, quiet)

        assert caught.value.word == "disk_full"
        assert left == []
        assert SamplePool.open(task.folder).n_samples == prepared.n_samples

    @pytest.mark.parametrize("kind", ["images", "texts", "audio", "npy", "upload"])
    def test_what_was_there_stays(self, root: Path, kind: str) -> None:
        """Samples that can't be added leave the others as they are."""
        task = a_task(root, kind)
        n = prepare(task, quiet).n_samples
        if (root / "data").is_dir():
            WRITERS[kind][0](root, "data", "more")  # type: ignore[call-arg]
        further = replace(task, start=n, first=task.dataset)

        with largest_file(ROOM), pytest.raises(ActiveLearningError, match="disk is full"):
            prepare(further, quiet)
        before = SamplePool.open(task.folder).n_samples
        added = prepare(further, quiet).n_samples

        assert before == n
        assert SamplePool.open(task.folder).n_samples == n + added

    @pytest.mark.parametrize("name", ["F.npy", "F.npz"])
    def test_features_that_were_given(self, root: Path, name: str) -> None:
        """The copy of precomputed features is no different, sparse or not."""
        F = RNG.normal(size=(8, 4_000))
        np.save(root / "F.npy", F)
        save_npz(root / "F.npz", csr_matrix(F))
        given = FeaturesSpec(kind="precomputed", path=name)
        task = replace(a_task(root, "texts"), features=given)

        with largest_file(100_000), pytest.raises(ActiveLearningError, match="disk is full"):
            prepare(task, quiet)

        assert list(task.folder.iterdir()) == []


class TestArrayThatShrinks:
    def test_after_the_import(self, root: Path) -> None:
        """A project has samples of its own: what becomes of the source is nothing to it."""
        task = a_task(root, "npy")
        prepare(task, quiet)
        shown = SamplePool.open(task.folder).display(3_999)

        (root / "data.npy").write_bytes(b"")

        assert SamplePool.open(task.folder).display(3_999) == shown

    def test_during_the_import(self, root: Path) -> None:
        """The process ends by a bus error, as a process of a job may, and leaves no pool."""
        np.save(root / "data.npy", np.zeros((3, 2**21), np.float64))
        folder = root.parent / "project"
        program = f"""
import os
from pathlib import Path
from jupyterlab_al.datasets.description import DatasetSpec
from jupyterlab_al.datasets.prepare import PrepareTask, prepare
root = Path({str(root)!r})
task = PrepareTask(
    folder=Path({str(folder)!r}), root=root, dataset=DatasetSpec(kind="array", path="data.npy")
)
prepare(task, lambda _phase, _progress: os.truncate(root / "data.npy", 4096))
"""

        done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)

        assert done.returncode == -signal.SIGBUS, done.stderr
        with pytest.raises(InvalidDatasetError):
            SamplePool.open(folder)

    @pytest.mark.parametrize("kind", ["npy", "upload"])
    def test_the_projects_own_copy(self, root: Path, kind: str) -> None:
        """A project whose folder was damaged says so and what to do."""
        task = a_task(root, kind)
        prepare(task, quiet)
        [samples] = task.folder.glob("samples.*")
        samples.write_bytes(samples.read_bytes()[: samples.stat().st_size // 2])

        with pytest.raises(InvalidDatasetError, match="restore the folder from a backup"):
            SamplePool.open(task.folder)
