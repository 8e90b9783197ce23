"""The reference of the query strategies that come with the package."""

from __future__ import annotations

import inspect

from _ext.pieces import table as as_table
from jupyterlab_al.strategies.names import BUILT_IN
from jupyterlab_al.strategies.registry import strategy_class


def table() -> str:
    """Return a row a strategy: its name, its class, the first line of its docstring."""
    rows = []
    for name in BUILT_IN:
        cls = strategy_class(name)
        said = inspect.cleandoc(cls.__doc__ or "").splitlines()[0]
        rows.append((f"`{name}`", f"[{cls.__name__}](#{_path(cls)})", said))
    return as_table(("name", "class", "does"), rows)


def classes() -> str:
    """Return what Sphinx reads the docstring of each class by."""
    paths = dict.fromkeys(_path(strategy_class(name)) for name in BUILT_IN)
    lines = "\n".join(f".. autoclass:: {path}" for path in paths)
    return f"```{{eval-rst}}\n{lines}\n```"


def _path(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"
