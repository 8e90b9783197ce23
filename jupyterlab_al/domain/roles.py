"""Who may do what in a project."""

from __future__ import annotations

from typing import Literal

from jupyterlab_al.domain.errors import NotAllowedError
from jupyterlab_al.domain.models import Project, Role

Act = Literal["view", "annotate", "see_others", "resolve", "own"]

_ACTS: dict[Role, frozenset[Act]] = {
    "owner": frozenset(("view", "annotate", "see_others", "resolve", "own")),
    "reviewer": frozenset(("view", "annotate", "see_others", "resolve")),
    "annotator": frozenset(("view", "annotate")),
    "viewer": frozenset(("view",)),
}


def may(role: Role, act: Act) -> bool:
    """Return whether a role allows an act."""
    return act in _ACTS[role]


def require(project: Project, act: Act) -> None:
    """Refuse what the caller's role does not allow.

    Raises
    ------
    NotAllowedError
        The role is too small; the message says which one is needed.
    """
    if may(project.role, act):
        return
    enough = " or ".join(role for role in _ACTS if act in _ACTS[role])
    raise NotAllowedError(
        f"You are {project.role} of {project.name!r}; this needs {enough}. "
        "The project's owner can change that."
    )
