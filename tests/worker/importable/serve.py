"""A server in miniature: runs a supervisor until it is killed.

``python serve.py DB_URL DATA_DIR ROOT_DIR``; says "woken" once the worker was asked for.
"""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path

from jupyterlab_al.domain.settings import Settings
from jupyterlab_al.worker.supervisor import Supervisor


def main() -> None:
    """Wake the worker and stay."""
    db_url, data_dir, root_dir = sys.argv[1:]
    settings = Settings(
        data_dir=Path(data_dir),
        root_dir=Path(root_dir),
        allowed_estimators=("sklearn.", "hostile_estimators."),
    )
    supervisor = Supervisor(settings, db_url, mode="local", log=logging.getLogger("server"))
    supervisor.wake()
    sys.stdout.write("woken\n")
    sys.stdout.flush()
    time.sleep(1000)


if __name__ == "__main__":
    main()
