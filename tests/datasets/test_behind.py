"""Parts are written while the next ones are made, and nothing is lost on the way."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest

from jupyterlab_al.datasets.behind import Behind
from jupyterlab_al.datasets.npy_writer import NpyWriter


def test_calls_end_in_their_order() -> None:
    """However long one takes, the next one begins when it has ended."""
    ended: list[int] = []

    def end(n: int, seconds: float) -> None:
        time.sleep(seconds)
        ended.append(n)

    with Behind() as behind:
        for n, seconds in enumerate((0.02, 0.0, 0.01)):
            behind.run(end, n, seconds)

    assert ended == [0, 1, 2]


def test_a_call_runs_while_the_next_part_is_made() -> None:
    """Who begins a call goes on at once."""
    goes_on = threading.Event()
    met: list[bool] = []
    with Behind() as behind:
        behind.run(lambda: met.append(goes_on.wait(10)))
        goes_on.set()

    assert met == [True]


def test_a_failure_is_told_by_the_next_call() -> None:
    """A full disk stops an import at the next part, which is not written."""
    written: list[int] = []

    def fail() -> None:
        raise OSError("No space left on device")

    def write_all() -> None:
        with Behind() as behind:
            behind.run(fail)
            behind.run(written.append, 1)

    with pytest.raises(OSError, match="No space"):
        write_all()
    assert written == []


def test_a_failure_of_the_last_call_is_told_at_the_end() -> None:
    """What is left through the end of the block has been written."""

    def fail() -> None:
        raise OSError("No space left on device")

    def write_all() -> None:
        with Behind() as behind:
            behind.run(fail)

    with pytest.raises(OSError, match="No space"):
        write_all()


def test_an_earlier_error_is_the_one_that_is_told() -> None:
    """Where making the next part failed, that is what went wrong."""

    def fail() -> None:
        raise OSError("No space left on device")

    def write_all() -> None:
        with Behind() as behind:
            behind.run(fail)
            raise ValueError("row 7 is broken")

    with pytest.raises(ValueError, match="row 7"):
        write_all()


def test_parts_lie_in_a_file_as_they_were_given(tmp_path: Path) -> None:
    """A `.npy` file of many parts reads as one array."""
    parts = [np.full((n, 3), n, dtype=np.float64) for n in range(40)]
    with NpyWriter(tmp_path / "x.npy", np.float32, (3,)) as writer:
        for part in parts:
            writer.append(part)

    found = np.load(tmp_path / "x.npy")
    assert found.dtype == np.float32
    assert np.array_equal(found, np.concatenate(parts))
