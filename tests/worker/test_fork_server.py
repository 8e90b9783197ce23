"""The fork server starts whatever the surroundings are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

USE = """
from multiprocessing import get_context

from jupyterlab_al.worker.fork_server import warm_up

if __name__ == "__main__":
    warm_up()
    child = get_context("forkserver").Process(target=print, args=("a child is up",))
    child.start()
    child.join()
"""


def test_a_long_name_of_the_temporary_folder(tmp_path: Path) -> None:
    """Sockets have short paths; a folder of temporary files may have a long one."""
    folder = tmp_path / ("temporary-files-of-a-job-on-a-cluster" * 3)
    folder.mkdir()
    (tmp_path / "use.py").write_text(USE)

    done = subprocess.run(
        [sys.executable, str(tmp_path / "use.py")],
        env={**os.environ, "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stdout) == (0, "a child is up\n"), done.stderr
