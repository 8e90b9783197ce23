"""What importing a table costs beside reading and writing it with pyarrow."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.report import Report, Table, at_most
from benchmarks.scripts import said_by

#: Each runs in a process of its own, so that its memory is its own.
_MEASURED = """
import json, sys, time
from pathlib import Path
def peak():
    # Not getrusage: that counts what the parent had.
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])
{imports}
path, folder = Path(sys.argv[1]), Path(sys.argv[2])
before = peak()
began = time.perf_counter()
rows = {call}
took = time.perf_counter() - began
grown = peak() - before
print(json.dumps({{"seconds": took, "mib": grown / 1024, "rows": rows}}))
"""
_OURS = _MEASURED.format(
    imports="""
from jupyterlab_al.datasets.import_table import import_table
from jupyterlab_al.datasets.tables import open_table
import pyarrow.csv, pyarrow.parquet
""",
    call="import_table(open_table(path), folder, lambda _done: None)",
)
_PYARROW = _MEASURED.format(
    imports="""
import pyarrow as pa, pyarrow.csv as csv, pyarrow.parquet as pq
def copied():
    is_parquet = path.suffix == ".parquet"
    source = pq.ParquetFile(path) if is_parquet else csv.open_csv(path)
    batches = source.iter_batches(8192) if is_parquet else source
    schema = source.schema_arrow if is_parquet else source.schema
    rows = 0
    with pa.ipc.new_file(str(folder / "copy.arrow"), schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
            rows += batch.num_rows
    return rows
""",
    call="copied()",
)
FORMATS = ("parquet", "csv")


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How much is measured."""

    n_rows: int = 1_000_000
    repeats: int = 5


TINY = Size(n_rows=5_000, repeats=1)


def run(size: Size = Size()) -> Report:
    """Measure it."""
    rows, targets, figures = [], [], dict[str, float]()
    with tempfile.TemporaryDirectory(prefix="al-bench-") as name:
        folder = Path(name)
        for ending in FORMATS:
            path = write_rows(folder, ending, size.n_rows)
            pairs = [(bare_copy(path), _run(_OURS, path)) for _ in range(size.repeats)]
            theirs, ours = zip(*pairs, strict=True)
            ratio = median(b["seconds"] / a["seconds"] for a, b in pairs)
            mib = max(one["mib"] for one in ours)
            for who, runs in (("pyarrow", theirs), ("import", ours)):
                seconds = median(one["seconds"] for one in runs)
                peak = max(one["mib"] for one in runs)
                rows.append([ending, who, f"{seconds:.2f}", f"{peak:,.0f}"])
            if ending == "parquet":
                targets.append(at_most("import of Parquet, times pyarrow", ratio, 3))
            targets.append(at_most(f"memory that {ending} takes", mib, 300, unit=" MiB", digits=0))
            figures[f"rows_{ending}"] = ours[0]["rows"]
            figures[f"ratio_{ending}"] = ratio
    return Report(
        title=f"import_table: {size.n_rows:,} rows copied into a project",
        tables=[
            Table(
                head=("file", "", "median seconds", "peak MiB above the imports"),
                rows=rows,
                caption="A text, two numbers and a category a row; read and written as Arrow, with "
                "every cell checked in ours. Without features, which depend on what is learned.",
            )
        ],
        targets=targets,
        figures=figures,
    )


def write_rows(folder: Path, ending: str, n: int) -> Path:
    """Write a text, two numbers and a category a row; return the file."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.csv as csv
    import pyarrow.parquet as pq

    rng = np.random.default_rng(0)
    words = np.array(["good", "bad", "great", "awful", "late", "early", "broken", "fine"])
    texts = [" ".join(words[rng.integers(0, 8, 12)]) for _ in range(1000)]
    columns = {
        "id": np.arange(n),
        "review": [f"{texts[i % 1000]} {i}" for i in range(n)],
        "price": rng.normal(size=n),
        "shop": [f"shop {i % 20}" for i in range(n)],
    }
    path = folder / f"rows.{ending}"
    if ending == "parquet":
        pq.write_table(pa.table(columns), path)
    else:
        csv.write_csv(pa.table(columns), path)
    return path


def bare_copy(path: Path) -> dict[str, Any]:
    """Read a file and write it as Arrow with nothing but pyarrow: seconds, memory, rows."""
    return _run(_PYARROW, path)


def _run(script: str, path: Path) -> dict[str, Any]:
    return said_by(script, str(path), str(path.parent))
