"""The utilities of a whole pool in one round, on disk: written chunk by chunk."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from jupyterlab_al.learning.failures import failing_as
from jupyterlab_al.learning.files import forget_rounds

Integers = npt.NDArray[np.int64]

#: Where in a project's folder.
FOLDER = "scores"
#: What goes wrong when it does, and what to do.
WRITING = ("Writing the utilities down", "See to it that the disk has room.")
_BLOCK = 1 << 20
#: Bars of a histogram.
N_BINS = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class UtilityHistogram:
    """How many samples have utilities between `low` and `high`, in bins of one width."""

    low: float
    high: float
    counts: tuple[int, ...]


class PoolUtilities:
    """A ``.npy`` file of float32, one number a sample; NaN where a sample was no candidate.

    Until `keep`, the file has a name under which nobody looks for it.

    Parameters
    ----------
    project_folder : Path
    round_id : int
        Names the file.
    n : int
        Samples in the pool.
    """

    def __init__(self, project_folder: Path, *, round_id: int, n: int) -> None:
        #: Where it is in the end; ``numpy.load(path, mmap_mode="r")`` reads it.
        self.path = project_folder / FOLDER / f"{round_id}.npy"
        self._part = project_folder / f".utilities-{round_id}.part"
        self._n = n
        self._file: IO[bytes] | None = None
        #: The first sample that nothing was written of.
        self._next = 0
        #: The least and the most that was written.
        self._low, self._high = np.inf, -np.inf

    def begin(self) -> None:
        """Make the file; what a killed round left half written goes."""
        folder = self._part.parent
        with failing_as(*WRITING):
            folder.mkdir(parents=True, exist_ok=True)
            for left in set(folder.glob(".utilities-*.part")) - {self._part}:
                left.unlink()
            self._file = self._part.open("wb")
            kind = {"descr": "<f4", "fortran_order": False, "shape": (self._n,)}
            np.lib.format.write_array_header_1_0(self._file, kind)

    def write(self, sample_ids: Integers, utilities: npt.NDArray[np.floating]) -> None:
        """Note the utilities of the next samples: some of them, in their order."""
        first, last = int(sample_ids[0]), int(sample_ids[-1])
        row = np.asarray(utilities, dtype=np.float32)
        if len(row) <= last - first:
            row = np.full(last - first + 1, np.nan, dtype=np.float32)
            row[sample_ids - first] = utilities
        self._low = min(self._low, float(np.nanmin(row)))
        self._high = max(self._high, float(np.nanmax(row)))
        self._skip_to(first)
        self._write(row)

    def end(self) -> None:
        """Write what is left; only then it is known whether there was room for all."""
        self._skip_to(self._n)
        with failing_as(*WRITING):
            if self._file is not None:
                self._file.close()

    def histogram(self) -> UtilityHistogram | None:
        """Count the utilities of a file that was ended; None where there are none."""
        if self._low > self._high:
            return None
        with failing_as(*WRITING):
            row = np.load(self._part, mmap_mode="r")
        ends = (self._low, self._high)
        counts = np.zeros(N_BINS, dtype=np.int64)
        for start in range(0, self._n, _BLOCK):
            # Samples that are all alike have a bin, too: NumPy widens it.
            known = _finite(row[start : start + _BLOCK])
            counts += np.histogram(known, bins=N_BINS, range=ends)[0]
        return UtilityHistogram(low=self._low, high=self._high, counts=tuple(counts.tolist()))

    def keep(self, keep: int) -> None:
        """Give a file that was ended its name; forget those of all but the last `keep` rounds."""
        folder = self.path.parent
        with failing_as(*WRITING):
            folder.mkdir(parents=True, exist_ok=True)
            if self._file is not None:
                self._part.replace(self.path)
            forget_rounds(folder, ".npy", keep=keep)

    def discard(self) -> None:
        """Remove what was written and not kept."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            with suppress(OSError):
                self._part.unlink(missing_ok=True)

    def _skip_to(self, sample_id: int) -> None:
        while self._next < sample_id:
            self._write(np.full(min(_BLOCK, sample_id - self._next), np.nan, dtype=np.float32))

    def _write(self, row: npt.NDArray[np.float32]) -> None:
        assert self._file is not None  # noqa: S101 - it was begun
        with failing_as(*WRITING):
            self._file.write(row.tobytes())
        self._next += len(row)


def _finite(row: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Return what is a number, with digits enough for bins between two neighbors of float32."""
    return row[np.isfinite(row)].astype(np.float64)
