"""HTTP byte ranges (RFC 9110, section 14)."""

from __future__ import annotations

import re
from typing import Literal

_SINGLE = re.compile(r"bytes=(\d*)-(\d*)")


def parse_range(
    header: str | None, length: int
) -> tuple[int, int] | Literal["unsatisfiable"] | None:
    """Return start and stop of a single range; None where the whole is to be sent.

    >>> parse_range("bytes=0-3", 10), parse_range("bytes=-2", 10), parse_range("bytes=20-", 10)
    ((0, 4), (8, 10), 'unsatisfiable')
    >>> parse_range("bytes=3-0", 10) is None
    True
    """
    match = _SINGLE.fullmatch(header.strip()) if header else None
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if first == "":
        start, stop = max(0, length - int(last)), length
    else:
        start, stop = int(first), length if last == "" else min(int(last) + 1, length)
        if last != "" and int(last) < start:
            # No range at all: such a header is ignored.
            return None
    return (start, stop) if start < stop else "unsatisfiable"
