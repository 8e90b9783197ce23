"""The machine: processor time of a process, percentiles, and how long a write to disk takes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import quantiles
from time import perf_counter

#: What a database writes to its log for a small transaction.
PAGE = b"\0" * 4096


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used, all its threads, its children not."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def private_mb(pid: int | str = "self") -> float:
    """Return the memory of a process in MB, without the files that it has mapped."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("RssAnon:")[1].split()[0]) / 1024


class Peak:
    """The most memory that this process had within a block."""

    #: Megabytes above those at the beginning.
    above = 0.0


@contextmanager
def peak_memory() -> Iterator[Peak]:
    """Watch the memory of this process, mapped files included, while the block runs."""
    status, peak = Path("/proc/self/status"), Peak()
    # The kernel's own mark of the highest value begins anew.
    Path("/proc/self/clear_refs").write_text("5")
    before = int(status.read_text().split("VmRSS:")[1].split()[0])
    yield peak
    peak.above = (int(status.read_text().split("VmHWM:")[1].split()[0]) - before) / 1024


def proportional_mb(pid: int) -> float:
    """Return the memory of a process and of all that it started, in MB.

    A page that several processes share counts once in all, mapped files included (PSS).
    """
    kilobytes, todo = 0, [pid]
    while todo:
        process = Path(f"/proc/{todo.pop()}")
        # Processes end while they are looked at.
        with suppress(OSError, IndexError):
            rollup = (process / "smaps_rollup").read_text()
            kilobytes += int(rollup.split("\nPss:")[1].split()[0])
            for children in process.glob("task/*/children"):
                todo += map(int, children.read_text().split())
    return kilobytes / 1024


def children(pid: int, module: str) -> list[int]:
    """Return the processes that a process has started with `python -m MODULE`."""
    found: list[int] = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):
            started = map(int, (thread / "children").read_text().split())
            found += [each for each in started if module in _command(each)]
    return found


def _command(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")


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
