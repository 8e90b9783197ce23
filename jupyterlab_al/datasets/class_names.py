"""How the names of classes are written and sorted."""

from __future__ import annotations

from jupyterlab_al.datasets.bundles import as_text


def class_name(value: object) -> str:
    """Return a cell as the name of a class: 1.0 is 1, True is true, no spaces around.

    JSON can hold a zero character, which no database stores.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return as_text(value).replace("\0", "").strip()


def sorted_classes(names: set[str]) -> tuple[str, ...]:
    """Return class names in a person's order: numbers by size, others by letter."""
    try:
        return tuple(sorted(names, key=float))
    except ValueError:
        return tuple(sorted(names, key=lambda name: (name.casefold(), name)))
