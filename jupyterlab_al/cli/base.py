"""What all verbs share: settings, the store, output and exit codes."""

from __future__ import annotations

import getpass
import json
import logging
import os
import sys
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, redirect_stderr
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, cast

from jupyter_core.application import JupyterApp, base_aliases, base_flags
from traitlets import Bool, TraitError, Unicode
from traitlets.config import Application, catch_config_error

from jupyterlab_al.domain.errors import ActiveLearningError, InvalidSettingError
from jupyterlab_al.domain.models import Person
from jupyterlab_al.installation import Installation

if TYPE_CHECKING:
    from jupyterlab_al.domain.models import Role
    from jupyterlab_al.domain.settings import Settings
    from jupyterlab_al.store.database import Database

USAGE = 2
FAILED = 1
#: Where an operator configures the server and its extension; a later one wins.
SERVER_FILES = ("jupyter_jupyterlab_al_config", "jupyter_server_config")


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
    _is_ready = False

    @classmethod
    def call(cls) -> str:
        """Return how the verb is typed, without options."""
        return " ".join(["jupyter al", cls.verb, *cls.arguments])

    def emit_description(self) -> Generator[str, None, None]:
        """Say in the help how the verb is typed, and then what it does."""
        yield self.call()
        yield ""
        yield from super().emit_description()

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
            self.fail(f"It takes {wanted}; see --help.", code=USAGE)
        self._is_ready = True

    def parse_command_line(self, argv: Any = None) -> None:
        """Read the options; of what argparse says of wrong ones the last line is enough."""
        said = StringIO()
        try:
            with redirect_stderr(said):
                super().parse_command_line(argv)
        except SystemExit as end:
            wrong = said.getvalue().strip().rpartition("error: ")[2]
            if not end.code or not wrong:
                raise
            self.fail(f"{wrong}; see --help.", code=USAGE)

    def load_config_file(self, suppress_errors: bool = True) -> None:  # type: ignore[override]  # noqa: FBT001, FBT002
        """Read what the server reads, so that both work on one store; then one's own file."""
        for name in SERVER_FILES:
            Application.load_config_file(self, name, path=self.config_file_paths)
        super().load_config_file(suppress_errors)

    def exit(self, exit_status: int | str | None = 0) -> None:
        """End; what goes wrong before the verb runs was typed wrong."""
        is_usage = exit_status == FAILED and not self._is_ready
        super().exit(USAGE if is_usage else exit_status)

    def start(self) -> None:
        """Run the verb with an open store; an error of ours is one line and 1."""
        self._run_within(self.opened())

    def start_without_store(self) -> None:
        """Run the verb alone, with the same errors."""
        self._run_within(nullcontext())

    def _run_within(self, context: AbstractContextManager[None]) -> None:
        super().start()
        # What a job's log says of a failure is in the one line that `fail` writes.
        logging.getLogger("jupyterlab_al").addHandler(logging.NullHandler())
        try:
            with context:
                self.run(*self.extra_args)
        except ActiveLearningError as error:
            self.fail(error.message)
        except BrokenPipeError:
            # Nobody reads on; `main` ends quietly.
            raise
        except OSError as error:
            self.fail(f"{error.filename or 'A file'} can't be used: {error.strerror or error}.")
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

        try:
            installation = ActiveLearning(parent=self)
        except TraitError as error:
            raise InvalidSettingError(f"A setting is configured wrong: {error}") from error
        installation.read_environment()
        self.settings = installation.core_settings(self.root_dir)
        self.db_url = installation.database_url(self.settings)
        engine = open_engine(self.db_url)
        migrate(engine)
        self.database = Database(engine)
        self.person = _who(installation)
        try:
            yield
        finally:
            self.database.dispose()

    def say(self, text: str, value: Any) -> None:
        """Answer with words, or with JSON where that was asked for."""
        print(json.dumps(value, default=str, ensure_ascii=False) if self.as_json else text)

    def fail(self, message: str, *, code: int = FAILED) -> NoReturn:
        """End with one line on stderr."""
        print(f"jupyter al {self.verb}: {message}", file=sys.stderr)
        sys.exit(code)


def _who(installation: Installation) -> Person:
    """Return who asks: in a person's server on a JupyterHub they, with the role they have there.

    Elsewhere whoever reaches the store owns it.
    """
    if hub_user := os.environ.get("JUPYTERHUB_USER"):
        role = cast("Role", installation.default_role)
        return Person(id=hub_user, name=hub_user, default_role=role)
    login = installation.annotator or getpass.getuser()
    return Person(id=login, name=login, default_role="owner")


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
