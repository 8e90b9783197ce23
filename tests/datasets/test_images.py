"""Folders of pictures: what is found, shown and learned from, and what damage does."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.linear_model import LogisticRegression

from jupyterlab_al.datasets import inspect_images
from jupyterlab_al.datasets.bundles import IMAGE_INFO
from jupyterlab_al.datasets.description import DatasetSpec, DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.features import open_features
from jupyterlab_al.datasets.image_files import N_FEATURES
from jupyterlab_al.datasets.inspect import inspect
from jupyterlab_al.datasets.originals import original_picture
from jupyterlab_al.datasets.pool import SamplePool
from jupyterlab_al.datasets.preparation import PrepareTask
from jupyterlab_al.datasets.prepare import Prepared, prepare
from jupyterlab_al.domain.errors import (
    ActiveLearningError,
    InvalidDatasetError,
    InvalidSettingError,
    PathOutsideRootError,
    UnknownError,
)

DATASET = DatasetSpec(kind="images", path="photos")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Return a folder of pictures below a root folder."""
    folder = tmp_path / "root" / "photos"
    folder.mkdir(parents=True)
    return folder


def save(
    path: Path, color: tuple[int, ...] = (200, 10, 10), size: tuple[int, int] = (20, 10)
) -> None:
    """Write a picture of one color, its format told by the ending."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGBA" if len(color) == 4 else "RGB", size, color).save(path)


def prepared(photos: Path, **more: object) -> Prepared:
    """Import the folder beside its root."""
    task = PrepareTask(
        folder=photos.parents[1] / "project",
        root=photos.parent,
        dataset=DATASET,
        **more,  # type: ignore[arg-type]
    )
    return prepare(task, lambda _phase, _done: None)


def pool_of(photos: Path) -> SamplePool:
    """Return the pool that was imported."""
    return SamplePool.open(photos.parents[1] / "project")


def bomb() -> bytes:
    """Return a PNG whose header claims 10 GB of pixels."""
    chunk = b"IHDR" + struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    body = struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n" + body


def test_every_kind_of_file_is_shown(photos: Path) -> None:
    """What a browser knows is passed on, everything else becomes PNG or JPEG; names are natural."""
    for name in ("p10.png", "p2.jpg", "p3.webp", "p4.tiff", "p5.gif", "p6.bmp"):
        save(photos / name)
    (photos / "notes.txt").write_text("no picture")
    (photos / ".hidden.png").write_bytes(b"")

    made = prepared(photos)

    pool = pool_of(photos)
    assert made.n_samples == 6
    assert pool.keys(range(6)) == ["p2.jpg", "p3.webp", "p4.tiff", "p5.gif", "p6.bmp", "p10.png"]
    assert [next(iter(pool.display(i))) for i in range(6)] == [
        "image/jpeg",
        "image/webp",
        "image/png",
        "image/gif",
        "image/png",
        "image/png",
    ]
    assert pool.content(0) == ((photos / "p2.jpg").read_bytes(), "image/jpeg")


def test_photographs_are_turned_and_made_small(photos: Path) -> None:
    """The orientation that a camera noted is applied, and nobody loads 3,000 pixels."""
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (3000, 1500), (9, 9, 9)).save(photos / "photo.jpg", exif=exif)

    prepared(photos)

    shown = pool_of(photos).display(0)
    assert shown["application/vnd.jupyterlab-al.image+json"] == {
        "width": 512,
        "height": 1024,
        "original": True,
    }


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "tiff"])
@pytest.mark.parametrize("size", [(40, 20), (2100, 1050)], ids=["small", "large"])
def test_every_format_is_turned_upright_once(
    photos: Path, ending: str, size: tuple[int, int]
) -> None:
    """A picture that lies on its side stands, with its top at the top, whatever its format."""
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = Image.new("RGB", size, (255, 255, 255))
    picture.paste((0, 0, 0), (0, 0, size[0] // 2, size[1]))
    picture.save(photos / f"photo.{ending}", exif=exif)

    prepared(photos)

    content, _ = pool_of(photos).content(0)
    shown = np.asarray(Image.open(io.BytesIO(content)).convert("L"))
    assert shown.shape[0] == 2 * shown.shape[1]
    assert shown[: len(shown) // 3].mean() < 10
    assert shown[-len(shown) // 3 :].mean() > 245


def test_deep_grays_keep_their_contrast(photos: Path) -> None:
    """A microscope's 16 bits are shown from black to the brightest, not cut at 255."""
    values = np.linspace(0, 4000, 32 * 16).astype(np.uint16).reshape(16, 32)
    Image.fromarray(values).save(photos / "cells.tiff")

    prepared(photos)

    content, _ = pool_of(photos).content(0)
    shown = np.asarray(Image.open(io.BytesIO(content)).convert("L"))
    assert np.abs(shown.astype(float) - values * (255 / 4000)).max() <= 2


def test_a_name_in_another_encoding_is_still_a_sample(photos: Path) -> None:
    """A file named by an old system is imported; the letters that nobody knows are replaced."""
    save(photos / "plain.png")
    (photos / "plain.png").rename(os.fsdecode(os.fsencode(photos) + b"/\xe9.png"))

    prepared(photos)

    assert pool_of(photos).key(0) == "\ufffd.png"


def test_transparency_stays(photos: Path) -> None:
    """A large picture with transparent parts is made small as PNG."""
    save(photos / "logo.png", (1, 2, 3, 0), (2000, 2000))

    prepared(photos)

    assert "image/png" in pool_of(photos).display(0)


def test_colors_and_shapes_can_be_learned(photos: Path) -> None:
    """Features tell red from blue pictures; each sample has a row."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 60)
    for i, is_red in enumerate(y):
        pixels = rng.integers(0, 90, (12, 12, 3), dtype=np.uint8)
        pixels[..., 0 if is_red else 2] += 120
        Image.fromarray(pixels).save(photos / f"{i}.png")

    made = prepared(photos)

    X = open_features(photos.parents[1] / "project").take(np.arange(60))
    assert (made.n_features, X.shape, X.dtype) == (N_FEATURES, (60, N_FEATURES), np.float32)
    fitted = LogisticRegression(max_iter=500).fit(X[:40], y[:40])
    assert fitted.score(X[40:], y[40:]) > 0.9


def test_subfolders_are_proposed_as_classes_and_can_be_labels(photos: Path) -> None:
    """Names of subfolders are classes; as labels only where somebody says so."""
    for name in ("cats/1.png", "dogs/2.png", "cats/3.png", "4.png"):
        save(photos / name)

    found = inspect(photos.parent, DATASET)
    made = prepared(photos, label_column="folder")

    assert (found.n_rows, found.proposal["classes"]) == (4, ["cats", "dogs"])
    assert found.proposal["label_column"] is None
    labels = dict(zip(made.imported.sample_ids.tolist(), made.imported.labels, strict=True))
    keys = pool_of(photos).keys(range(4))
    assert {keys[i]: label for i, label in labels.items()} == {
        "cats/1.png": "cats",
        "cats/3.png": "cats",
        "dogs/2.png": "dogs",
    }


def test_a_damaged_picture_costs_nobody_the_others(photos: Path) -> None:
    """It keeps its place, says what it is, and is named."""
    save(photos / "1.png")
    (photos / "2.png").write_bytes((photos / "1.png").read_bytes()[:40])
    (photos / "3.jpg").write_bytes(b"<svg onload=alert(1)>")
    save(photos / "4.png")

    made = prepared(photos)

    pool = pool_of(photos)
    assert made.n_samples == 4
    assert "2 files are no picture" in made.problems[0]
    assert "2.png, 3.jpg" in made.problems[0]
    assert list(pool.display(1)) == ["text/plain"]
    assert "image/png" in pool.display(3)


def test_a_folder_without_a_sound_picture_is_refused(photos: Path) -> None:
    """Where nothing can be shown there is nothing to label, and nothing is kept."""
    for name in ("1.png", "2.jpg"):
        (photos / name).write_bytes(b"no picture")

    with pytest.raises(InvalidDatasetError, match=r"No file .* a picture .*1\.png, 2\.jpg"):
        prepared(photos)

    assert list((photos.parents[1] / "project").rglob("*.*")) == []


def test_a_header_that_lies_costs_no_memory(photos: Path) -> None:
    """A PNG that claims to have 10 GB of pixels is not decoded."""
    (photos / "bomb.png").write_bytes(bomb())
    save(photos / "fine.png")

    made = prepared(photos)

    assert "bomb.png" in made.problems[0]


def test_a_link_must_not_lead_out(photos: Path, tmp_path: Path) -> None:
    """A link to a picture elsewhere is refused by name, and nothing is imported."""
    save(photos / "fine.png")
    save(tmp_path / "secret.png")
    (photos / "link.png").symlink_to(tmp_path / "secret.png")

    with pytest.raises(PathOutsideRootError, match=r"link\.png"):
        prepared(photos)

    assert not (photos.parents[1] / "project" / "dataset.json").exists()


@pytest.mark.parametrize(
    ("more", "error", "says"),
    [
        ({"display": DisplaySpec(kind="text")}, InvalidSettingError, "use image"),
        ({"features": FeaturesSpec(kind="text")}, InvalidSettingError, "use pixels"),
        ({"label_column": "name"}, InvalidSettingError, "names of its subfolders"),
    ],
)
def test_what_pictures_cant_give_is_refused(
    photos: Path, more: dict[str, object], error: type[ActiveLearningError], says: str
) -> None:
    """Texts can't be made from pictures; the message says what can."""
    save(photos / "1.png")

    with pytest.raises(error, match=says):
        prepared(photos, **more)


def test_an_empty_folder_says_so(photos: Path) -> None:
    """Without a picture there is no project, and a file is no folder."""
    with pytest.raises(InvalidDatasetError, match="holds no pictures"):
        prepared(photos)
    (photos.parent / "file.png").write_bytes(b"x")
    with pytest.raises(InvalidDatasetError, match="no folder"):
        inspect(photos.parent, DatasetSpec(kind="images", path="file.png"))


def test_the_first_pictures_are_shown_before_anything_is_made(photos: Path) -> None:
    """The preview has five pictures by their names, and tells of damage."""
    for i in range(7):
        save(photos / f"{i}.png")
    (photos / "0.png").write_bytes(b"damage")

    found = inspect(photos.parent, DATASET)

    assert [one.sample_key for one in found.preview] == [f"{i}.png" for i in range(5)]
    assert "image/png" in found.preview[1].display
    assert "0.png" in found.problems[0].message


def test_a_server_decodes_no_giant_for_a_preview(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture of very many pixels is named, not decoded; a photograph is decoded smaller."""
    monkeypatch.setattr(inspect_images, "MOST_PIXELS", 1_200_000)
    save(photos / "1.png", size=(2100, 2100))
    save(photos / "2.jpg", size=(2100, 2100))

    found = inspect(photos.parent, DATASET)

    assert "too large for a preview" in found.preview[0].display["text/plain"]
    assert "image/jpeg" in found.preview[1].display
    assert found.problems == []


def test_own_features_for_pictures(photos: Path) -> None:
    """Features that a person computed, one row a picture, replace the pixels."""
    for i in range(3):
        save(photos / f"{i}.png")
    np.save(photos.parent / "own.npy", np.eye(3, 5, dtype=np.float32))

    made = prepared(photos, features=FeaturesSpec(kind="precomputed", path="own.npy"))

    X = open_features(photos.parents[1] / "project").take(np.arange(3))
    assert (made.n_features, X.tolist()) == (5, np.eye(3, 5).tolist())


class TestOriginal:
    """The picture in its folder, for those who look closer."""

    def test_a_large_picture_is_there_in_all_its_pixels(self, photos: Path) -> None:
        """What a browser shows is sent as it is; the small one says that there is more."""
        save(photos / "large.jpg", size=(3000, 20))
        save(photos / "small.jpg")

        prepared(photos)

        pool = pool_of(photos)
        info = [pool.display(i)[IMAGE_INFO] for i in range(2)]
        assert [one.get("original") for one in info] == [True, None]
        content, mime = original_picture(photos.parent, "photos", pool.key(0))
        assert (content, mime) == ((photos / "large.jpg").read_bytes(), "image/jpeg")

    def test_what_no_browser_shows_is_converted(self, photos: Path) -> None:
        """A TIFF becomes a PNG of the same size, with what is transparent in it."""
        save(photos / "scan.tiff", (1, 2, 3, 0), (1500, 30))

        content, mime = original_picture(photos.parent, "photos", "scan.tiff")

        with Image.open(io.BytesIO(content)) as image:
            assert (mime, image.size, image.mode) == ("image/png", (1500, 30), "RGBA")

    @pytest.mark.parametrize("change", ["deleted", "damaged", "a page", "a folder", "a bomb"])
    def test_a_picture_that_is_gone_is_not_known(self, photos: Path, change: str) -> None:
        """What came in its place is not sent, whatever it is."""
        path = photos / "1.png"
        if change == "a folder":
            path.mkdir()
        elif change == "a page":
            path.write_text("<script>alert(1)</script>")
        elif change == "a bomb":
            path.write_bytes(bomb())
        elif change == "damaged":
            path.write_bytes(b"\x89PNG")

        with pytest.raises(UnknownError, match="made for the screen") as caught:
            original_picture(photos.parent, "photos", "1.png")

        assert caught.value.word == "no_original"

    def test_a_link_made_later_must_not_lead_out(self, photos: Path, tmp_path: Path) -> None:
        """A picture that became a link to a file elsewhere is refused."""
        save(tmp_path / "secret.png")
        (photos / "1.png").symlink_to(tmp_path / "secret.png")

        with pytest.raises(PathOutsideRootError):
            original_picture(photos.parent, "photos", "1.png")
