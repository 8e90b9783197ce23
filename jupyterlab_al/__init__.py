"""Active learning in JupyterLab: label the samples that teach your estimator most.

>>> import jupyterlab_al as al
>>> sorted(al.__all__)[:4]
['ActiveLearningError', 'InvalidInputError', 'NoServerError', 'NotReadyError']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from jupyterlab_al._version import __version__

if TYPE_CHECKING:
    from jupyterlab_al.client.api import connect, create, open, projects  # noqa: A004
    from jupyterlab_al.client.errors import (
        InvalidInputError,
        NoServerError,
        NotReadyError,
        RefusedError,
    )
    from jupyterlab_al.client.project import Project
    from jupyterlab_al.domain.errors import ActiveLearningError
    from jupyterlab_al.services.curves import plot, summary
    from jupyterlab_al.services.simulating import simulate

__all__ = [
    "ActiveLearningError",
    "InvalidInputError",
    "NoServerError",
    "NotReadyError",
    "Project",
    "RefusedError",
    "__version__",
    "connect",
    "create",
    "open",
    "plot",
    "projects",
    "simulate",
    "summary",
]

#: Where each name comes from. A server and a command line that start must not pay for a client.
_HOMES = {
    **dict.fromkeys(("connect", "create", "open", "projects"), "client.api"),
    **dict.fromkeys(
        ("InvalidInputError", "NoServerError", "NotReadyError", "RefusedError"), "client.errors"
    ),
    "Project": "client.project",
    "ActiveLearningError": "domain.errors",
    "simulate": "services.simulating",
    **dict.fromkeys(("plot", "summary"), "services.curves"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "jupyterlab_al"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    from jupyterlab_al.extension import ActiveLearning

    return [{"module": "jupyterlab_al", "app": ActiveLearning}]
