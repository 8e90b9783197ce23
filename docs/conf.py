"""Sphinx's settings for the site; build it with `make docs`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "jupyterlab_al"
author = "the authors of jupyterlab_al"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "_ext.diagrams",
    "_ext.generated",
]
exclude_patterns = ["_build", "_ext"]

html_theme = "furo"
html_title = "jupyterlab_al"
html_copy_source = False
html_show_copyright = False

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
smartquotes = False
myst_fence_as_directive = ["mermaid"]

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
napoleon_google_docstring = False

copybutton_exclude = ".linenos, .gp"
