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
            shown = _shown(path, image)
            return Picture(shown=shown, features=_features(image))
    except (OSError, ValueError, SyntaxError, MemoryError):
        # Pillow's own errors are OSErrors; a damaged header may say anything.
        return Picture(shown=None, features=np.zeros(N_FEATURES, dtype=np.float32))


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


def _shown(path: Path, image: Image) -> bytes:
    """Return the file as it is where a browser shows it well, else a picture for the screen."""
    from PIL import ImageOps

    is_small = max(image.size) <= LARGEST_SIDE and path.stat().st_size <= LARGEST_FILE
    is_upright = image.getexif().get(_EXIF_ORIENTATION, 1) == 1
    if image.format in SHOWN_AS_THEY_ARE and is_small and is_upright:
        image.load()
        return path.read_bytes()
    # Smaller first, where the format can: a photograph is then decoded in a fraction of the time.
    image.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))
    upright = ImageOps.exif_transpose(image)
    has_alpha = "A" in upright.getbands() or "transparency" in upright.info
    plain = upright.convert("RGBA" if has_alpha else "RGB")
    plain.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    buffer = io.BytesIO()
    if has_alpha or image.format in ("BMP", "TIFF", "PNG"):
        plain.save(buffer, format="PNG", compress_level=1)
    else:
        plain.save(buffer, format="JPEG", quality=88)
    return buffer.getvalue()


def _features(image: Image) -> NDArray[np.float32]:
    from PIL import Image as Images
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(image).convert("RGB")
    gray = upright.convert("L").resize((SIDE, SIDE), Images.Resampling.BOX)
    pixels = np.asarray(gray, dtype=np.float32).ravel() / 255
    counts: NDArray[Any] = np.array(upright.histogram(), dtype=np.float32)
    steps = counts.reshape(3 * STEPS, -1).sum(axis=1) / (upright.width * upright.height)
    return np.concatenate([pixels, steps])
