"""Files of rounds: written whole or not at all, and kept for the last rounds only."""

from __future__ import annotations

import os
from pathlib import Path


def replace(path: Path, content: bytes) -> None:
    """Put `content` at `path`, in one step and safely on disk."""
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def kept_rounds(folder: Path, ending: str) -> list[int]:
    """Return the rounds that have a file `<round><ending>` in a folder, oldest first."""
    names = (path.stem for path in folder.glob(f"*{ending}"))
    return sorted(int(name) for name in names if name.isdigit())


def forget_rounds(folder: Path, *endings: str, keep: int) -> None:
    """Remove the files of all but the last `keep` rounds (at least the last one stays).

    The first ending tells which rounds there are; the others go with it.
    """
    for old in kept_rounds(folder, endings[0])[: -max(keep, 1)]:
        for ending in endings:
            (folder / f"{old}{ending}").unlink(missing_ok=True)
