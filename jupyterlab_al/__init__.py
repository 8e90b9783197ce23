"""Active learning in JupyterLab: label the samples that teach your estimator most."""

from __future__ import annotations

from typing import Any

from jupyterlab_al._version import __version__

__all__ = ["__version__"]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "jupyterlab_al"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    from jupyterlab_al.extension import ActiveLearning

    return [{"module": "jupyterlab_al", "app": ActiveLearning}]
