"""Features of sounds: how strong each band of pitches is, and how loud it gets when."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Bands between the lowest and the highest pitch (Hz), spaced as ears hear them.
N_BANDS = 32
LOWEST, HIGHEST = 50.0, 8_000.0
#: Parts of a sound whose loudness is compared.
N_PARTS = 16
N_FEATURES = 2 * N_BANDS + N_PARTS + 1
#: Seconds of a sound that are learned from, and of one frame of it.
LEARNED_SECONDS = 60
FRAME_SECONDS = 0.032
#: Frames transformed at once.
_FRAMES = 256
#: Below this there is silence.
_QUIET = 1e-8


def band_energies(
    samples: NDArray[Any], rate: int, scaled: Callable[[NDArray[Any]], NDArray[np.float32]]
) -> NDArray[np.float32]:
    """Return what is learned from one sound.

    Parameters
    ----------
    samples : array, shape (n_moments, n_channels)
        The sound as it is stored.
    rate : int
        Moments a second.
    scaled : callable
        Turns stored values into values from -1 to 1.

    Returns
    -------
    array of float32, shape (N_FEATURES,)
        Mean and deviation over time of the logarithm of the energy in each band, the loudness of
        each part beside the mean, and the logarithm of the length in seconds.
    """
    mono = scaled(samples[: LEARNED_SECONDS * rate]).mean(axis=1)
    energy = _energy(mono, rate)
    log_energy = np.log10(energy + _QUIET)
    loudness = np.log10(energy.sum(axis=1) + _QUIET)
    parts = np.array([part.mean() for part in _parts(loudness)])
    length = np.log10(max(len(samples) / rate, 1e-3))
    found = [log_energy.mean(axis=0), log_energy.std(axis=0), parts - loudness.mean(), [length]]
    return np.concatenate(found).astype(np.float32)


def _energy(mono: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """Return the energy by frame and band."""
    size = max(int(FRAME_SECONDS * rate), 16)
    step = size // 2
    padded = np.pad(mono, (0, max(0, size - len(mono))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::step]
    window = np.hanning(size).astype(np.float32)
    weights = _weights(size, rate)
    pieces = [
        (np.abs(np.fft.rfft(frames[start : start + _FRAMES] * window)) ** 2 / size) @ weights
        for start in range(0, len(frames), _FRAMES)
    ]
    energy: NDArray[np.float64] = np.concatenate(pieces)
    return energy


def _weights(size: int, rate: int) -> NDArray[np.float64]:
    """Return how much of each frequency belongs to each band: triangles on the mel scale."""
    frequencies = np.fft.rfftfreq(size, 1 / rate)
    mel = np.linspace(_to_mel(LOWEST), _to_mel(HIGHEST), N_BANDS + 2)
    edges = 700 * (10 ** (mel / 2595) - 1)
    left, middle, right = edges[:-2], edges[1:-1], edges[2:]
    rising = (frequencies[:, None] - left) / (middle - left)
    falling = (right - frequencies[:, None]) / (right - middle)
    return np.clip(np.minimum(rising, falling), 0, None)


def _to_mel(frequency: float) -> float:
    return float(2595 * np.log10(1 + frequency / 700))


def _parts(loudness: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Return `N_PARTS` parts; a short sound has some twice."""
    borders = np.linspace(0, len(loudness), N_PARTS + 1)
    return [
        loudness[min(int(start), len(loudness) - 1) : max(int(stop), int(start) + 1)]
        for start, stop in pairwise(borders)
    ]
