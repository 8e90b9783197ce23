"""Imports, whatever the data is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.datasets import load_digits

from jupyterlab_al.datasets.bundles import IMAGE_INFO
from jupyterlab_al.datasets.description import DatasetSpec
from jupyterlab_al.datasets.features import open_features
from jupyterlab_al.datasets.pool import SamplePool
from jupyterlab_al.datasets.prepare import PrepareTask, prepare
from jupyterlab_al.datasets.record import ARRAY, DENSE, FEATURES, RECORD
from jupyterlab_al.domain.errors import (
    InvalidDatasetError,
    PathOutsideRootError,
)
from tests.datasets.conftest import REVIEWS, Prepare, refused


def uploaded(root: Path, folder: Path, upload_id: str) -> PrepareTask:
    """Return the import of a file that was uploaded to the root."""
    dataset = DatasetSpec.from_json({"kind": "upload", "upload_id": upload_id})
    return PrepareTask(folder=folder, root=root, dataset=dataset)


class TestEveryDataset:
    """What holds whatever the data is."""

    def test_the_demo_is_the_digits_that_scikit_learn_ships(
        self, run: Prepare, folder: Path
    ) -> None:
        """The digits are images with known classes and no labels."""
        prepared = run("digits", "demo")

        X = open_features(folder).chunk(0, 1797)
        assert prepared.classes == tuple("0123456789")
        assert (prepared.n_samples, prepared.n_features) == (1797, 64)
        assert len(prepared.imported.labels) == 0
        np.testing.assert_allclose(X, load_digits().data / 16, atol=1e-6)
        assert SamplePool.open(folder).display(0)[IMAGE_INFO] == {"width": 8, "height": 8}

    def test_an_upload_is_read_by_its_id(self, run: Prepare, root: Path, folder: Path) -> None:
        """An uploaded Arrow stream or array is a dataset like any other."""
        table = pa.table({"text": REVIEWS})
        with pa.ipc.new_stream(root / "3f.arrow", table.schema) as writer:
            writer.write_table(table)

        prepared = prepare(uploaded(root, folder, "3f.arrow"), lambda phase, progress: None)

        assert prepared.n_samples == 60

    def test_an_uploaded_array_is_kept_and_not_copied(self, root: Path, folder: Path) -> None:
        """A large array is on the disk once: for the upload, the samples and the features."""
        X = np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32)
        np.save(root / "3f.npy", X)

        prepare(uploaded(root, folder, "3f.npy"), lambda phase, progress: None)

        places = (root / "3f.npy", folder / ARRAY, folder / FEATURES / DENSE)
        assert len({path.stat().st_ino for path in places}) == 1
        np.testing.assert_array_equal(X, open_features(folder).chunk(0, 50))

    @pytest.mark.parametrize(
        "X",
        [
            np.arange(12.0, dtype=">f4").reshape(4, 3),
            np.asfortranarray(np.arange(12.0, dtype=np.float32).reshape(4, 3)),
            np.arange(4.0, dtype=np.float32),
        ],
        ids=["other byte order", "columns first", "one dimension"],
    )
    def test_an_uploaded_array_that_lies_otherwise_is_copied(
        self, root: Path, folder: Path, X: np.ndarray[Any, Any]
    ) -> None:
        """What is kept is always rows, one after the other, in the machine's own order."""
        np.save(root / "3f.npy", X)

        prepare(uploaded(root, folder, "3f.npy"), lambda phase, progress: None)

        kept = np.load(folder / ARRAY)
        assert (kept.flags.c_contiguous, kept.dtype.isnative, kept.ndim) == (True, True, 2)
        np.testing.assert_array_equal(X.reshape(4, -1), kept)

    def test_an_uploaded_array_that_is_refused_stays_as_it_was(
        self, root: Path, folder: Path
    ) -> None:
        """A failed import removes its own name for the file, and nothing of the file."""
        np.save(root / "3f.npy", np.full((4, 3), np.nan, dtype=np.float32))
        before = (root / "3f.npy").read_bytes()

        with pytest.raises(InvalidDatasetError, match="nan"):
            prepare(uploaded(root, folder, "3f.npy"), lambda phase, progress: None)

        assert before == (root / "3f.npy").read_bytes()
        assert not (folder / ARRAY).exists()

    @pytest.mark.parametrize("kind", ["table", "array", "upload"])
    def test_a_dataset_never_lies_outside_the_root(
        self, root: Path, folder: Path, kind: str
    ) -> None:
        """A path out of the root, also of an upload, is refused when the worker reads it."""
        (root.parent / "secret.csv").write_text("a\n1\n")
        (root / "link.csv").symlink_to(root.parent / "secret.csv")
        where = "upload" if kind == "upload" else "path"
        for path in ("../secret.csv", "link.csv"):
            task = PrepareTask(
                folder=folder, root=root, dataset=DatasetSpec(kind=kind, **{where: path})
            )
            with pytest.raises(PathOutsideRootError):
                prepare(task, lambda phase, progress: None)

    def test_precomputed_features_never_lie_outside_the_root(
        self, run: Prepare, root: Path
    ) -> None:
        """The path of features is held to the root as well."""
        (root / "a.csv").write_text("a\n1\n")
        np.save(root.parent / "x.npy", np.zeros((1, 1)))

        with pytest.raises(PathOutsideRootError):
            run("a.csv", features={"kind": "precomputed", "path": "../x.npy"})

    @pytest.mark.parametrize(
        ("kind", "name", "says"),
        [
            ("table", "x.npy", "use dataset.kind array"),
            ("array", "a.csv", "Use dataset.kind table"),
            ("images", "a.csv", "is a folder of pictures"),
            ("array", "folder", "is a folder"),
        ],
    )
    def test_the_wrong_kind_says_which_is_right(
        self, run: Prepare, root: Path, kind: str, name: str, says: str
    ) -> None:
        """A file of another kind than said names the kind to use."""
        (root / "folder").mkdir()
        (root / "a.csv").write_text("a\n1\n")
        np.save(root / "x.npy", np.zeros((2, 2)))

        assert says in refused(run, name, kind)

    def test_progress_goes_forward_through_both_phases(self, root: Path, folder: Path) -> None:
        """Reading goes to 1, then featurizing goes to 1."""
        (root / "a.csv").write_text("a\n" + "1\n" * 50_000)
        seen: list[tuple[str, float]] = []
        task = PrepareTask(
            folder=folder, root=root, dataset=DatasetSpec(kind="table", path="a.csv")
        )

        prepare(task, lambda phase, progress: seen.append((phase, progress)))

        assert seen == sorted(seen, key=lambda step: (step[0] != "read", step[1]))
        assert [max(p for phase, p in seen if phase == name) for name in ("read", "featurize")] == [
            1.0,
            1.0,
        ]

    def test_preparing_again_replaces_what_was_there(
        self, run: Prepare, root: Path, folder: Path
    ) -> None:
        """A second import, after a crash say, leaves nothing of the first."""
        (root / "a.csv").write_text("a\n1\n2\n")
        np.save(root / "x.npy", np.zeros((3, 2)))
        run("a.csv")

        run("x.npy", "array")

        assert sorted(p.name for p in folder.iterdir()) == [RECORD, "features", "samples.npy"]

    def test_an_import_that_stops_leaves_no_pool(self, root: Path, folder: Path) -> None:
        """An import interrupted half way can't be opened."""
        (root / "a.csv").write_text("a\n1\n2\n")
        task = PrepareTask(
            folder=folder, root=root, dataset=DatasetSpec(kind="table", path="a.csv")
        )

        def interrupt(phase: str, progress: float) -> None:
            if phase == "featurize":
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            prepare(task, interrupt)

        with pytest.raises(InvalidDatasetError):
            SamplePool.open(folder)
