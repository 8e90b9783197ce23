"""Diagrams in Mermaid, drawn in the reader's browser by a script that comes with the site."""

from __future__ import annotations

import shutil
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

#: The one that JupyterLab brings: nothing is loaded from another host. It draws when a page is
#: loaded, everything of the class `mermaid`.
SCRIPT = Path(__file__).parents[2] / "node_modules" / "mermaid" / "dist" / "mermaid.min.js"


class Diagram(SphinxDirective):
    """A fence of `mermaid`; where no script runs its text is shown."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the text, marked for the script."""
        self.env.metadata[self.env.docname]["diagrams"] = "yes"
        text = escape("\n".join(self.content))
        # Lines are drawn dark, also for those who read in a dark theme.
        page = f'<pre class="mermaid" style="background: white; color: black">{text}</pre>'
        return [nodes.raw("", page, format="html")]


def add_script(app: Sphinx, page: str, _template: str, _context: Any, _doctree: Any) -> None:
    """Give the script to pages with diagrams only: it is large."""
    if "diagrams" in app.env.metadata.get(page, {}):
        app.add_js_file(SCRIPT.name)


def copy_script(app: Sphinx, error: Exception | None) -> None:
    """Put the script beside the pages."""
    if error is not None or app.builder.format != "html":
        return
    if not SCRIPT.is_file():
        raise ExtensionError("Mermaid is not in node_modules; run `jlpm install`.")
    shutil.copyfile(SCRIPT, Path(app.outdir) / "_static" / SCRIPT.name)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register all of it."""
    app.add_directive("mermaid", Diagram)
    app.connect("html-page-context", add_script)
    app.connect("build-finished", copy_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
