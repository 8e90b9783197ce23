"""The reference of the command line, from what `--help` says of each verb."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from _ext.pieces import code, table
from jupyterlab_al.cli import AlApp
from jupyterlab_al.cli.base import VerbApp

_HEADS = ("option", "does", "default")


def page() -> str:
    """Return the options of all verbs, then a section a verb."""
    shared = [_option(VerbApp, name, path) for name, path in VerbApp.aliases.items()]
    shared += _flags(VerbApp.flags)
    return "\n\n".join(
        [
            "Each verb takes these:",
            table(_HEADS, shared),
            *(_verb(app) for app, _ in AlApp.subcommands.values()),
        ]
    )


def _verb(app: type[VerbApp]) -> str:
    aliases: Mapping[str, str] = app.aliases
    own = [_option(app, *each) for each in aliases.items() if each[0] not in VerbApp.aliases]
    own += _flags({name: flag for name, flag in app.flags.items() if name not in VerbApp.flags})
    parts = [f"## {app.verb}", inspect.cleandoc(app.__doc__ or ""), code(app.call(), "bash")]
    if own:
        parts.append(table(_HEADS, own))
    return "\n\n".join(parts)


def _flags(flags: Mapping[str, tuple[Any, str]]) -> list[tuple[str, str, str]]:
    return [(f"`--{name}`", said, "") for name, (_, said) in flags.items()]


def _option(app: type[VerbApp], name: str | tuple[str, ...], path: str) -> tuple[str, str, str]:
    owner, _, trait_name = path.rpartition(".")
    classes: dict[str, Any] = {cls.__name__: cls for cls in (*app.mro(), *app.classes)}
    trait = classes[owner].class_traits()[trait_name]
    shown = name if isinstance(name, str) else name[0]
    return f"`--{shown}`", trait.help, default_of(trait)


def default_of(trait: Any) -> str:
    """Return a trait's default as code; empty where it is nothing."""
    default = trait.default_value_repr()
    return "" if default in ("''", "[]", "None", "traitlets.Undefined") else f"`{default}`"
