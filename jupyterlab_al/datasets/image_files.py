"""Pictures in a folder: each made ready to be shown and learned from."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jupyterlab_al.datasets.bundles import MAX_PIXELS

if TYPE_CHECKING:
    from PIL.Image import Image

#: What browsers show; others are converted.
SHOWN_AS_THEY_ARE = frozenset({"PNG", "JPEG", "WEBP", "GIF"})
FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP")
#: Longer sides are made smaller for the screen.
LARGEST_SIDE = 1024
#: Larger files are made smaller for the screen.
LARGEST_FILE = 1_000_000
#: Gray pixels a side, and steps of each color, that are learned from: what is where, and which
#: colors there are.
SIDE, STEPS = 16, 8
N_FEATURES = SIDE * SIDE + 3 * STEPS
#: Orientation in the header of photographs.
_EXIF_ORIENTATION = 0x0112
#: Pillow's own errors are OSErrors; a damaged header may say anything.
UNREADABLE = (OSError, ValueError, SyntaxError, MemoryError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """One picture of a folder."""

    #: As a browser shows it; None where the file is no picture that can be read.
    shown: bytes | None
    #: Values from 0 to 1; zeros where it can't be read.
    features: NDArray[np.float32]


def read_picture(path: Path) -> Picture:
    """Return a picture to show and to learn from; a damaged file is no error."""
    try:
        with opened(path) as image:
            is_whole = _is_shown_as_it_is(path, image)
            small = _small(image)
            shown = path.read_bytes() if is_whole else _encoded(small, image.format)
            return Picture(shown=shown, features=_features(small))
    except UNREADABLE:
        return Picture(shown=None, features=np.zeros(N_FEATURES, dtype=np.float32))


def decoded_pixels(path: Path) -> int:
    """Return how many pixels must be held to make a picture small; 0 where it can't be read."""
    try:
        with opened(path) as image:
            image.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))
            return image.width * image.height
    except UNREADABLE:
        return 0


@contextmanager
def opened(path: Path) -> Iterator[Image]:
    """Open a picture whose header claims no more pixels than can be held."""
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            image = Image.open(path, formats=FORMATS)
        except Image.DecompressionBombError as error:
            raise ValueError("too large") from error
        with image:
            if not 0 < image.width * image.height <= MAX_PIXELS:
                raise ValueError("too large")
            yield image


def _is_shown_as_it_is(path: Path, image: Image) -> bool:
    is_small = max(image.size) <= LARGEST_SIDE and path.stat().st_size <= LARGEST_FILE
    is_upright = image.getexif().get(_EXIF_ORIENTATION, 1) == 1
    return image.format in SHOWN_AS_THEY_ARE and is_small and is_upright


def _small(image: Image) -> Image:
    """Return a picture upright and made for the screen, as RGB or RGBA.

    It is made smaller first, so that no second copy of all pixels is held; where the format can,
    a photograph is not even decoded to all of them.
    """
    from PIL import ImageOps

    image.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))
    image.load()
    exif = image.getexif().get(_EXIF_ORIENTATION, 1)
    plain = image if image.mode in ("L", "RGB", "RGBA") else _with_colors(image)
    plain.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    plain.getexif()[_EXIF_ORIENTATION] = exif
    upright = ImageOps.exif_transpose(plain)
    return upright.convert("RGBA" if "A" in upright.getbands() else "RGB")


def _with_colors(image: Image) -> Image:
    """Return a picture of any other mode as RGB, RGBA or gray; deep grays from black to white."""
    from PIL import Image as Images

    if image.mode[0] not in "IF":
        has_alpha = "A" in image.getbands() or "transparency" in image.info
        return image.convert("RGBA" if has_alpha else "RGB")
    values = np.nan_to_num(np.asarray(image, dtype=np.float32), posinf=0, neginf=0)
    low = min(float(values.min()), 0.0)
    span = float(values.max()) - low or 1.0
    return Images.fromarray(((values - low) * (255 / span)).astype(np.uint8))


def _encoded(small: Image, form: str | None) -> bytes:
    buffer = io.BytesIO()
    if small.mode == "RGBA" or form in ("BMP", "TIFF", "PNG"):
        small.save(buffer, format="PNG", compress_level=1)
    else:
        small.save(buffer, format="JPEG", quality=88)
    return buffer.getvalue()


def _features(small: Image) -> NDArray[np.float32]:
    from PIL import Image as Images

    colors = small.convert("RGB")
    gray = colors.convert("L").resize((SIDE, SIDE), Images.Resampling.BOX)
    pixels = np.asarray(gray, dtype=np.float32).ravel() / 255
    counts: NDArray[Any] = np.array(colors.histogram(), dtype=np.float32)
    steps = counts.reshape(3 * STEPS, -1).sum(axis=1) / (colors.width * colors.height)
    return np.concatenate([pixels, steps])
