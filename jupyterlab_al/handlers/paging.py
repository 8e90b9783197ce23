"""Lists are paged by key: what a page holds, and where the next one begins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def page_of(
    found: Sequence[T], size: int, key: Callable[[T], object]
) -> tuple[Sequence[T], str | None]:
    """Return a page of what one more was asked for than it holds, and its end if more follows.

    >>> page_of([1, 2, 3], 2, key=lambda n: n)
    ([1, 2], '2')
    >>> page_of([1, 2], 2, key=lambda n: n)
    ([1, 2], None)
    """
    page = found[:size]
    return page, str(key(page[-1])) if len(found) > size else None
