"""What an operator sets: shared by the server extension and the command line."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_core.paths import jupyter_data_dir
from traitlets import Enum, Float, Integer, List, TraitError, Unicode, default, validate
from traitlets.config import Configurable

if TYPE_CHECKING:
    from jupyterlab_al.domain.settings import Settings

ENVIRONMENT_PREFIX = "JUPYTERLAB_AL_"
#: Traits whose values are never repeated in a message.
SECRETS = ("db_url",)


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
    lease_seconds = Float(
        300.0,
        min=0.01,
        max=31_536_000,
        help="How long a sample is held for who claimed it; a year at most.",
    ).tag(config=True)
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
    time_limit = Float(
        3600.0,
        min=0,
        help="Seconds after which a round or a preparation is ended; 0: no limit.",
    ).tag(config=True)
    score_seconds = Float(
        20.0,
        min=0,
        help="Longest that scoring a pool should take; of a pool that takes longer a part is "
        "scored: near labeled samples, the best of the round before, random ones. 0: always all.",
    ).tag(config=True)
    max_upload_bytes = Integer(10 * 2**30, min=1, help="Largest upload.").tag(config=True)
    annotator = Unicode(
        help="Name that signs labels where the server has no identities; "
        "default: the operating system's user."
    ).tag(config=True)

    default_role = Enum(
        ["owner", "reviewer", "annotator", "viewer"],
        "owner",
        help="What somebody may do in a project that does not name them a member. 'owner' is for a "
        "server of one's own; where several people share a database, choose less.",
    ).tag(config=True)

    @validate("lease_seconds", "time_limit", "score_seconds")
    def _check_seconds(self, proposal: Any) -> float:
        seconds: float = proposal["value"]
        if not math.isfinite(seconds):
            raise TraitError(f"{proposal['trait'].name} is a number of seconds")
        return seconds

    @validate("allowed_estimators")
    def _check_allowed(self, proposal: Any) -> list[str]:
        prefixes: list[str] = proposal["value"]
        for prefix in prefixes:
            if not prefix.replace(".", "_").isidentifier():
                raise TraitError(f"{prefix!r} begins no import path; write it as in sklearn.")
        return prefixes

    @validate("annotator")
    def _check_annotator(self, proposal: Any) -> str:
        from jupyterlab_al.domain.models import LONGEST_NAME

        name: str = proposal["value"]
        if len(name) > LONGEST_NAME:
            raise TraitError(f"annotator has at most {LONGEST_NAME} characters")
        return name

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
        """Take JUPYTERLAB_AL_<NAME> where no configuration says otherwise.

        Raises
        ------
        InvalidSettingError
            A variable holds what its setting can't be.
        """
        from jupyterlab_al.domain.errors import InvalidSettingError
        from jupyterlab_al.domain.settings import checked_database

        for name, trait in Installation.class_traits(config=True).items():
            text = os.environ.get(f"{ENVIRONMENT_PREFIX}{name.upper()}")
            if text is None or self._is_configured(name):
                continue
            try:
                setattr(self, name, _read(trait, text))
                if name == "db_url":
                    checked_database(text)
            except (TraitError, ValueError, InvalidSettingError) as error:
                value = "what it is" if name in SECRETS else repr(text)
                raise InvalidSettingError(
                    f"The environment variable {ENVIRONMENT_PREFIX}{name.upper()} can't be "
                    f"{value}: {error}"
                ) from error

    def core_settings(self, root_dir: str | Path) -> Settings:
        """Return the frozen settings of the core; creates the data folder.

        Raises
        ------
        InvalidSettingError
            There can be no such folder.
        """
        from jupyterlab_al.domain.errors import InvalidSettingError
        from jupyterlab_al.domain.settings import Settings

        data_dir = Path(self.data_dir).expanduser().resolve()
        try:
            data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InvalidSettingError(
                f"data_dir can't be {data_dir}: {error.strerror or error}."
            ) from error
        return Settings(
            data_dir=data_dir,
            root_dir=Path(root_dir).expanduser().resolve(),
            lease_seconds=self.lease_seconds,
            allowed_estimators=tuple(self.allowed_estimators),
            memory_limit=self.memory_limit,
            time_limit=self.time_limit,
            score_seconds=self.score_seconds,
            max_upload_bytes=self.max_upload_bytes,
            executor=self.executor,
        )

    def database_url(self, settings: Settings) -> str:
        """Return where the database is.

        Raises
        ------
        InvalidSettingError
            It is no address of one that can be used.
        """
        from jupyterlab_al.domain.settings import checked_database

        # Not a validator of the trait, so that a configuration file is answered with one line, too.
        return checked_database(self.db_url) or f"sqlite:///{settings.data_dir / 'al.sqlite'}"

    def _is_configured(self, name: str) -> bool:
        return any(name in self.config.get(cls.__name__, {}) for cls in type(self).__mro__)


def _read(trait: Any, text: str) -> Any:
    """Return a value as an operator writes it: lists with commas."""
    if isinstance(trait, List):
        return [part.strip() for part in text.split(",") if part.strip()]
    return trait.from_string(text)
