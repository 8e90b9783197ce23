"""The verb simulate: what strategies would have been worth on data whose labels are known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from traitlets import Int, List, Unicode

from jupyterlab_al.cli.base import USAGE, VerbApp

DIGITS = "digits"


class SimulateApp(VerbApp):
    """Replay labeling with known labels and compare strategies.

    DATA is a table (.csv .tsv .jsonl .parquet .arrow) with a column of labels, or `digits`.
    """

    verb = "simulate"
    description = __doc__
    arguments = ("DATA",)

    label_column = Unicode(help="Column that holds the labels.").tag(config=True)
    strategy = List(
        Unicode(), ["default"], help="Strategy to replay; may be given several times."
    ).tag(config=True)
    against = Unicode("random", help="Strategy that the others are compared with.").tag(config=True)
    seeds = Int(20, help="How many replays of each.").tag(config=True)
    budget = Int(200, help="Labels given in the end.").tag(config=True)
    batch = Int(10, help="Labels between two rounds.").tag(config=True)
    jobs = Int(-1, help="Processes; -1 takes all processors.").tag(config=True)
    estimator = List(
        Unicode(),
        help="Import path of a scikit-learn classifier; may be given several times. "
        "Left out: what a new project gets.",
    ).tag(config=True)
    to = Unicode(help="Parquet file to write all curves to.").tag(config=True)
    plot = Unicode(help="Picture (.svg, .png or .pdf) to draw the curves in.").tag(config=True)

    aliases = {
        **VerbApp.aliases,
        **{
            name.replace("_", "-"): f"SimulateApp.{name}"
            for name in (
                "label_column",
                "strategy",
                "against",
                "seeds",
                "budget",
                "batch",
                "jobs",
                "estimator",
                "to",
                "plot",
            )
        },
    }

    def start(self) -> None:
        """Run without a store: nothing is kept but what is asked for."""
        self.start_without_store()

    def run(self, *arguments: str) -> None:
        """Replay, and say what came of it."""
        from jupyterlab_al.services import curves as told
        from jupyterlab_al.services import simulating

        data = arguments[0]
        if self.plot and Path(self.plot).suffix not in (".svg", ".png", ".pdf"):
            self.fail("--plot needs a file that ends in .svg, .png or .pdf.", code=USAGE)
        settings: dict[str, Any] = {
            "strategies": list(dict.fromkeys([*self.strategy, self.against])),
            "budget": self.budget,
            "batch": self.batch,
            "seeds": list(range(self.seeds)),
            "n_jobs": self.jobs,
            "progress": not self.as_json,
            "estimator": _estimators(self.estimator),
        }
        if data == DIGITS:
            curves = simulating.simulate_digits(**settings)
        else:
            if not self.label_column:
                self.fail("--label-column names the column that holds the labels.", code=USAGE)
            path = Path(data).expanduser().absolute()
            curves = simulating.simulate_file(path, label_column=self.label_column, **settings)
        if self.to:
            curves.to_parquet(self.to, index=False)
        if self.plot:
            told.draw(curves, Path(self.plot))
        table = told.summary(curves, against=self.against)
        self.say(_words(table, self), {"curves": curves.to_dict("records"), **_figures(table)})


def _estimators(paths: Sequence[str]) -> dict[str, Any] | None:
    """Return one estimator, several by the names of their classes, or None for the usual one."""
    described = {path: {"import": path} for path in paths}
    if len(described) < 2:
        return next(iter(described.values()), None)
    short = Counter(path.rpartition(".")[2] for path in described)
    return {
        path.rpartition(".")[2] if short[path.rpartition(".")[2]] == 1 else path: of
        for path, of in described.items()
    }


def _name(key: Any) -> str:
    """Return a row's name: the strategy, after its estimator where there are several."""
    return key if isinstance(key, str) else " · ".join(key)


def _words(table: Any, app: SimulateApp) -> str:
    width = max(18, *(len(name) + 2 for name in map(_name, table.index)))
    head = f"{'strategy':{width}}{'accuracy at the end':>21}{'mean over the curve':>21}"
    lines = [f"{head}{f'against {app.against}, paired':>28}"]
    for key, row in table.iterrows():
        name = _name(key)
        parts = [_figure(row, what) for what in ("accuracy", "area")]
        difference = _figure(row, "area_difference", sign="+")
        is_base = app.against in (key, key[-1])
        other = "–" if is_base else difference
        lines.append(f"{name:{width}}{parts[0]:>21}{parts[1]:>21}{other:>28}")
    return "\n".join([*lines, _last_line(app)])


def _figure(row: Any, what: str, sign: str = "") -> str:
    """Return a figure with its standard error, which one seed alone has not."""
    error = row[f"{what}_se"]
    return f"{row[what]:{sign}.3f}" + (f" ± {error:.3f}" if error == error else "")


def _last_line(app: Any) -> str:
    if app.seeds == 1:
        return f"{app.budget} labels, 1 seed: nobody can tell chance from a difference by one."
    return (
        f"{app.budget} labels, {app.seeds} seeds; ± one standard error. The last column compares "
        "means over the curve, seed by seed."
    )


def _figures(table: Any) -> dict[str, Any]:
    rows = {
        _name(key): {what: None if value != value else value for what, value in row.items()}
        for key, row in table.to_dict("index").items()
    }
    return {"summary": rows}
