"""The verb that adds samples."""

from __future__ import annotations

from jupyterlab_al.cli.base import VerbApp, path_below
from jupyterlab_al.cli.work import followed


class AddApp(VerbApp):
    """Add samples behind those that a project has: a file of rows, an array, or a folder of files.

    Of the project's own folder the files that are new are added. Labeling goes on meanwhile; if it
    fails, the project stays as it was.
    """

    verb = "add"
    description = __doc__
    arguments = ("NAME", "FILE_OR_FOLDER")

    def run(self, *arguments: str) -> None:
        """Import them here, or watch the worker that does."""
        from jupyterlab_al.services import adding, creating, projects
        from jupyterlab_al.services.preparing import preparation

        name, place = arguments
        before = self.database.read(projects.get, name, self.person).project
        given = {"path": path_below(self.settings.root_dir, place), "upload_id": None}
        what = creating.further(given, self.settings, project=before)
        self.database.write(adding.request, name, self.person, what)
        followed(self, before, self.database.read(preparation, before.id))
        after = self.database.read(projects.get, name, self.person).project
        n_added = after.n_samples - before.n_samples
        self.say(
            f"{name}: {n_added:,} samples are new, {after.n_samples:,} in all.",
            {"name": name, "added": n_added, "n_samples": after.n_samples},
        )
