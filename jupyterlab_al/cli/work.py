"""Verbs about work: round, worker, migrate; and work done in the foreground."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tqdm import tqdm

from jupyterlab_al.cli.base import VerbApp, percent
from jupyterlab_al.domain.errors import ActiveLearningError, ConflictError, UnknownError

if TYPE_CHECKING:
    from jupyterlab_al.domain.models import Job, Project


class RoundApp(VerbApp):
    """Do one round in the foreground: fit, evaluate, score and publish a new order.

    A round that waits already is done, and one that runs elsewhere is watched.
    """

    verb = "round"
    description = __doc__
    arguments = ("NAME",)

    def run(self, *arguments: str) -> None:
        """Ask for a round and stay with it."""
        from jupyterlab_al.services import projects, rounds
        from jupyterlab_al.store.jobs import NEWEST

        name = arguments[0]
        project = self.database.read(projects.get, name, self.person).project
        try:
            asked = self.database.write(rounds.request, name, self.person)
        except ConflictError as error:
            if error.word != "round_running":
                raise
            [asked] = self.database.read(rounds.page, name, self.person, before=NEWEST, size=1)
        done = followed(self, project, asked)
        self.say(
            f"Round {done.id}: trained on {done.result['n_train']} labels, "
            f"accuracy {percent(done.result.get('accuracy'))}.",
            {"round": str(done.id), **done.result},
        )


class WorkerApp(VerbApp):
    """Run rounds for all projects of the store until told to stop.

    SIGTERM hands the job under way back to the next worker.
    """

    verb = "worker"
    description = __doc__

    def run(self, *_arguments: str) -> None:
        """Do jobs until SIGTERM or SIGINT."""
        import logging

        from jupyterlab_al.worker import loop

        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
        log = logging.getLogger("jupyterlab_al.worker")

        def on_state(job: Job | None) -> None:
            if job is None:
                log.info("Waiting for jobs.")

        loop.run(self.settings, self.database, on_state=on_state)


class MigrateApp(VerbApp):
    """Upgrade the database to this version's schema."""

    verb = "migrate"
    description = __doc__

    def run(self, *_arguments: str) -> None:
        """Say what stands now; opening the store has upgraded it."""
        from jupyterlab_al.store.migrate import HEAD

        self.say(f"The schema is at version {HEAD}.", {"schema_version": HEAD})


def prepare_in_foreground(app: VerbApp, project: Project) -> None:
    """Import and featurize here, with a progress bar.

    Raises
    ------
    ActiveLearningError
        The data can't be used; the project is removed again.
    """
    from jupyterlab_al.services import projects
    from jupyterlab_al.services.preparing import preparation

    asked = app.database.read(preparation, project.id)
    try:
        followed(app, project, asked)
    except ActiveLearningError:
        app.database.write(projects.delete, project.name, app.person, confirm=project.name)
        raise


def followed(app: VerbApp, project: Project, asked: Job) -> Job:
    """Do a job here, or watch the worker that took it; return it as it ended.

    Raises
    ------
    ActiveLearningError
        It failed or was cancelled; the message says why.
    """
    from jupyterlab_al.worker import loop

    # None: no bar where nobody looks at it.
    with tqdm(
        total=100, unit="%", file=sys.stderr, disable=app.as_json or None, leave=False
    ) as bar:

        def show(phase: str, progress: float) -> None:
            bar.set_description(phase)
            bar.n = round(100 * progress)
            bar.refresh()

        done = loop.follow(app.settings, app.database, project.id, asked.id, show)
    if done is None:
        raise UnknownError(f"The project {project.name!r} was deleted meanwhile.")
    if done.state != "finished":
        raise ActiveLearningError(done.error or f"It was {done.state}.")
    return done
