"""Which import paths a person may name: those in modules that the operator allows."""

from __future__ import annotations

from collections.abc import Iterable

#: Modules whose contents may be used when the operator says nothing else.
ALLOWED = ("sklearn.",)


def is_allowed(import_path: str, allowed_prefixes: Iterable[str] = ALLOWED) -> bool:
    """Return whether the path names something public in an allowed module.

    Examples
    --------
    >>> is_allowed("sklearn.svm.SVC"), is_allowed("os.system"), is_allowed("sklearn_evil.X")
    (True, False, False)
    """
    parts = import_path.split(".")
    if len(parts) < 2 or not all(part.isidentifier() and part[0] != "_" for part in parts):
        return False
    return stands_in(import_path, allowed_prefixes)


def stands_in(path: str, prefixes: Iterable[str]) -> bool:
    """Return whether a path lies in one of the modules, or is one of the classes, named."""
    return any(f"{path}.".startswith(prefix.rstrip(".") + ".") for prefix in prefixes if prefix)


def listed(prefixes: Iterable[str]) -> str:
    """Return the allowed modules in words."""
    return ", ".join(prefix.rstrip(".") for prefix in prefixes) or "none"
