"""Verbs about labels: export, import-labels."""

from __future__ import annotations

from pathlib import Path

from traitlets import Bool, Enum, Unicode

from jupyterlab_al.cli.base import USAGE, VerbApp
from jupyterlab_al.domain.errors import InvalidSettingError


class ExportApp(VerbApp):
    """Write a project's labels to a file or folder.

    The ending tells the format: .csv, .jsonl, .parquet, .json (Label Studio), .zip or a folder
    (for `datasets` of Hugging Face). `--what predictions` writes what the last trained model says
    of every sample, labeled or not.
    """

    verb = "export"
    description = __doc__
    arguments = ("NAME",)
    to = Unicode(help="File or folder to write.").tag(config=True)
    file_format = Unicode(
        help="csv, jsonl, parquet, hf or label-studio; default: what the ending tells."
    ).tag(config=True)
    what = Enum(
        ["labels", "annotations", "predictions"],
        "labels",
        help="One row a labeled sample; every fact; or one row a sample, with what the model says.",
    ).tag(config=True)
    with_data = Bool(
        default_value=False, help="Write the samples' own columns beside the labels."
    ).tag(config=True)
    aliases = {
        **VerbApp.aliases,
        "to": "ExportApp.to",
        "format": "ExportApp.file_format",
        "what": "ExportApp.what",
    }
    flags = {
        **VerbApp.flags,
        "with-data": (
            {"ExportApp": {"with_data": True}},
            "Write the samples' own columns beside the labels.",
        ),
    }

    def run(self, *arguments: str) -> None:
        """Write the file."""
        from jupyterlab_al.domain.formats import format_of, known_what
        from jupyterlab_al.services import exports

        path = Path(self.to)
        if not self.to:
            self.fail("--to needs a file or a folder.", code=USAGE)
        try:
            file_format = format_of(path, self.file_format)
        except InvalidSettingError as error:
            self.fail(error.message, code=USAGE)
        task = exports.ExportTask(
            project=arguments[0],
            person=self.person,
            path=path,
            file_format=file_format,
            what=known_what(self.what),
            with_data=self.with_data,
        )
        self.database.read(exports.write, task, self.settings)
        self.say(f"Wrote {path}.", {"path": str(path)})


class ImportLabelsApp(VerbApp):
    """Take labels from a table with the columns sample_key (or sample_id) and label, or from tasks.

    Tables are .csv, .tsv, .jsonl and .parquet files; tasks are Label Studio's JSON.
    """

    verb = "import-labels"
    description = __doc__
    arguments = ("NAME", "FILE")

    def run(self, *arguments: str) -> None:
        """Store them as labels that existed before; importing a file twice adds nothing."""
        from jupyterlab_al.datasets.pool import SamplePool
        from jupyterlab_al.services import importing, label_files, projects

        name, file = arguments
        project = self.database.read(projects.get, name, self.person).project
        pool = SamplePool.open(
            self.settings.project_folder(project.id), n_samples=project.n_samples
        )
        imported = label_files.read_labels(Path(file), project, pool)
        n = self.database.write(importing.import_labels, name, self.person, imported)
        self.say(f"{n:,} labels are new.", {"imported": n})
