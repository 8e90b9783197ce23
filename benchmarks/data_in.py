"""What it takes to make a project of data that a script holds, beside writing them to a file."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.import_table import bare_copy, write_rows
from benchmarks.report import Report, Table, at_most
from benchmarks.scripts import said_by
from benchmarks.servers import Place, RunningServer, running_server

#: A script as a person writes it; it measures itself.
_SCRIPT = """
import json, sys, tempfile, time
import jupyterlab_al as al
url, token, name, given = sys.argv[1:5]
settings = json.loads(sys.argv[5])
al.connect(url, token)
bare = None
if given.isdecimal():
    # pyarrow looks for pandas when it is first given an array.
    import numpy as np, pandas, pyarrow as pa
    data = np.random.default_rng(0).standard_normal((int(given), 64), dtype=np.float32)
    with tempfile.NamedTemporaryFile() as file:
        began = time.perf_counter()
        rows = pa.FixedSizeListArray.from_arrays(data.ravel(), 64)
        table = pa.table({"x": rows})
        with pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table, max_chunksize=65_536)
        bare = time.perf_counter() - began
else:
    data = given
began = time.perf_counter()
project = al.create(name, data, classes=["a", "b"], **settings)
took = time.perf_counter() - began
status = project.status
# As the file that pyarrow wrote is: what is measured next finds as much memory to write to.
project.delete(confirm=name)
print(json.dumps({"seconds": took, "bare": bare, "rows": status["n_samples"],
                  "state": status["state"]}))
"""
#: The table is shown as text and learned from by columns: what texts become is another question.
_ROWS: dict[str, Any] = {
    "text": "review",
    "features": {"kind": "columns", "columns": ["price", "shop"]},
}
#: Rows of a first project, which finds the worker not yet started.
FIRST = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much is measured."""

    n_rows: int = 1_000_000
    repeats: int = 9


TINY = Size(n_rows=2_000, repeats=1)


def run(size: Size = Size()) -> Report:
    """Measure it."""
    with tempfile.TemporaryDirectory(prefix="al-bench-") as folder:
        place = Place.in_folder(Path(folder))
        path = write_rows(place.root, "parquet", size.n_rows)
        with running_server(place, worker="local") as server:
            first = _create(server, "first", str(FIRST))
            arrays = [_array(server, n, size) for n in range(size.repeats)]
            tables = [_table(server, n, path) for n in range(size.repeats)]
    rows, targets = [], []
    for what, runs in (("array of 64 float32 a row", arrays), ("Parquet file", tables)):
        ratio = median(one["seconds"] / one["bare"] for one in runs)
        seconds, bare = (median(one[key] for one in runs) for key in ("seconds", "bare"))
        rows.append([what, f"{bare:.2f}", f"{seconds:.2f}", f"{ratio:.1f}"])
        targets.append(at_most(f"{what}, times pyarrow", ratio, 3))
    return Report(
        title=f"data_in: {size.n_rows:,} rows given to al.create, until they can be labeled",
        tables=[Table(head=("data", "pyarrow s", "al.create s", "ratio, median"), rows=rows)],
        targets=targets,
        notes=[
            "From a plain script to a server whose worker runs. pyarrow: the array written as an "
            "Arrow file; the Parquet file read and written as Arrow.",
            "The table is that of import_table, shown as text and learned from by two columns: "
            "what texts cost to learn from is in text_round.",
            f"A server's first project starts its worker: {FIRST} rows took "
            f"{first['seconds']:.2f} s.",
        ],
        figures={
            "rows_array": arrays[0]["rows"],
            "rows_table": tables[0]["rows"],
            "active": sum(one["state"] == "active" for one in (*arrays, *tables)),
        },
    )


def _array(server: RunningServer, n: int, size: Size) -> dict[str, Any]:
    return _create(server, f"array-{n}", str(size.n_rows))


def _table(server: RunningServer, n: int, path: Path) -> dict[str, Any]:
    bare = bare_copy(path)["seconds"]
    return _create(server, f"table-{n}", path.name, **_ROWS) | {"bare": bare}


def _create(server: RunningServer, name: str, data: str, **settings: Any) -> dict[str, Any]:
    url = f"http://127.0.0.1:{server.address.port}/"
    given = [url, server.address.token, name, data, json.dumps(settings)]
    return said_by(_SCRIPT, *given)
