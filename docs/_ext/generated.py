"""Parts of pages that are written from the code when the site is built.

A page asks for one with a comment of its own line, for example `<!-- generated: settings -->`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from _ext import command_line, notebooks, rest, root_pages, settings, strategies

#: What can be asked for; some take a name, as in `<!-- generated: notebook text -->`.
PARTS: dict[str, Callable[..., str]] = {
    "changelog": root_pages.changelog,
    "command-line": command_line.page,
    "contributing": root_pages.contributing,
    "decisions": root_pages.decisions,
    "notebook": notebooks.code,
    "rest": rest.page,
    "settings": settings.table,
    "strategies": strategies.table,
    "strategy-classes": strategies.classes,
}
_ASKED = re.compile(r"^<!-- generated: ([\w-]+)(?: ([\w-]+))? -->$", re.MULTILINE)


def fill_in(_app: Sphinx, page: str, source: list[str]) -> None:
    """Replace the comments of a page."""

    def part(asked: re.Match[str]) -> str:
        name, *arguments = (group for group in asked.groups() if group is not None)
        if name not in PARTS:
            raise ExtensionError(f"{page}: there is no part {name!r}; use one of {list(PARTS)}.")
        return PARTS[name](*arguments)

    source[0] = _ASKED.sub(part, source[0])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register it."""
    app.connect("source-read", fill_in)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
