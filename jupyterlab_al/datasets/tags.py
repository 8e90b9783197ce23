"""Several class names in one cell: a list, a list as JSON, or names with separators."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from jupyterlab_al.datasets.class_names import class_name, sorted_classes
from jupyterlab_al.datasets.series import list_in

#: In this order: what stands in a cell may hold those that come later in its names.
SEPARATORS = ("|", ";", ",")
#: Texts are longer, and their commas separate no classes.
_MAX_NAME = 40
#: More are no classes that a person picks from.
_MAX_TAGS = 100


def split(value: object) -> list[Any]:
    """Return the names in one cell.

    >>> split("rock; drum, and bass")
    ['rock', ' drum, and bass']
    >>> split('["rock", "pop"]')
    ['rock', 'pop']
    """
    if isinstance(value, list | tuple):
        return list(value)
    if not isinstance(value, str):
        return [value]
    found = list_in(value)
    if isinstance(found, list):
        return found
    separator = next((each for each in SEPARATORS if each in value), None)
    return [value] if separator is None else value.split(separator)


def names(value: object) -> tuple[str, ...]:
    """Return the class names in one cell, each once."""
    return tuple(dict.fromkeys(name for part in split(value) if (name := class_name(part))))


def tags_of(cells: Iterable[object]) -> tuple[str, ...]:
    """Return the class names of cells that hold several each; nothing if they hold one each.

    Names that are put together make few names of many cells; in "Paris, FR", where a comma is
    part of the name, it is the other way round.
    """
    distinct: set[Sequence[str]] = set()
    found: set[str] = set()
    has_several = is_list = False
    for cell in cells:
        parts = names(cell)
        is_list = is_list or isinstance(list_in(cell), list | tuple)
        has_several = has_several or len(parts) > 1
        distinct.add(parts)
        found.update(parts)
        if len(found) > _MAX_TAGS or any(len(name) > _MAX_NAME for name in parts):
            return ()
    are_put_together = is_list or len(found) <= len(distinct)
    return sorted_classes(found) if has_several and are_put_together else ()
