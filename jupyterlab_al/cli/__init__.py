"""Composition root of the shell: `jupyter al <verb>`."""

from __future__ import annotations

import sys

from jupyter_core.application import JupyterApp

from jupyterlab_al._version import __version__
from jupyterlab_al.cli.doctor import DoctorApp
from jupyterlab_al.cli.labels import ExportApp, ImportLabelsApp
from jupyterlab_al.cli.projects import CreateApp, DemoApp, ListApp, StatusApp
from jupyterlab_al.cli.simulate import SimulateApp
from jupyterlab_al.cli.work import MigrateApp, RoundApp, WorkerApp


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
            ListApp,
            StatusApp,
            ExportApp,
            ImportLabelsApp,
            SimulateApp,
            RoundApp,
            WorkerApp,
            MigrateApp,
            DoctorApp,
        )
    }

    def start(self) -> None:
        """Run the verb; without one say which there are."""
        if self.subapp is None:
            verbs = "\n".join(f"  {verb:14}{said}" for verb, (_, said) in self.subcommands.items())
            print(f"jupyter al <verb>   (--help on each)\n\n{verbs}")
            self.exit(2 if self.extra_args else 0)
        super().start()


def main() -> None:
    """Run the command line."""
    AlApp.launch_instance(sys.argv[1:])
