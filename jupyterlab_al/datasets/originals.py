"""The picture that a folder holds, in all its pixels; what is imported is made for the screen."""

from __future__ import annotations

import io
from pathlib import Path

from jupyterlab_al.datasets.image_files import SHOWN_AS_THEY_ARE, UNREADABLE, opened
from jupyterlab_al.datasets.paths import resolve
from jupyterlab_al.domain.errors import InvalidDatasetError, UnknownError

#: Larger files are not sent.
MAX_BYTES = 200_000_000
#: Pictures with more pixels are not converted: that takes four bytes each.
MAX_CONVERTED = 50_000_000


def original_picture(root: Path, folder: str, name: str) -> tuple[bytes, str]:
    """Return bytes and MIME type of a picture as a browser shows it, from a folder of the root.

    Raises
    ------
    UnknownError
        If it is no longer there, or can't be shown.
    PathOutsideRootError
        If a link has come to lead out of `root`.
    """
    try:
        path = resolve(root, f"{folder}/{name}")
    except InvalidDatasetError as error:
        raise UnknownError(
            f"The original of {name} is no longer in {folder}; the picture made for the screen "
            "is kept.",
            word="no_original",
        ) from error
    try:
        return _read(path)
    except UNREADABLE as error:
        raise UnknownError(
            f"The original of {name} can't be shown ({error}); the picture made for the screen is "
            "kept.",
            word="no_original",
        ) from error


def _read(path: Path) -> tuple[bytes, str]:
    from PIL import Image, ImageOps

    if path.stat().st_size > MAX_BYTES:
        raise ValueError("it is too large")
    with opened(path) as image:
        if image.format in SHOWN_AS_THEY_ARE:
            return path.read_bytes(), Image.MIME[image.format]
        if image.width * image.height > MAX_CONVERTED:
            raise ValueError("it is too large")
        upright = ImageOps.exif_transpose(image)
        has_alpha = "A" in upright.getbands() or "transparency" in upright.info
        buffer = io.BytesIO()
        upright.convert("RGBA" if has_alpha else "RGB").save(buffer, format="PNG", compress_level=1)
        return buffer.getvalue(), "image/png"
