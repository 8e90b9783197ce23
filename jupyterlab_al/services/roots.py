"""The folder that paths of a project's data are relative to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyterlab_al.domain.settings import Settings

#: Where a configuration names it.
ROOT = "root"


def root_of(config: Mapping[str, Any], settings: Settings) -> Path:
    """Return the root folder of the server, or of the shell, in which the data were named.

    Where several share a database, as on a JupyterHub, each has a root folder of its own, and any
    worker may prepare the data. Projects of earlier versions name none: this server's counts.
    """
    return Path(config.get(ROOT) or settings.root_dir)
