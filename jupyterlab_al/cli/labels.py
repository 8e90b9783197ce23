"""Verbs about labels: export, import-labels."""

from __future__ import annotations

from pathlib import Path

from traitlets import Enum, Unicode

from jupyterlab_al.cli.base import USAGE, VerbApp

ENDINGS = (".csv", ".jsonl", ".parquet")


class ExportApp(VerbApp):
    """Write a project's labels to a file; its ending (.csv, .jsonl, .parquet) tells the format."""

    verb = "export"
    description = __doc__
    arguments = ("NAME",)
    to = Unicode(help="File to write.").tag(config=True)
    what = Enum(
        ["labels", "annotations"], "labels", help="One row a labeled sample, or every fact."
    ).tag(config=True)
    aliases = {
        **VerbApp.aliases,
        "to": "ExportApp.to",
        "what": "ExportApp.what",
    }

    def run(self, *arguments: str) -> None:
        """Write the file."""
        from jupyterlab_al.datasets.pool import SamplePool
        from jupyterlab_al.services import exports, projects

        path = Path(self.to)
        if not self.to or path.suffix not in ENDINGS:
            self.fail(f"--to needs a file that ends in {', '.join(ENDINGS)}.", code=USAGE)
        what: exports.What = "annotations" if self.what == "annotations" else "labels"
        project = self.database.read(projects.get, arguments[0], self.person).project
        pool = SamplePool.open(self.settings.project_folder(project.id))
        self.database.read(
            exports.write, project.name, self.person, path=path, what=what, keys=pool.keys
        )
        self.say(f"Wrote {path}.", {"path": str(path)})


class ImportLabelsApp(VerbApp):
    """Take labels from a file with the columns sample_key (or sample_id) and label."""

    verb = "import-labels"
    description = __doc__
    arguments = ("NAME", "FILE")

    def run(self, *arguments: str) -> None:
        """Store them as labels that existed before; importing a file twice adds nothing."""
        from jupyterlab_al.datasets.pool import SamplePool
        from jupyterlab_al.services import importing, projects

        name, file = arguments
        rows = importing.read_labels(Path(file))
        project = self.database.read(projects.get, name, self.person).project
        pool = SamplePool.open(self.settings.project_folder(project.id))
        keys = pool.keys(range(project.n_samples))
        n = self.database.write(
            importing.import_labels,
            name,
            self.person,
            rows,
            ids_by_key={key: position for position, key in enumerate(keys)},
        )
        self.say(f"{n:,} labels are new.", {"imported": n})
