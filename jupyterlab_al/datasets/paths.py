"""Paths that a person gives, kept inside the server's root folder."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from jupyterlab_al.domain.errors import InvalidDatasetError, PathOutsideRootError


def resolve(root: Path, relative: str) -> Path:
    """Return the real path of `relative`, a file or folder inside `root`.

    Symbolic links are followed first, so a link inside the root can't lead out of it.
    """
    if "\0" in relative:
        raise PathOutsideRootError("A path can't contain a NUL character; correct the path.")
    if not relative.strip():
        raise InvalidDatasetError("The path is empty; give a file relative to the root folder.")
    if Path(relative).is_absolute():
        raise PathOutsideRootError(
            f"The path {relative} is absolute; give it relative to the server's root folder."
        )
    real_root = Path(os.path.realpath(root))
    real = Path(os.path.realpath(real_root / relative))
    if not real.is_relative_to(real_root):
        raise PathOutsideRootError(
            f"The path {relative} leads outside the server's root folder; "
            "move or copy the data into the root folder and use its path there."
        )
    _check_readable(real, relative)
    return real


def _check_readable(real: Path, relative: str) -> None:
    """Refuse what is missing, what may not be read and what would block a reader (pipes)."""
    try:
        mode = real.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise InvalidDatasetError(f"There is no file {relative}; check its name.") from None
    except OSError as error:
        raise InvalidDatasetError(
            f"The file {relative} can't be opened ({error.strerror}); check its name and rights."
        ) from error
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise InvalidDatasetError(f"{relative} is neither a file nor a folder; choose another.")
    if not os.access(real, os.R_OK):
        raise InvalidDatasetError(f"{relative} may not be read; change its rights.")
