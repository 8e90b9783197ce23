"""Composition root of the shell: `jupyter al <verb>`."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any, NoReturn

from jupyter_core.application import JupyterApp

from jupyterlab_al._version import __version__
from jupyterlab_al.cli.adding import AddApp
from jupyterlab_al.cli.base import USAGE
from jupyterlab_al.cli.doctor import DoctorApp
from jupyterlab_al.cli.labels import ExportApp, ImportLabelsApp
from jupyterlab_al.cli.members import MembersApp
from jupyterlab_al.cli.projects import CreateApp, DemoApp, ListApp, StatusApp
from jupyterlab_al.cli.simulate import SimulateApp
from jupyterlab_al.cli.work import MigrateApp, RoundApp, WorkerApp

#: How a shell reports a program that ended since nobody read on.
PIPE_CLOSED = 128 + signal.SIGPIPE
#: Options that need no verb.
OF_ITS_OWN = ("-h", "--help", "--help-all", "--version", "-V")


class AlApp(JupyterApp):
    """Active learning: label the samples that teach your estimator most."""

    name = "jupyter-al"
    version = __version__
    description = __doc__
    subcommands = {
        app.verb: (app, (app.__doc__ or "").strip().splitlines()[0])
        for app in (
            DemoApp,
            CreateApp,
            AddApp,
            ListApp,
            StatusApp,
            MembersApp,
            ExportApp,
            ImportLabelsApp,
            SimulateApp,
            RoundApp,
            WorkerApp,
            MigrateApp,
            DoctorApp,
        )
    }

    def parse_command_line(self, argv: Any = None) -> None:
        """Pass a verb's options on to it; before a verb there are none."""
        if argv and argv[0].startswith("-") and argv[0] not in OF_ITS_OWN:
            self.fail("options stand after the verb, as in jupyter al list --json.")
        super().parse_command_line(argv)

    def start(self) -> None:
        """Run the verb; without one say which there are."""
        if self.subapp is None:
            if self.extra_args:
                self.fail(f"there is no verb {self.extra_args[0]!r}; see jupyter al --help.")
            verbs = "\n".join(f"  {verb:14}{said}" for verb, (_, said) in self.subcommands.items())
            print(f"jupyter al <verb>   (--help on each)\n\n{verbs}")
            self.exit(0)
        super().start()

    def fail(self, message: str) -> NoReturn:
        """End with one line on stderr: what was typed is wrong."""
        print(f"jupyter al: {message}", file=sys.stderr)
        sys.exit(USAGE)


def main() -> None:
    """Run the command line; end quietly when whoever reads it has read enough, as `head`."""
    try:
        try:
            AlApp.launch_instance(sys.argv[1:])
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # What is left of the answer has nowhere to go; Python would complain of it at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(PIPE_CLOSED)
