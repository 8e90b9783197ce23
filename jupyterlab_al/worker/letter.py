"""The one line by which a supervisor tells its worker what to work on; it may hold secrets."""

from __future__ import annotations

import json
import os
import socket
import uuid
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from jupyterlab_al.domain.settings import Settings

_PATHS = ("data_dir", "root_dir")


def worker_name() -> str:
    """Return a name that no other worker has."""
    return f"{socket.gethostname()[:32]}-{os.getpid()}-{uuid.uuid4().hex[:8]}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """What a worker must know to begin."""

    db_url: str
    settings: Settings
    #: Under which it takes jobs; the same for all workers that a supervisor starts in turn.
    name: str
    #: Process id of the supervisor's process.
    parent: int

    def encode(self) -> bytes:
        """Return the line."""
        body = {
            name: str(value) if name in _PATHS else value
            for name, value in asdict(self.settings).items()
        }
        line = {"db_url": self.db_url, "name": self.name, "parent": self.parent, "settings": body}
        return json.dumps(line).encode() + b"\n"

    @classmethod
    def decode(cls, line: bytes) -> Letter:
        """Return the letter of a line."""
        body = json.loads(line)
        known = {field.name for field in fields(Settings)}
        given = {name: value for name, value in body["settings"].items() if name in known}
        given |= {name: Path(given[name]) for name in _PATHS}
        given["allowed_estimators"] = tuple(given["allowed_estimators"])
        return cls(
            db_url=body["db_url"],
            settings=Settings(**given),
            name=body["name"],
            parent=body["parent"],
        )
