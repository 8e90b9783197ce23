"""Imports of arrays: rows, series and pictures of numbers, and files that are none."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jupyterlab_al.datasets.bundles import IMAGE_INFO, ROW
from jupyterlab_al.datasets.description import DatasetSpec
from jupyterlab_al.datasets.features import open_features
from jupyterlab_al.datasets.inspect import inspect
from jupyterlab_al.datasets.pool import SamplePool
from jupyterlab_al.datasets.series import SERIES
from jupyterlab_al.domain.errors import (
    InvalidSettingError,
)
from tests.datasets.conftest import Prepare, refused


class TestArray:
    """Files of numbers."""

    def test_rows_are_features_and_are_shown(self, run: Prepare, root: Path, folder: Path) -> None:
        """A 2-D array is learned from as it is."""
        X = np.arange(12, dtype=np.float64).reshape(4, 3)
        np.save(root / "x.npy", X)

        prepared = run("x.npy", "array")

        assert (prepared.display.kind, prepared.features.kind) == ("row", "array")
        assert SamplePool.open(folder).display(1)[ROW] == [["0", 3.0], ["1", 4.0], ["2", 5.0]]
        np.testing.assert_array_equal(open_features(folder).chunk(0, 4), X)

    @pytest.mark.parametrize(
        "make",
        [
            lambda X: X.astype(np.float32),
            lambda X: np.asfortranarray(X),
            lambda X: X.astype(">f8"),
            lambda X: X.astype(np.float16),
            lambda X: X.astype(np.int64),
            lambda X: X.astype(np.uint8),
        ],
    )
    def test_every_kind_of_number_is_read(
        self, run: Prepare, root: Path, folder: Path, make: Callable[[Any], Any]
    ) -> None:
        """Order, byte order and width of the numbers don't change the features."""
        X = make(np.arange(600).reshape(200, 3) % 97)
        np.save(root / "x.npy", X)
        run("x.npy", "array")

        np.testing.assert_array_equal(
            open_features(folder).take(np.array([199, 0])), X[[199, 0]].astype(np.float32)
        )
        assert SamplePool.open(folder).display(7)[ROW][0] == ["0", X[7, 0].item()]

    def test_a_list_of_numbers_is_rows_of_one(self, run: Prepare, root: Path, folder: Path) -> None:
        """A 1-D array has one value a sample."""
        np.save(root / "x.npy", np.arange(5.0))

        assert run("x.npy", "array").n_features == 1
        assert open_features(folder).shape == (5, 1)

    def test_the_one_array_of_an_archive_is_read(
        self, run: Prepare, root: Path, folder: Path
    ) -> None:
        """A .npz with one array is as good as a .npy, and is left as it was."""
        X = np.arange(12, dtype=np.float32).reshape(4, 3)
        np.savez_compressed(root / "x.npz", X)
        before = (root / "x.npz").read_bytes()

        run("x.npz", "array")

        np.testing.assert_array_equal(open_features(folder).chunk(0, 4), X)
        assert (root / "x.npz").read_bytes() == before
        assert not (folder / "unpacked.npy").exists()

    def test_images_are_shown_and_scaled(self, run: Prepare, root: Path, folder: Path) -> None:
        """A 3-D array is images; their pixels go from 0 to 1."""
        images = np.zeros((3, 4, 5), dtype=np.uint8)
        images[1] = 255
        np.save(root / "x.npy", images)

        prepared = run("x.npy", "array")

        assert (prepared.display.kind, prepared.features.kind) == ("image", "pixels")
        assert SamplePool.open(folder).display(1)[IMAGE_INFO] == {"width": 5, "height": 4}
        assert open_features(folder).chunk(0, 3).sum(axis=1).tolist() == [0.0, 20.0, 0.0]

    @pytest.mark.parametrize("channels_first", [False, True])
    def test_large_images_are_averaged_for_the_model(
        self, run: Prepare, root: Path, folder: Path, *, channels_first: bool
    ) -> None:
        """Images of 150 pixels are learned from at 50, shown in full, and a sentence says so."""
        images = np.random.default_rng(0).integers(0, 256, (2, 150, 100, 3), dtype=np.uint8)
        stored = np.moveaxis(images, -1, 1) if channels_first else images
        np.save(root / "x.npy", stored)

        prepared = run("x.npy", "array")

        X = open_features(folder).chunk(0, 2).reshape(2, 50, 34, 3)
        expected = images[1, 3:6, 6:9].mean(axis=(0, 1)) / 255
        np.testing.assert_allclose(X[1, 1, 2], expected, rtol=1e-5)
        assert SamplePool.open(folder).display(0)[IMAGE_INFO] == {"width": 100, "height": 150}
        assert "reduced to 50 × 34" in prepared.problems[0]

    @pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e200])
    def test_what_is_not_finite_is_named(self, run: Prepare, root: Path, value: float) -> None:
        """NaN, infinity and what float32 can't hold name row and position."""
        X = np.zeros((9, 4))
        X[7, 2] = value
        np.save(root / "x.npy", X)

        assert f"x.npy has {value} in row 7, position (2,)" in refused(run, "x.npy", "array")

    @pytest.mark.parametrize(
        ("array", "says"),
        [
            (np.array(["a", "b"]), "not numbers"),
            (np.zeros(3, dtype=[("a", "f4")]), "not numbers"),
            (np.zeros((2, 2), dtype=complex), "not numbers"),
            (np.array(["2024-01-01"], dtype="M8[D]"), "not numbers"),
            (np.zeros(()), "0 dimensions"),
            (np.zeros((2, 2, 2, 2, 2)), "5 dimensions"),
            (np.zeros((2, 5, 5, 5)), "1, 3 or 4 channels"),
            (np.zeros((0, 4)), "no values"),
            (np.zeros((4, 0)), "no values"),
        ],
    )
    def test_what_is_no_sample_is_refused(
        self, run: Prepare, root: Path, array: Any, says: str
    ) -> None:
        """Texts, records, complex numbers and odd shapes say what is needed."""
        np.save(root / "x.npy", array)

        assert says in refused(run, "x.npy", "array")

    def test_a_pickle_is_never_opened(self, run: Prepare, root: Path) -> None:
        """An array of objects, or a pickle by another name, is refused unread."""
        np.save(root / "x.npy", np.array([{}, "a"], dtype=object), allow_pickle=True)
        assert "a pickle" in refused(run, "x.npy", "array")

        (root / "x.npy").write_bytes(b"\x80\x04K\x01.")
        assert "a pickle" in refused(run, "x.npy", "array")

        np.savez(root / "x.npz", np.array([{}], dtype=object))
        assert "a pickle" in refused(run, "x.npz", "array")

    def test_a_header_that_lies_allocates_nothing(self, run: Prepare, root: Path) -> None:
        """A small file whose header claims a terabyte is refused."""
        np.save(root / "x.npy", np.zeros((10, 10)))
        content = (root / "x.npy").read_bytes()
        lie = content.replace(b"(10, 10), }        ", b"(999999, 999999), }")
        assert lie != content
        (root / "x.npy").write_bytes(lie)

        assert "cut off" in refused(run, "x.npy", "array")

    @pytest.mark.parametrize("damage", ["deflate", "none"])
    def test_a_damaged_archive_is_refused(self, run: Prepare, root: Path, damage: str) -> None:
        """Bytes changed inside, or no array at all, name the file."""
        if damage == "none":
            zipfile.ZipFile(root / "x.npz", "w").close()
        else:
            np.savez_compressed(root / "x.npz", X=np.arange(50.0).reshape(10, 5))
            content = bytearray((root / "x.npz").read_bytes())
            content[45:75] = bytes(30)
            (root / "x.npz").write_bytes(content)

        assert "x.npz" in refused(run, "x.npz", "array")

    @pytest.mark.parametrize("content", [b"", b"rubbish", b"\x93NUMPY\x01\x00", b"PK\x03\x04xx"])
    @pytest.mark.parametrize("name", ["x.npy", "x.npz"])
    def test_rubbish_is_refused(self, run: Prepare, root: Path, name: str, content: bytes) -> None:
        """Bytes that are no array name the file."""
        (root / name).write_bytes(content)

        assert name in refused(run, name, "array")

    def test_an_archive_of_several_arrays_names_them(self, run: Prepare, root: Path) -> None:
        """A .npz with two arrays can't tell which one is meant; the names say what to choose."""
        np.savez(root / "x.npz", X=np.zeros((2, 2)), y=np.zeros(2))

        said = refused(run, "x.npz", "array")

        assert "holds 2 arrays (X, y); name the one to label by dataset.array" in said
        assert "no array z; there is X, y" in refused(run, "x.npz", "array", array="z")

    def test_one_of_several_arrays_is_read(self, run: Prepare, root: Path, folder: Path) -> None:
        """The array that was named is imported, the others are left alone."""
        np.savez(root / "x.npz", y=np.zeros(3), X=np.arange(6.0).reshape(3, 2))

        run("x.npz", "array", array="X")

        assert open_features(folder).chunk(0, 3).tolist() == [[0, 1], [2, 3], [4, 5]]

    def test_a_file_of_one_array_has_no_names(self, run: Prepare, root: Path) -> None:
        """A name for the array of a .npy is refused rather than ignored."""
        np.save(root / "x.npy", np.zeros((2, 2)))

        assert "leave dataset.array out" in refused(run, "x.npy", "array", array="X")

    def test_rows_are_shown_as_lines_where_asked(
        self, run: Prepare, root: Path, folder: Path
    ) -> None:
        """Any row of several numbers can be a series."""
        np.save(root / "short.npy", np.arange(6.0).reshape(3, 2))

        run("short.npy", "array", display={"kind": "series"})

        pool = SamplePool.open(folder)
        assert pool.display(1)[SERIES] == {"length": 2, "values": [2.0, 3.0]}
        assert pool.content(1) == (b"[2.0, 3.0]", "application/json")

    @pytest.mark.parametrize(("width", "kind"), [(1, "row"), (31, "row"), (32, "series")])
    def test_nobody_asked_means_what_is_proposed(
        self, run: Prepare, root: Path, width: int, kind: str
    ) -> None:
        """More numbers than anybody reads are a line, in the dialog and without one."""
        np.save(root / "x.npy", np.arange(3.0 * width).reshape(3, width))
        proposed = inspect(root, DatasetSpec(kind="array", path="x.npy")).proposal["display"]

        by_default = run("x.npy", "array").display.to_json()

        assert by_default == proposed == {"kind": kind}

    def test_long_rows_can_be_numbers(self, run: Prepare, root: Path) -> None:
        """What is asked for holds, however many numbers there are."""
        np.save(root / "x.npy", np.arange(120.0).reshape(3, 40))

        assert run("x.npy", "array", display={"kind": "row"}).display.kind == "row"

    def test_a_picture_is_no_series(self, run: Prepare, root: Path) -> None:
        """Images and single numbers can't be lines; the message says what they can be."""
        np.save(root / "images.npy", np.zeros((2, 4, 4)))
        np.save(root / "single.npy", np.zeros(2))

        for name, use in (("images.npy", "use image"), ("single.npy", "use row")):
            assert use in refused(run, name, "array", display={"kind": "series"})

    def test_an_archive_that_would_fill_the_disk_is_refused(
        self, run: Prepare, root: Path, folder: Path
    ) -> None:
        """An archive that unpacks to more than the disk holds is refused before it does."""
        with zipfile.ZipFile(root / "x.npz", "w") as archive:
            archive.writestr("x.npy", b"12345678")
        content = bytearray((root / "x.npz").read_bytes())
        at = content.index(b"PK\x01\x02") + 24
        content[at : at + 4] = (2**32 - 2).to_bytes(4, "little")
        (root / "x.npz").write_bytes(content)

        assert "x.npz" in refused(run, "x.npz", "array")
        assert list(folder.iterdir()) == []

    @pytest.mark.parametrize(
        "body",
        [
            {"key_column": "id"},
            {"label_column": "y"},
            {"display": {"kind": "text", "column": "t"}},
        ],
    )
    def test_an_array_has_no_columns(self, run: Prepare, root: Path, body: Any) -> None:
        """Columns can't be named for an array."""
        np.save(root / "x.npy", np.zeros((2, 2)))

        assert "An array has no columns" in refused(run, "x.npy", "array", **body)

    @pytest.mark.parametrize(
        "body", [{"display": {"kind": "image"}}, {"features": {"kind": "text"}}]
    )
    def test_what_an_array_cannot_give_is_refused(
        self, run: Prepare, root: Path, body: Any
    ) -> None:
        """Kinds of display and features that need something else say what can be had."""
        np.save(root / "x.npy", np.zeros((2, 2)))

        with pytest.raises(InvalidSettingError, match="can't be made from this array"):
            run("x.npy", "array", **body)
