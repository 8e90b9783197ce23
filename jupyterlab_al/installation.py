"""What an operator sets: shared by the server extension and the command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_core.paths import jupyter_data_dir
from traitlets import Enum, Float, Integer, List, TraitError, Unicode, default, validate
from traitlets.config import Configurable

if TYPE_CHECKING:
    from jupyterlab_al.domain.settings import Settings

ENVIRONMENT_PREFIX = "JUPYTERLAB_AL_"


class Installation(Configurable):
    """Traits of one installation; each can be set as JUPYTERLAB_AL_<NAME> in the environment too.

    What a configuration file or the command line says wins over the environment.
    """

    db_url = Unicode(
        help="Database: sqlite:///FILE (default: a file in data_dir) or postgresql://…"
    ).tag(config=True)
    data_dir = Unicode(
        help="Folder for samples, features, estimators and the default database."
    ).tag(config=True)
    lease_seconds = Float(300.0, help="How long a sample is held for who claimed it.").tag(
        config=True
    )
    worker = Enum(
        ["local", "external"],
        "local",
        help="'local': this server starts a worker on first need; 'external': others run it.",
    ).tag(config=True)
    allowed_estimators = List(
        Unicode(), ["sklearn."], help="Prefixes of import paths that estimators may have."
    ).tag(config=True)
    executor = Unicode(
        "local",
        help="Where pools are scored: 'local', 'processes' or 'processes:N', or the address of a "
        "Dask scheduler (tls://…; its workers see data_dir under the same path).",
    ).tag(config=True)
    memory_limit = Integer(
        0, min=0, help="Address space of a round's process in bytes; 0: no limit."
    ).tag(config=True)
    time_limit = Float(3600.0, help="Seconds after which a round or a preparation is ended.").tag(
        config=True
    )
    max_upload_bytes = Integer(10 * 2**30, min=1, help="Largest upload.").tag(config=True)
    annotator = Unicode(
        help="Name that signs labels where the server has no identities; "
        "default: the operating system's user."
    ).tag(config=True)

    @validate("executor")
    def _check_executor(self, proposal: Any) -> str:
        from jupyterlab_al.domain.errors import InvalidSettingError
        from jupyterlab_al.domain.settings import checked_executor

        try:
            return checked_executor(proposal["value"])
        except InvalidSettingError as error:
            raise TraitError(error.message) from error

    @default("data_dir")
    def _default_data_dir(self) -> str:
        return str(Path(jupyter_data_dir()) / "jupyterlab_al")

    def read_environment(self) -> None:
        """Take JUPYTERLAB_AL_<NAME> where no configuration says otherwise."""
        for name, trait in Installation.class_traits(config=True).items():
            text = os.environ.get(f"{ENVIRONMENT_PREFIX}{name.upper()}")
            if text is None or self._is_configured(name):
                continue
            setattr(self, name, _read(trait, text))

    def core_settings(self, root_dir: str | Path) -> Settings:
        """Return the frozen settings of the core; creates the data folder."""
        from jupyterlab_al.domain.settings import Settings

        data_dir = Path(self.data_dir).expanduser().resolve()
        data_dir.mkdir(parents=True, exist_ok=True)
        return Settings(
            data_dir=data_dir,
            root_dir=Path(root_dir).expanduser().resolve(),
            lease_seconds=self.lease_seconds,
            allowed_estimators=tuple(self.allowed_estimators),
            memory_limit=self.memory_limit,
            time_limit=self.time_limit,
            max_upload_bytes=self.max_upload_bytes,
            executor=self.executor,
        )

    def database_url(self, settings: Settings) -> str:
        """Return where the database is."""
        return self.db_url or f"sqlite:///{settings.data_dir / 'al.sqlite'}"

    def _is_configured(self, name: str) -> bool:
        return any(name in self.config.get(cls.__name__, {}) for cls in type(self).__mro__)


def _read(trait: Any, text: str) -> Any:
    """Return a value as an operator writes it: lists with commas."""
    if isinstance(trait, List):
        return [part.strip() for part in text.split(",") if part.strip()]
    return trait.from_string(text)
