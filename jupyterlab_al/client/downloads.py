"""Exports saved on this machine."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from jupyterlab_al.client.errors import InvalidInputError
from jupyterlab_al.domain.errors import InvalidSettingError
from jupyterlab_al.domain.formats import KINDS, format_of


def export(
    download: Callable[..., None], path: Path, *, file_format: str | None, what: str, data: int
) -> Path:
    """Save an export at `path` once it has arrived in full; return the path.

    Raises
    ------
    InvalidInputError
        The format is unknown, or there is a folder with something in it.
    """
    try:
        known = format_of(path, file_format)
    except InvalidSettingError as error:
        raise InvalidInputError(error.message) from None
    if path.is_dir() and any(path.iterdir()):
        raise InvalidInputError(f"The folder {path} is not empty; name a new one.")
    with TemporaryDirectory(prefix=".export-", dir=path.absolute().parent) as folder:
        arrived = Path(folder) / "arrived"
        with arrived.open("wb") as file:
            download(file, format=known, what=what, data=data)
        if known == "hf" and path.suffix != KINDS["hf"].ending:
            arrived = _unpacked(arrived, Path(folder) / "unpacked")
        arrived.replace(path)
    return path


def _unpacked(packed: Path, folder: Path) -> Path:
    """Return the one folder that a zip file holds."""
    with zipfile.ZipFile(packed) as file:
        file.extractall(folder)
    packed.unlink()
    [inside] = folder.iterdir()
    return Path(shutil.move(inside, folder.with_name("ready")))
