"""How a project shows itself in a notebook: a few words and a small picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

WIDTH, HEIGHT = 220, 56
#: Classes that are listed by name.
LISTED = 12


def as_text(status: Mapping[str, Any]) -> str:
    """Return a project in one line."""
    return f"<Project {status['name']}: {_progress(status)}, {_accuracy(status)}>"


def as_html(status: Mapping[str, Any], curve: Sequence[Mapping[str, Any]]) -> str:
    """Return a project as a small inert page: title, progress, accuracy, learning curve."""
    done, n = status["n_labeled"], status["n_samples"]
    part = 100 * done / n if n else 0
    problem = f"<div><b>{escape(status['error'])}</b></div>" if status["error"] else ""
    return (
        '<div style="max-width: 40em">'
        f"<b>{escape(status['title'] or status['name'])}</b> "
        f"({escape(status['state'])}) · {escape(_classes(status))}"
        f"<div>{_progress(status)} · {escape(_accuracy(status))}</div>"
        f'<progress max="100" value="{part:.1f}" '
        f'style="display: block; width: {WIDTH}px; margin: 4px 0"></progress>'
        f"{problem}{_drawn(curve)}</div>"
    )


def _progress(status: Mapping[str, Any]) -> str:
    return f"{status['n_labeled']:,} of {status['n_samples']:,} labeled"


def _classes(status: Mapping[str, Any]) -> str:
    classes: Sequence[str] = status["classes"]
    more = f" and {len(classes) - LISTED} more" if len(classes) > LISTED else ""
    return ", ".join(classes[:LISTED]) + more or "no classes yet"


def _accuracy(status: Mapping[str, Any]) -> str:
    known = status["accuracy"]
    if not known:
        return "accuracy unknown so far"
    value, low, high = (_percent(known[name]) for name in ("value", "low", "high"))
    return f"accuracy {value} % ({low}–{high}), {known['n']} checks"


def _percent(value: float) -> int:
    return round(100 * value)


def _drawn(curve: Sequence[Mapping[str, Any]]) -> str:
    points = [point for point in curve if point["accuracy"] is not None]
    if len(points) < 2:
        return ""
    counts = [point["n_labels"] for point in points]
    most = max(counts) or 1

    def at(point: Mapping[str, Any], name: str) -> str:
        return f"{WIDTH * point['n_labels'] / most:.1f},{HEIGHT * (1 - point[name]):.1f}"

    line = " ".join(at(point, "accuracy") for point in points)
    band = " ".join(
        [at(point, "high") for point in points] + [at(point, "low") for point in reversed(points)]
    )
    words = f"accuracy from {min(counts):,} to {most:,} labels, with its 95 % interval"
    return (
        f'<svg width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="{words}" '
        'style="display: block; border-bottom: 1px solid currentColor">'
        f'<polygon points="{band}" fill="currentColor" opacity="0.15"/>'
        f'<polyline points="{line}" fill="none" stroke="currentColor" stroke-width="1.5"/></svg>'
        f"<small>{words}</small>"
    )
