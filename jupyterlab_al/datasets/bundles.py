"""Values of a sample turned into the MIME bundle that the labeling view shows."""

from __future__ import annotations

import base64
import io
import json
import math
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jupyterlab_al.datasets.record import ImageShape

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    #: One image as uint8, height × width or height × width × channels.
    Pixels = NDArray[np.uint8]

IMAGE_INFO = "application/vnd.jupyterlab-al.image+json"
AUDIO = "application/vnd.jupyterlab-al.audio+json"
ROW = "application/vnd.jupyterlab-al.row+json"

#: JavaScript reads larger integers wrongly.
SAFE_INTEGER = 2**53 - 1
#: A header that claims more pixels than this is not passed on to a browser.
MAX_PIXELS = 100_000_000

Bundle = dict[str, Any]


def text_bundle(value: object) -> Bundle:
    """Return a bundle that shows `value` as plain text."""
    return {"text/plain": as_text(value)}


def markdown_bundle(value: object) -> Bundle:
    """Return a bundle that shows `value` as Markdown."""
    return {"text/markdown": as_text(value)}


def row_bundle(pairs: Sequence[tuple[str, object]]) -> Bundle:
    """Return a bundle with names and values in order, also as text."""
    safe = [[name, json_value(value)] for name, value in pairs]
    return {ROW: safe, "text/plain": "\n".join(f"{n}: {as_text(v)}" for n, v in pairs)}


def image_bundle(content: bytes, mime: str, size: tuple[int, int]) -> Bundle:
    """Return a bundle with an encoded image and its width and height in pixels."""
    return {
        mime: base64.b64encode(content).decode("ascii"),
        IMAGE_INFO: {"width": size[0], "height": size[1]},
    }


def audio_bundle(value: object) -> Bundle:
    """Return a bundle with type, length and waveform of a sound; its bytes are asked for apart."""
    if not isinstance(value, str):
        return {"text/plain": "This sample holds no sound that can be played."}
    found = json.loads(value)
    length = "" if found["seconds"] is None else f" of {found['seconds']:.1f} seconds"
    return {AUDIO: found, "text/plain": f"A sound{length}"}


def png(pixels: Pixels) -> bytes:
    """Return one image (uint8; gray, gray with alpha, RGB or RGBA) as PNG."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG", compress_level=1)
    return buffer.getvalue()


def to_pixels(image: NDArray[Any], shape: ImageShape) -> Pixels:
    """Return one image of the array as uint8, `low` black and `high` white."""
    import numpy as np

    if shape.channels_first:
        image = np.moveaxis(image, 0, -1)
    if image.ndim == 3 and image.shape[-1] == 1:
        image = image[..., 0]
    if image.dtype == np.uint8 and shape.low == 0 and shape.high == 255:
        return np.ascontiguousarray(image)
    span = (shape.high - shape.low) or 1.0
    scaled = (image.astype(np.float64) - shape.low) * (255.0 / span)
    return np.clip(np.rint(scaled), 0, 255).astype(np.uint8)


def encoded_image(content: bytes) -> tuple[str, tuple[int, int]] | None:
    """Return type and size of a PNG, JPEG, GIF or WebP; None if it is none of them.

    Only the header is read, so a header that lies about its size costs nothing.
    """
    import warnings

    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "GIF", "WEBP")) as image:
                size, mime = image.size, Image.MIME[image.format or "PNG"]
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError):
        return None
    return (mime, size) if 0 < size[0] * size[1] <= MAX_PIXELS else None


def as_text(value: object) -> str:
    """Return `value` as a person would write it; nothing is the empty string."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, str):
        return value
    safe = json_value(value)
    return safe if isinstance(safe, str) else json.dumps(safe, ensure_ascii=False)


def json_value(value: object) -> Any:
    """Return `value` as JSON can hold it: NaN is null, dates are ISO 8601, numbers numbers."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return value if abs(value) <= SAFE_INTEGER else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return _json_object(value)


def _json_object(value: object) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value) if value.is_finite() else None
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, dict):
        return {str(key): json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(item) for item in value]
    return str(value)
