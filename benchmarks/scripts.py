"""Scripts that measure themselves, in an interpreter of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from benchmarks.servers import REPOSITORY


def said_by(script: str, *arguments: str) -> dict[str, Any]:
    """Run a script with arguments; return the JSON of its last line."""
    answer = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=REPOSITORY,
    )
    said: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return said
