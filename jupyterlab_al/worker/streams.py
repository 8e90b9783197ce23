"""The pipes between a server and a process that it started."""

from __future__ import annotations

import os
import sys


def private_streams() -> tuple[int, int]:
    """Return stdin and stdout for this process alone; whatever else uses them gets stderr."""
    orders, said = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return orders, said


def line(orders: int) -> bytes:
    """Return the first line; byte by byte, since what follows is for the listening thread.

    The process ends where there is none.
    """
    found = bytearray()
    while not found.endswith(b"\n"):
        byte = os.read(orders, 1)
        if not byte:
            sys.exit(0)
        found += byte
    return bytes(found)
