"""The machine: processor time of a process, percentiles, and how long a write to disk takes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import quantiles
from time import perf_counter

#: What a database writes to its log for a small transaction.
PAGE = b"\0" * 4096


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used, all its threads, its children not."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def percentile(values: Sequence[float], percent: int) -> float:
    """Return a percentile; of a single value, that value."""
    if len(values) < 2:
        return values[0]
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def seconds_of(func: Callable[[], object]) -> float:
    """Return how long a call takes by the clock."""
    began = perf_counter()
    func()
    return perf_counter() - began


class BareDisk:
    """The bare limit of a durable write: append a page and wait for the disk."""

    def __init__(self, folder: Path) -> None:
        handle, name = tempfile.mkstemp(dir=folder)
        self._handle = handle
        self._path = Path(name)

    def write(self) -> None:
        """Write one page durably."""
        os.write(self._handle, PAGE)
        os.fdatasync(self._handle)

    def close(self) -> None:
        """Remove the file."""
        os.close(self._handle)
        self._path.unlink()


def described() -> str:
    """Return processors and load in a few words."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return f"{os.cpu_count()} processors; load averages {load}"
