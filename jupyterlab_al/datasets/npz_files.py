"""`.npz` files: archives of arrays, opened without trust and never unpickled."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np

from jupyterlab_al.domain.errors import InvalidDatasetError

#: What is raised on the way where an array, or an archive, is damaged.
UNREADABLE = (ValueError, EOFError, OSError, SyntaxError, MemoryError, OverflowError)
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError)


def is_archive(path: Path) -> bool:
    """Return whether a file may hold several arrays."""
    return path.suffix.lower() == ".npz"


def read_header(packed: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Return shape, whether columns come first, and type of a packed array."""
    version = np.lib.format.read_magic(packed)
    read = (
        np.lib.format.read_array_header_1_0
        if version == (1, 0)
        else np.lib.format.read_array_header_2_0
    )
    return read(packed)


@contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive; damage that shows meanwhile is told in words."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except DAMAGED as error:
        raise unreadable(path.name, error) from error


def member_of(path: Path, archive: zipfile.ZipFile, wanted: str | None) -> zipfile.ZipInfo:
    """Return the only array of an archive, or the one of this name."""
    members = archive.infolist()
    if wanted is None and len(members) == 1:
        return members[0]
    for member in members:
        if member_name(member) == wanted:
            return member
    names = ", ".join(map(member_name, members[:5])) + (", …" if len(members) > 5 else "")
    if wanted is not None:
        raise InvalidDatasetError(
            f"{path.name} holds no array {wanted}; there is {names or 'none'}."
        )
    raise InvalidDatasetError(
        f"{path.name} holds {len(members)} arrays ({names}); name the one to label by "
        "dataset.array."
    )


def member_name(member: zipfile.ZipInfo) -> str:
    """Return what `numpy.load` knows a member by."""
    return member.filename.removesuffix(".npy")


def unreadable(name: str, error: Exception, *, is_pickle: bool = False) -> InvalidDatasetError:
    """Return the error for a file that is no array, from what was raised on reading it."""
    said = str(error)
    if "max_header_size" in said:
        said = "its header is too long"
    if is_pickle or "pickle" in said.lower() or "object" in said.lower():
        return InvalidDatasetError(
            f"{name} holds Python objects (a pickle), which is never opened because it could run "
            "programs; save plain numbers with numpy.save."
        )
    return InvalidDatasetError(
        f"{name} can't be read as an array: it is damaged, cut off or of another kind. Save it "
        f"again with numpy.save. ({said.splitlines()[0] if said else type(error).__name__})"
    )
