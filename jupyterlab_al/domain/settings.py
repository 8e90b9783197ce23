"""What an operator can set, frozen; the extension fills it from traitlets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Settings of one installation."""

    #: Project folders, uploads and, by default, the SQLite database.
    data_dir: Path
    #: Dataset paths are relative to this folder and can't leave it.
    root_dir: Path
    lease_seconds: float = 300.0
    #: Import paths of estimators must begin with one of these.
    allowed_estimators: tuple[str, ...] = ("sklearn.",)
    #: Address space of a round's process, in bytes; 0 sets no limit.
    memory_limit: int = 0
    #: A round or a preparation that takes longer fails; in seconds.
    time_limit: float = 3600.0
    max_upload_bytes: int = 10 * 2**30

    @property
    def lease_ms(self) -> int:
        """Length of a lease in milliseconds."""
        return int(self.lease_seconds * 1000)

    def project_folder(self, project_id: int) -> Path:
        """Return where a project keeps samples, features and estimators."""
        return self.data_dir / "projects" / str(project_id)

    @property
    def uploads_folder(self) -> Path:
        """Where uploads wait to become datasets."""
        return self.data_dir / "uploads"
