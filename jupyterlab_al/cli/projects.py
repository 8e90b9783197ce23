"""Verbs about projects: demo, create, list, status."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

from traitlets import Bool, Unicode

from jupyterlab_al.cli.base import VerbApp, path_below, percent
from jupyterlab_al.cli.work import prepare_in_foreground
from jupyterlab_al.domain.errors import MalformedError, UnknownError

DEMO = "digits"
#: Keeps JupyterLab from asking, over the classes, whether it may fetch news from another host.
DEMO_CONFIG = Path(__file__).parent / "demo_config"


class DemoApp(VerbApp):
    """Make the digits project and open JupyterLab with its labeling view.

    Options after the verb are JupyterLab's, e.g. --no-browser or --port=8890.
    """

    verb = "demo"
    description = __doc__

    def initialize(self, argv: Any = None) -> None:
        """Keep every option for JupyterLab."""
        self._lab_options = [each for each in argv or [] if each not in ("-h", "--help")]
        # Only --help is ours.
        super().initialize([] if len(self._lab_options) == len(argv or []) else ["--help"])

    def run(self, *_arguments: str) -> None:
        """Create the project once, then become JupyterLab."""
        from jupyterlab_al.services import projects

        try:
            self.database.read(projects.get, DEMO, self.person)
        except UnknownError:
            body = {
                "name": DEMO,
                "title": "Handwritten digits",
                "dataset": {"kind": "demo", "path": DEMO},
            }
            create(self, body)
        self.database.dispose()
        # This process becomes JupyterLab: two Jupyter applications can't live in one.
        lab = [sys.executable, "-m", "jupyterlab", f"--LabApp.default_url=/al/open/{DEMO}"]
        others = os.environ.get("JUPYTER_CONFIG_PATH")
        paths = os.pathsep.join([str(DEMO_CONFIG), *([others] if others else [])])
        sys.stdout.flush()
        os.execve(  # noqa: S606 - a list that we build
            lab[0], [*lab, *self._lab_options], {**os.environ, "JUPYTER_CONFIG_PATH": paths}
        )


class CreateApp(VerbApp):
    """Make a project from a file or folder of data, or from a JSON description."""

    verb = "create"
    description = __doc__
    arguments = ("FILE_OR_FOLDER",)
    project_name = Unicode(help="Name of the project; default: the file's.").tag(config=True)
    from_superintendent = Bool(
        default_value=False,
        help="The file, or the address of a database, is superintendent's queue.",
    ).tag(config=True)
    table = Unicode(help="Name of superintendent's table, where it is another.").tag(config=True)
    aliases = {
        **VerbApp.aliases,
        "name": "CreateApp.project_name",
        "table": "CreateApp.table",
    }
    flags = {
        **VerbApp.flags,
        "from-superintendent": (
            {"CreateApp": {"from_superintendent": True}},
            "The file, or the address of a database, is superintendent's queue.",
        ),
    }

    def run(self, *arguments: str) -> None:
        """Look at the data, propose, create and prepare."""
        if self.from_superintendent:
            project = self._converted(arguments[0])
        else:
            path = Path(arguments[0])
            described = _described(path)
            body = described or self._proposed(path)
            if self.project_name:
                body["name"] = self.project_name
                if not described:
                    # The proposed title is the file's, not what its maker calls it.
                    body["title"] = self.project_name
            project = create(self, body)
        self.say(
            f"{project['name']}: {project['n_samples']:,} samples, "
            f"{len(project['classes'])} classes. Open it in JupyterLab's labeling panel.",
            project,
        )

    def _converted(self, place: str) -> dict[str, Any]:
        """Make a project of superintendent's queue; return its name, size and classes."""
        from jupyterlab_al.services import from_superintendent, importing
        from jupyterlab_al.store.superintendent import opened_queue

        with opened_queue(place, self.table or None) as queue:
            made = from_superintendent.convert(queue, self.settings.uploads_folder)
        is_address = "://" in place
        name = self.project_name or ("superintendent" if is_address else Path(place).stem)
        try:
            project = create(self, {"name": name, **made.body})
        finally:
            # Its samples are in the project's folder by now.
            made.path.unlink(missing_ok=True)
        n = self.database.write(importing.import_labels, name, self.person, made.labels)
        return {**project, "imported": n}

    def _proposed(self, path: Path) -> dict[str, Any]:
        from jupyterlab_al.services import creating

        relative = path_below(self.settings.root_dir, str(path))
        found = creating.inspected({"kind": "auto", "path": relative}, self.settings)
        body: dict[str, Any] = found["proposal"]
        body.setdefault("name", re.sub(r"[^\w .-]+", "-", path.stem) or "project")
        return body


class ListApp(VerbApp):
    """List projects."""

    verb = "list"
    description = __doc__

    def run(self, *_arguments: str) -> None:
        """Print a line a project."""
        from jupyterlab_al.services import projects

        views = self.database.read(projects.page, self.person, after="", size=100_000)
        rows = [
            {
                "name": view.project.name,
                "state": view.project.state,
                "labeled": view.n_labeled,
                "samples": view.project.n_samples,
                "accuracy": view.last_round.result.get("accuracy") if view.last_round else None,
            }
            for view in views
        ]
        text = "\n".join(
            f"{row['name']:24} {row['state']:10} {row['labeled']:>8,} of {row['samples']:,}"
            for row in rows
        )
        self.say(text or "There is no project yet; make one with jupyter al create FILE.", rows)


class StatusApp(VerbApp):
    """Say how a project is: labels, accuracy with its interval, rounds, queue."""

    verb = "status"
    description = __doc__
    arguments = ("NAME",)

    def run(self, *arguments: str) -> None:
        """Print the figures."""
        from jupyterlab_al.services import metrics, projects, queue

        view = self.database.read(projects.get, arguments[0], self.person)
        figures = self.database.read(metrics.get, arguments[0], self.person)
        waiting, held = self.database.read(queue.waiting, arguments[0], self.person)
        project = view.project
        order = "at random"
        if project.order_round is not None:
            order = f"by the model trained on {project.order_labels} labels"
        last = figures.last_round
        value = {
            "name": project.name,
            "state": project.state,
            "error": project.error,
            "samples": project.n_samples,
            "labeled": figures.n_labeled,
            "labels": figures.labels,
            "checks": figures.checks,
            "accuracy": figures.accuracy,
            "rounds": len(figures.rounds),
            "last_round": None if last is None else {"state": last.state, "error": last.error},
            "queue": {"waiting": waiting, "held": held},
            "order": order,
        }
        is_strict = project.multi_label and figures.accuracy
        all_classes = ", all classes of a sample right" if is_strict else ""
        lines = [
            f"{project.title} ({project.name}), {project.state}",
            f"labeled    {figures.n_labeled:,} of {project.n_samples:,} samples, "
            f"{figures.checks} of them random checks",
            f"accuracy   {percent(figures.accuracy)}{all_classes}",
            f"rounds     {len(figures.rounds)} finished",
            f"queue      {waiting:,} samples, {held:,} of them held, ordered {order}",
        ]
        if project.error:
            lines.append(f"error      {project.error}")
        elif last is not None and last.error:
            lines.append(f"last round {last.error}")
        self.say("\n".join(lines), value)


def create(app: VerbApp, body: dict[str, Any]) -> dict[str, Any]:
    """Create a project and prepare it here; return its name, size and classes.

    Raises
    ------
    ActiveLearningError
        The description or the data can't be used.
    """
    from jupyterlab_al.handlers.parsing import parsed
    from jupyterlab_al.handlers.schemas import CreateProject
    from jupyterlab_al.services import creating, projects

    valid = parsed(CreateProject, json.dumps(body))
    description = valid.model_dump(mode="json", by_alias=True)
    config = creating.checked(description, app.settings)
    view = app.database.write(
        projects.create,
        app.person,
        name=description["name"],
        title=description["title"],
        config=config,
        classes=description["classes"],
    )
    prepare_in_foreground(app, view.project)
    made = app.database.read(projects.get, view.project.name, app.person).project
    return {"name": made.name, "n_samples": made.n_samples, "classes": made.classes}


def _described(path: Path) -> dict[str, Any] | None:
    """Return the description in a JSON file; None where it is data, such as a list of tasks."""
    if path.suffix != ".json":
        return None
    from jupyterlab_al.datasets.json_lists import is_list

    try:
        if is_list(path):
            return None
        body = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise MalformedError(f"{path} can't be read as a description: {error}") from error
    if not isinstance(body, dict):
        raise MalformedError(f"{path} holds no description: it must be a JSON object.")
    return body
