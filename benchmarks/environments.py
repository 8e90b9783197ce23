"""Other libraries in environments of their own, made by `make bench-data`."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from benchmarks.real_sets import FOLDER

PROGRAMS = Path(__file__).parent / "peers"
#: Longest run of a peer, in seconds.
PATIENCE = 1800.0


def measured(environment: str, program: str, *arguments: object) -> dict[str, Any] | str:
    """Return what a program of `peers/` printed, or in words why there is nothing.

    Parameters
    ----------
    environment : str
        `superintendent` or `peers`.
    program : str
        Name of the program, without its ending.
    *arguments
        For its command line.
    """
    python = Path(os.environ.get("BENCH_PACKAGES", FOLDER)) / environment / "bin" / "python"
    if not python.exists():
        return "not installed here (make bench-data)"
    # Nothing of this project's environment: the peer's libraries are older, or others.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    clean |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(
            [python, PROGRAMS / f"{program}.py"] + [str(argument) for argument in arguments],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
            env=clean,
        )
    except subprocess.TimeoutExpired:
        return f"gave up after {PATIENCE:.0f} s"
    except subprocess.CalledProcessError as error:
        return f"failed: {str(error.stderr).strip().splitlines()[-1][:200]}"
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found
