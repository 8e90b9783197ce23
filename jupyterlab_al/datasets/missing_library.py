"""A library that is there and not wanted."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

#: scikit-learn imports it where it is there, to see whether arrays hold its missing values: a third
#: of a second and 40 MB, for which few rounds and imports of data have a use.
UNNEEDED = "pandas"


@contextmanager
def as_if_missing(name: str) -> Iterator[None]:
    """Let imports fail that do without if they must; who needs the library later gets it.

    Nothing changes where it is imported already.
    """
    refusal = _Refusal(name)
    sys.meta_path.insert(0, refusal)
    try:
        yield
    finally:
        sys.meta_path.remove(refusal)


class _Refusal:
    """Says of one library that it is not there.

    A None in `sys.modules` would say so too, but scikit-learn takes that for the library.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        if name == self._name:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
