"""Labels into a Series, beside the same file from the bare server read with pyarrow."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.pools import add_annotations, add_project, opened, table_project, write_table
from benchmarks.report import Report, Table, at_most
from benchmarks.scripts import said_by
from benchmarks.servers import Place, RunningServer, running_server

#: A script as a person writes it; it measures itself.
_SCRIPT = """
import json, sys, time, urllib.request
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import jupyterlab_al as al
url, token, name, path, repeats = sys.argv[1:6]
al.connect(url, token)
project = al.open(name)

def bare():
    asked = urllib.request.Request(
        url + "files/exported.parquet", headers={"Authorization": f"token {token}"}
    )
    with urllib.request.urlopen(asked) as answer:
        return pq.read_table(pa.BufferReader(answer.read())).to_pandas()

found = {}
project.export(path)
calls = {"labels": project.labels, "annotations": project.annotations, "bare": bare}
for what, call in calls.items():
    found[what] = []
    for _ in range(int(repeats)):
        began = time.perf_counter()
        rows = call()
        found[what].append(time.perf_counter() - began)
    found["rows_" + what] = len(rows)
print(json.dumps(found))
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much is measured."""

    labels: int = 100_000
    repeats: int = 5


TINY = Size(labels=200, repeats=1)
#: How samples are known, and the setting that says so.
KNOWN_BY: dict[str, dict[str, str]] = {"position": {}, "key": {"key_column": "text"}}


def run(size: Size = Size()) -> Report:
    """Measure it."""
    rows, targets, figures = [], [], dict[str, float]()
    with tempfile.TemporaryDirectory(prefix="al-bench-") as folder:
        place = Place.in_folder(Path(folder))
        write_table(place.root / "pool.parquet", size.labels)
        with opened(place) as (database, settings):
            for name, key in KNOWN_BY.items():
                description = table_project(name, "pool.parquet", queue_size=1_000)
                description["dataset"] |= key
                project = add_project(database, settings, description)
                add_annotations(database, project, range(size.labels))
        with running_server(place) as server:
            for name in KNOWN_BY:
                found = _measured(server, place, name, size)
                seconds = {what: median(found[what]) for what in ("bare", "labels", "annotations")}
                rows.append(
                    [name, *(f"{one:.3f}" for one in seconds.values()),
                     f"{seconds['labels'] / seconds['bare']:.0f}"]
                )  # fmt: skip
                what = f"labels of samples known by {name}"
                targets.append(at_most(what, seconds["labels"], 1, unit=" s"))
                figures |= {
                    f"{of}_{name}": found[f"rows_{of}"] for of in ("labels", "annotations", "bare")
                }
    return Report(
        title=f"labels_out: {size.labels:,} labels into a notebook",
        tables=[
            Table(
                head=(
                    "samples known by",
                    "bare s",
                    "labels() s",
                    "annotations() s",
                    "labels() × bare",
                ),
                rows=rows,
            )
        ],
        targets=targets,
        notes=[
            "Medians, from a script of its own. Bare: the labels' Parquet file sent by Jupyter "
            "Server's own handler of files, and read by pyarrow into a DataFrame."
        ],
        figures=figures,
    )


def _measured(server: RunningServer, place: Place, name: str, size: Size) -> dict[str, Any]:
    url = f"http://127.0.0.1:{server.address.port}/"
    given = [
        url,
        server.address.token,
        name,
        str(place.root / "exported.parquet"),
        str(size.repeats),
    ]
    return said_by(_SCRIPT, *given)
