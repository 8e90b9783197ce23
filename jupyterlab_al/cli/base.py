"""What all verbs share: settings, the store, output and exit codes."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from jupyter_core.application import JupyterApp, base_aliases, base_flags
from traitlets import Bool, Unicode
from traitlets.config import catch_config_error

from jupyterlab_al.domain.errors import ActiveLearningError
from jupyterlab_al.domain.models import Person
from jupyterlab_al.installation import Installation

if TYPE_CHECKING:
    from jupyterlab_al.domain.settings import Settings
    from jupyterlab_al.store.database import Database

USAGE = 2
FAILED = 1


class ActiveLearning(Installation):
    """The section of the configuration that the server extension reads too."""


class VerbApp(JupyterApp):
    """Base of all verbs."""

    verb: ClassVar[str] = ""
    #: Names of the positional arguments.
    arguments: ClassVar[tuple[str, ...]] = ()

    root_dir = Unicode(".", help="Folder that dataset paths are relative to.").tag(config=True)
    as_json = Bool(default_value=False, help="Answer with JSON.").tag(config=True)

    classes = [ActiveLearning]
    aliases = {
        **{name: base_aliases[name] for name in ("config", "log-level")},
        "root-dir": "VerbApp.root_dir",
        "db-url": "ActiveLearning.db_url",
        "data-dir": "ActiveLearning.data_dir",
    }
    flags = {
        "debug": base_flags["debug"],
        "json": ({"VerbApp": {"as_json": True}}, "Answer with JSON."),
    }

    settings: Settings
    database: Database

    @catch_config_error
    def initialize(self, argv: Any = None) -> None:
        """Read arguments; wrong usage ends with 2."""
        for argument in argv or []:
            option = argument.removeprefix("--").partition("=")[0]
            # Full names of traits, as in --VerbApp.root_dir, are checked by traitlets itself.
            known = {*self.aliases, *self.flags, "help", "help-all", "version"}
            if argument.startswith("--") and "." not in option and option not in known:
                self.fail(f"There is no option --{option}; see --help.", code=USAGE)
        super().initialize(argv)
        given = [argument for argument in self.extra_args if argument]
        if len(given) != len(self.arguments):
            wanted = " ".join(self.arguments) or "no arguments"
            self.fail(f"jupyter al {self.verb} takes {wanted}; see --help.", code=USAGE)

    def start(self) -> None:
        """Run the verb with an open store; an error of ours is one line and 1."""
        self._run_within(self.opened())

    def start_without_store(self) -> None:
        """Run the verb alone, with the same errors."""
        self._run_within(nullcontext())

    def _run_within(self, context: AbstractContextManager[None]) -> None:
        super().start()
        try:
            with context:
                self.run(*self.extra_args)
        except ActiveLearningError as error:
            self.fail(error.message)
        except KeyboardInterrupt:
            self.fail("Stopped.", code=130)

    def run(self, *arguments: str) -> None:
        """Do it."""
        raise NotImplementedError(self.verb)

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Open the store that the server uses too."""
        from jupyterlab_al.store.database import Database, open_engine
        from jupyterlab_al.store.migrate import migrate

        installation = ActiveLearning(parent=self)
        installation.read_environment()
        self.settings = installation.core_settings(self.root_dir)
        self.db_url = installation.database_url(self.settings)
        engine = open_engine(self.db_url)
        migrate(engine)
        self.database = Database(engine)
        login = installation.annotator or getpass.getuser()
        self.person = Person(id=login, name=login, default_role="owner")
        try:
            yield
        finally:
            self.database.dispose()

    def say(self, text: str, value: Any) -> None:
        """Answer with words, or with JSON where that was asked for."""
        print(json.dumps(value, default=str, ensure_ascii=False) if self.as_json else text)

    def fail(self, message: str, *, code: int = FAILED) -> None:
        """End with one line on stderr."""
        print(f"jupyter al {self.verb}: {message}", file=sys.stderr)
        sys.exit(code)


def percent(accuracy: Any) -> str:
    """Return an accuracy as a person reads it: with its interval and the checks behind it."""
    if not accuracy:
        return "unknown (no random checks yet)"
    value, low, high = (round(100 * accuracy[name]) for name in ("value", "low", "high"))
    return f"{value} % ({low}–{high}, {accuracy['n']} checks)"


def path_below(root: Path, path: str) -> str:
    """Return a path as the server names it: relative to its root folder."""
    absolute = Path(path).expanduser().absolute()
    try:
        return str(absolute.relative_to(root))
    except ValueError:
        return path
