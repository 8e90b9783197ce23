"""Errors about uploads, without the names that uploads have on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from jupyterlab_al.domain.errors import ActiveLearningError


@contextmanager
def unnamed(*uploads: str | None) -> Iterator[None]:
    """Let errors speak of the upload: nobody who sent it knows the name that it got.

    Only where there is no such file the name says which one was asked for.
    """
    try:
        yield
    except ActiveLearningError as error:
        said = error.message
        for name in filter(None, uploads):
            if f"no file {name}" not in said:
                said = said.replace(name, "the upload")
        if said != error.message:
            error.message = said[0].upper() + said[1:]
            error.args = (error.message,)
        raise
