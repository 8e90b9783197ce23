"""How tests wait for what other processes and threads do."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(look: Callable[[], T | None], *, seconds: float = 120.0) -> T:
    """Return what `look` finds, as soon as it finds something.

    The limit is no measure of speed: it ends a test that waits in vain, on the slowest machine too.
    """
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"not within {seconds} seconds"
        time.sleep(0.02)
    return found
