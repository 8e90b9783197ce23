"""Pages that lie at the root of the repository, with their links turned towards this site."""

from __future__ import annotations

from pathlib import Path

_ROOT = Path(__file__).parents[2]


def contributing() -> str:
    """Return CONTRIBUTING.md."""
    text = (_ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return text.replace("](docs/", "](").replace("](CHANGELOG.md)", "](changelog.md)")


def changelog() -> str:
    """Return CHANGELOG.md."""
    text = (_ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    # The markers for releases are comments that hold comments, which the site's parser shows.
    return "\n".join(line for line in text.splitlines() if not line.startswith("<!--"))


def decisions() -> str:
    """Return what puts every decision beside the page that lists them."""
    return "```{toctree}\n:hidden:\n:glob:\n\n0*\n```"
