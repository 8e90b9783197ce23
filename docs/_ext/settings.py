"""The reference of what an operator sets."""

from __future__ import annotations

from _ext.command_line import default_of
from _ext.pieces import table as as_table
from jupyterlab_al.installation import ENVIRONMENT_PREFIX, Installation


def table() -> str:
    """Return a row a setting: its names, what it means, its default."""
    traits = Installation.class_own_traits(config=True)
    rows = [
        (f"`{name}`", trait.help, default_of(trait), f"`{ENVIRONMENT_PREFIX}{name.upper()}`")
        for name, trait in traits.items()
    ]
    return as_table(("`ActiveLearning.…`", "means", "default", "in the environment"), rows)
