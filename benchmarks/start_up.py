"""What the extension adds to the start of Jupyter Server."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.machine import cpu_seconds
from benchmarks.report import Report, Table, Target, at_most
from benchmarks.scripts import said_by
from benchmarks.servers import Place, running_server

#: Libraries that a server start must do without.
HEAVY = ("sklearn", "pandas", "pyarrow", "scipy")
#: What any server with extensions has imported.
SERVER = "import jupyter_server.serverapp, jupyter_server.extension.application"
EXTENSION = "import jupyterlab_al.extension"
IMPORT = """
import json, sys, time
{before}
began, cpu = time.perf_counter(), time.process_time()
{after}
took = {{"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}}
loaded = sorted(name for name in {heavy!r} if name in sys.modules)
print(json.dumps({{**took, "loaded": loaded}}))
"""
#: A whole start in one process that can say what it has imported.
START = """
import json, sys
from jupyter_server.serverapp import ServerApp
app = ServerApp()
app.initialize(argv=json.loads(sys.argv[1]))
loaded = sorted(name for name in {heavy!r} if name in sys.modules)
print(json.dumps({{"loaded": loaded}}))
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much is measured."""

    repeats: int = 7


TINY = Size(repeats=1)


@dataclass(slots=True)
class Series:
    """Seconds by the clock and of processor time."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def add(self, wall: float, cpu: float) -> None:
        """Take one more measurement."""
        self.wall.append(wall)
        self.cpu.append(cpu)

    def row(self, name: str) -> list[str]:
        """Return a row of the table."""
        figures = (median(self.wall), min(self.wall), median(self.cpu))
        return [name, *(f"{figure * 1000:,.0f}" for figure in figures)]

    def over(self, other: Series) -> Series:
        """Return what this adds to another, pair by pair."""
        pairs = zip((*self.wall, *self.cpu), (*other.wall, *other.cpu), strict=True)
        added = [a - b for a, b in pairs]
        return Series(added[: len(self.wall)], added[len(self.wall) :])


def run(size: Size = Size()) -> Report:
    """Measure it."""
    jupyter, ours, without, with_ = Series(), Series(), Series(), Series()
    loaded: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="al-bench-") as folder:
        place = Place.in_folder(Path(folder))
        # Once unmeasured: the database is made, and files come from memory from now on.
        _start(place, Series(), has_extension=True)
        for _ in range(size.repeats):
            loaded.update(_import(jupyter, before="pass", after=SERVER))
            loaded.update(_import(ours, before=SERVER, after=EXTENSION))
            _start(place, without, has_extension=False)
            _start(place, with_, has_extension=True)
        loaded.update(_loaded_by_start(place))
    added = with_.over(without)
    return Report(
        title="start_up: what the extension adds to the server's start",
        tables=[
            Table(
                head=("", "median ms", "best ms", "median CPU ms"),
                rows=[
                    jupyter.row("import jupyter_server alone"),
                    ours.row("import jupyterlab_al.extension after it"),
                    without.row("whole start without the extension"),
                    with_.row("whole start with the extension"),
                    added.row("difference, pair by pair"),
                ],
                caption="A whole start lasts until the server answers its first request.",
            )
        ],
        targets=[
            at_most("import of the extension", median(ours.wall) * 1000, 150, unit=" ms", digits=0),
            Target(
                what=f"of {', '.join(HEAVY)} imported by a start",
                wanted="none",
                measured=", ".join(sorted(loaded)) or "none",
                is_met=not loaded,
            ),
        ],
        figures={"heavy": len(loaded)},
    )


def _import(series: Series, *, before: str, after: str) -> list[str]:
    """Measure an import in a fresh interpreter; return the heavy libraries that came with it."""
    said = _python(IMPORT, before=before, after=after)
    series.add(said["seconds"], said["cpu"])
    loaded: list[str] = said["loaded"]
    return loaded


def _python(script: str, *arguments: str, **parts: str) -> dict[str, Any]:
    return said_by(script.format(heavy=HEAVY, **parts), *arguments)


def _start(place: Place, series: Series, *, has_extension: bool) -> None:
    path = "/al/api/status" if has_extension else "/api/status"
    began = perf_counter()
    with running_server(place, has_extension=has_extension, path=path) as server:
        series.add(perf_counter() - began, cpu_seconds(server.pid))


def _loaded_by_start(place: Place) -> list[str]:
    """Return the heavy libraries that a server has imported once it is ready to serve."""
    arguments = [
        "--ServerApp.jpserver_extensions={'jupyterlab_al': True}",
        "--ServerApp.open_browser=False",
        "--ServerApp.allow_root=True",
        "--ServerApp.port=0",
        f"--ServerApp.root_dir={place.root}",
        f"--ActiveLearning.data_dir={place.data}",
    ]
    loaded: list[str] = _python(START, json.dumps(arguments))["loaded"]
    return loaded
