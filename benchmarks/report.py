"""What a benchmark says: tables and whether the targets were met, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Figures in rows; cells are texts."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """One promise and what came of it."""

    what: str
    wanted: str
    measured: str
    is_met: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Everything that one benchmark says."""

    title: str
    tables: Sequence[Table]
    targets: Sequence[Target] = ()
    notes: Sequence[str] = ()
    #: The figures themselves, for whoever wants to check them.
    figures: dict[str, float] = field(default_factory=dict)

    def markdown(self) -> str:
        """Return it as text for people."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"## {self.title}"
        for table in self.tables:
            yield ""
            if table.caption:
                yield from (table.caption, "")
            yield from _table(table.head, table.rows)
        if self.targets:
            verdicts = {True: "yes", False: "**no**"}
            yield ""
            yield from _table(
                ("target", "wanted", "measured", "met"),
                [(t.what, t.wanted, t.measured, verdicts[t.is_met]) for t in self.targets],
            )
        if self.notes:
            yield ""
            yield from (f"- {note}" for note in self.notes)


def at_most(what: str, value: float, limit: float, *, unit: str = "", digits: int = 2) -> Target:
    """Return a target that a value must not exceed."""
    return Target(
        what=what,
        wanted=f"≤ {limit:,g}{unit}",
        measured=f"{value:,.{digits}f}{unit}",
        is_met=value <= limit,
    )


def at_least(what: str, value: float, limit: float, *, unit: str = "", digits: int = 0) -> Target:
    """Return a target that a value must reach."""
    return Target(
        what=what,
        wanted=f"≥ {limit:,g}{unit}",
        measured=f"{value:,.{digits}f}{unit}",
        is_met=value >= limit,
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for cells in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(cells)} |"
