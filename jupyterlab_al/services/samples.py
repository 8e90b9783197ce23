"""Where samples came from."""

from __future__ import annotations

from jupyterlab_al.domain.errors import UnknownError
from jupyterlab_al.domain.models import Project


def originals_folder(project: Project, added_from: str | None) -> str:
    """Return the folder, relative to the root, that a picture of a project lies in.

    `added_from` is the folder that it was added from, where that is another.

    Raises
    ------
    UnknownError
        If its samples are no pictures of a folder.
    """
    dataset = project.config["dataset"]
    if dataset["kind"] != "images":
        raise UnknownError(
            "Only pictures of a folder have an original beside what is shown; use content.",
            word="no_original",
        )
    return added_from or str(dataset["path"])
