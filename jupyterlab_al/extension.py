"""Composition root of the server: traitlets → database → services → routes → worker."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from jupyter_server.extension.application import ExtensionApp
from traitlets import TraitError

from jupyterlab_al.installation import Installation

if TYPE_CHECKING:
    from jupyterlab_al.domain.models import Role
    from jupyterlab_al.handlers.context import Context
    from jupyterlab_al.handlers.watcher import JobWatcher

EVENT_SCHEMA = "https://events.jupyterlab-al.org/{}/v1"


class ActiveLearning(Installation, ExtensionApp):
    """Label the samples that teach your estimator most."""

    name = "jupyterlab_al"
    extension_url = "/lab"
    load_other_extensions = True

    _context: Context | None = None
    _watcher: JobWatcher | None = None
    #: Why the configuration can't be used.
    _misconfigured: TraitError | None = None

    @property
    def _server(self) -> Any:
        """The server that carries this extension; it is there before any hook runs."""
        return self.serverapp

    def _link_jupyter_server_extension(self, serverapp: Any) -> None:
        """Read the configuration, and remember what is wrong with it.

        Jupyter logs such an error and then starts the extension all the same, with the defaults of
        all settings: a typing error in one would store labels in another database.
        """
        try:
            super()._link_jupyter_server_extension(serverapp)
        except TraitError as error:
            self._misconfigured = error
            raise

    def initialize_settings(self) -> None:
        """Read the environment and register what goes on the event bus.

        Raises
        ------
        InvalidSettingError
            A setting is what it can't be.
        """
        if self._misconfigured is not None:
            from jupyterlab_al.domain.errors import InvalidSettingError

            raise InvalidSettingError(
                f"A setting is configured wrong: {self._misconfigured}"
            ) from self._misconfigured
        self.read_environment()
        for path in sorted((Path(__file__).parent / "event_schemas").glob("*.yaml")):
            self._server.event_logger.register_event_schema(path)

    def initialize_handlers(self) -> None:
        """Build database, worker and routes, in that order."""
        # Imported here: a server start pays for what it uses, and no earlier.
        from jupyterlab_al.handlers.commits import Commits
        from jupyterlab_al.handlers.context import Context
        from jupyterlab_al.handlers.events import EventHub
        from jupyterlab_al.handlers.identity import IdentityResolver
        from jupyterlab_al.handlers.pools import Pools
        from jupyterlab_al.handlers.routes import routes
        from jupyterlab_al.handlers.watcher import JobWatcher
        from jupyterlab_al.store.database import Database, open_engine
        from jupyterlab_al.store.migrate import migrate
        from jupyterlab_al.worker.export_processes import ExportProcesses
        from jupyterlab_al.worker.supervisor import Supervisor

        settings = self.core_settings(self._server.root_dir)
        db_url = self.database_url(settings)
        engine = open_engine(db_url)
        migrate(engine)
        database = Database(engine)
        events = EventHub(self._emit)
        self._watcher = JobWatcher(database, events, self.log)
        self._context = Context(
            database=database,
            commits=Commits(database),
            settings=settings,
            identity=IdentityResolver(
                annotator=self.annotator, default_role=cast("Role", self.default_role)
            ),
            supervisor=Supervisor(settings, db_url, mode=self.worker, log=self.log),
            watcher=self._watcher,
            exporter=ExportProcesses(settings, db_url, log=self.log),
            pools=Pools(settings),
            events=events,
        )
        self.handlers.extend(routes(self.name, self._context))

    async def _start_jupyter_server_extension(self, _serverapp: Any) -> None:
        """Look for work that an earlier server left, once the loop runs."""
        if self._watcher is None or self._context is None:
            # Nothing was built, and the log says why: a setting is wrong, or the database is away.
            return
        self._watcher.start()
        threading.Thread(target=_resume, args=(self._context,), daemon=True).start()

    async def stop_extension(self) -> None:
        """End streams, worker and database."""
        if self._watcher is not None:
            await self._watcher.stop()
        if self._context is not None:
            self._context.events.close()
            self._context.supervisor.stop()
            self._context.database.dispose()

    def _emit(self, kind: str, event: dict[str, Any]) -> None:
        self._server.event_logger.emit(schema_id=EVENT_SCHEMA.format(kind), data=event)


def _resume(context: Context) -> None:
    """Start the worker where an earlier server left jobs; clean up after uploads."""
    from jupyterlab_al.domain.errors import ActiveLearningError
    from jupyterlab_al.services import uploads
    from jupyterlab_al.services.watching import has_work

    try:
        uploads.clean(context.settings, context.database.read(uploads.awaited))
        if context.database.read(has_work):
            context.supervisor.wake()
    except ActiveLearningError:
        # The database is away; the next request says so to a person.
        return


main = ActiveLearning.launch_instance
