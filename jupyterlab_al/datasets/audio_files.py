"""Sounds in a folder: each ready to be played, and where it is WAV drawn and learned from."""

from __future__ import annotations

import struct
import warnings
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyterlab_al.datasets.audio_features import N_FEATURES, band_energies

#: Larger files are not kept: five minutes of WAV, half an hour of MP3.
MAX_BYTES = 50_000_000
#: Steps of the waveform.
N_PEAKS = 300
#: Samples a second that microphones and sound cards have.
RATES = range(1_000, 400_001)
WAV = "audio/wav"
_BEGINNINGS = ((b"OggS", "audio/ogg"), (b"fLaC", "audio/flac"), (b"ID3", "audio/mpeg"))
#: Whole numbers of this type are loudest at this value.
_LOUDEST = {"u1": 128.0, "i2": 32_768.0, "i4": 2_147_483_648.0}
_UNREADABLE = (
    ValueError, EOFError, OSError, MemoryError, OverflowError, ZeroDivisionError, TypeError,
    KeyError, UnboundLocalError, struct.error,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Sound:
    """One sound of a folder."""

    #: The file as it is; None where it is no sound, or too large.
    content: bytes | None = None
    mime: str | None = None
    #: Length and loudness from 0 to 1 over time, of WAV only.
    seconds: float | None = None
    peaks: list[float] | None = None
    #: Zeros where it can't be read.
    features: NDArray[np.float32]

    @property
    def shown(self) -> dict[str, Any] | None:
        """What the labeling view is told of it."""
        if self.content is None:
            return None
        return {"mime": self.mime, "seconds": self.seconds, "peaks": self.peaks}


def read_sound(path: Path) -> Sound:
    """Return a sound to play, to draw and to learn from; a damaged file is no error."""
    silent = np.zeros(N_FEATURES, dtype=np.float32)
    try:
        if path.stat().st_size > MAX_BYTES:
            return Sound(features=silent)
        content = path.read_bytes()
    except OSError:
        return Sound(features=silent)
    mime = sound_type(content)
    if mime is None:
        return Sound(features=silent)
    if mime != WAV:
        return Sound(content=content, mime=mime, features=silent)
    decoded = _decoded(path)
    if decoded is None:
        return Sound(features=silent)
    rate, samples = decoded
    return Sound(
        content=content,
        mime=mime,
        seconds=round(len(samples) / rate, 3),
        peaks=_peaks(samples),
        features=band_energies(samples, rate, _scaled),
    )


def sound_type(content: bytes) -> str | None:
    """Return the MIME type of a sound by its first bytes, whatever the file is called."""
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return WAV
    for beginning, mime in _BEGINNINGS:
        if content.startswith(beginning):
            return mime
    is_frame = len(content) > 1 and content[0] == 0xFF and content[1] & 0xE6 in (0xE2, 0xE4, 0xE6)
    return "audio/mpeg" if is_frame else None


def _decoded(path: Path) -> tuple[int, NDArray[Any]] | None:
    """Return rate and samples (moments, channels) of a WAV; None where it can't be read."""
    from scipy.io import wavfile

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rate, samples = wavfile.read(path)
    except _UNREADABLE:
        return None
    if not samples.size or rate not in RATES or samples.dtype.kind not in "uif":
        return None
    return int(rate), samples.reshape(len(samples), -1)


def _scaled(samples: NDArray[Any]) -> NDArray[np.float32]:
    """Return samples from -1 to 1."""
    if samples.dtype.kind == "f":
        finite = np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0)
        clipped: NDArray[np.float32] = np.clip(finite, -1, 1).astype(np.float32)
        return clipped
    middle = 128.0 if samples.dtype.kind == "u" else 0.0
    loudest = _LOUDEST.get(samples.dtype.str[1:], 2.0**63)
    values: NDArray[np.float32] = samples.astype(np.float32) - np.float32(middle)
    values /= np.float32(loudest)
    return values


def _peaks(samples: NDArray[Any]) -> list[float]:
    """Return the loudest moment of each of `N_PEAKS` parts, or of each moment if there are few."""
    n_parts = min(N_PEAKS, len(samples))
    borders = np.linspace(0, len(samples), n_parts + 1).astype(np.int64)
    return [
        round(float(np.abs(_scaled(samples[start:stop])).max()), 3)
        for start, stop in pairwise(borders.tolist())
    ]
