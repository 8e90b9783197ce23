"""The labeling view below a cell: an anywidget. Importing this needs the extra `notebook`."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

#: Built by `jlpm build:notebook`, shipped in the wheel.
STATIC = Path(__file__).parent / "static"


class LabelingWidget(anywidget.AnyWidget):
    """Shows the labeling view of a project below a cell, and in a page that Voilà serves.

    Labels go from the page to the page's server, with the page's own rights; this side learns only
    how many there are. Nothing here is a secret: notebooks are saved with it.
    """

    _esm = STATIC / "labeling.js"
    _css = STATIC / "labeling.css"

    #: Name of the project.
    project = traitlets.Unicode().tag(sync=True)
    #: When it was made: tells it from another project of the same name on the page's server.
    created_at = traitlets.Unicode().tag(sync=True)
    #: Path of the kernel's server, for pages that don't name theirs.
    base_url = traitlets.Unicode("/").tag(sync=True)
    #: How many samples are labeled; changes while somebody labels, for `widget.observe`.
    labels = traitlets.Int().tag(sync=True)
