"""The code of the example notebooks: what the pages show is what the tests run."""

from __future__ import annotations

import json
from pathlib import Path

from _ext.pieces import code as as_code

EXAMPLES = Path(__file__).parents[2] / "examples"


def code(name: str) -> str:
    """Return the cells of a notebook, without its title."""
    cells = json.loads((EXAMPLES / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    parts = []
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            parts.append(as_code(source, "python"))
        elif not source.startswith("# "):
            parts.append(source)
    return "\n\n".join(parts)
