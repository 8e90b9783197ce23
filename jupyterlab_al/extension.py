"""Composition root of the server: traitlets → database → services → routes → worker."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_core.paths import jupyter_data_dir
from jupyter_server.extension.application import ExtensionApp
from traitlets import Enum, Float, Integer, List, TraitType, Unicode, default

if TYPE_CHECKING:
    from jupyterlab_al.domain.settings import Settings
    from jupyterlab_al.handlers.context import Context
    from jupyterlab_al.handlers.watcher import JobWatcher

EVENT_SCHEMA = "https://events.jupyterlab-al.org/{}/v1"


def _from_environment(name: str, otherwise: Any, trait: TraitType[Any, Any]) -> Any:
    """Return JUPYTERLAB_AL_<NAME> as the trait reads it, or the default."""
    text = os.environ.get(f"JUPYTERLAB_AL_{name.upper()}")
    return otherwise if text is None else trait.from_string(text)


class ActiveLearning(ExtensionApp):
    """Label the samples that teach your estimator most."""

    name = "jupyterlab_al"
    extension_url = "/lab"
    load_other_extensions = True

    db_url = Unicode(
        help="Database: sqlite:///FILE (default: a file in data_dir) or postgresql://…"
    ).tag(config=True)
    data_dir = Unicode(
        help="Folder for samples, features, estimators and the default database."
    ).tag(config=True)
    lease_seconds = Float(300.0, help="How long a sample is held for who claimed it.").tag(
        config=True
    )
    worker = Enum(
        ["local", "external"],
        "local",
        help="'local': this server starts a worker on first need; 'external': others run it.",
    ).tag(config=True)
    allowed_estimators = List(
        Unicode(),
        ["sklearn."],
        help="Prefixes of import paths that estimators may have.",
    ).tag(config=True)
    executor = Unicode("local", help="Where pools are scored; only 'local' so far.").tag(
        config=True
    )
    memory_limit = Integer(
        0, min=0, help="Address space of a round's process in bytes; 0: no limit."
    ).tag(config=True)
    time_limit = Float(3600.0, help="Seconds after which a round or a preparation is ended.").tag(
        config=True
    )
    max_upload_bytes = Integer(10 * 2**30, min=1, help="Largest upload.").tag(config=True)
    annotator = Unicode(
        help="Name that signs labels where the server has no identities; "
        "default: the operating system's user."
    ).tag(config=True)

    _FROM_ENVIRONMENT = (
        "db_url",
        "data_dir",
        "lease_seconds",
        "worker",
        "allowed_estimators",
        "executor",
        "memory_limit",
        "time_limit",
        "max_upload_bytes",
        "annotator",
    )

    _context: Context | None = None
    _watcher: JobWatcher | None = None

    @default("data_dir")
    def _default_data_dir(self) -> str:
        return str(Path(jupyter_data_dir()) / "jupyterlab_al")

    @property
    def _server(self) -> Any:
        """The server that carries this extension; it is there before any hook runs."""
        return self.serverapp

    def settings_of_core(self) -> Settings:
        """Return the frozen settings of the core; creates the data folder."""
        from jupyterlab_al.domain.settings import Settings

        data_dir = Path(self.data_dir).expanduser().resolve()
        data_dir.mkdir(parents=True, exist_ok=True)
        return Settings(
            data_dir=data_dir,
            root_dir=Path(self._server.root_dir).resolve(),
            lease_seconds=self.lease_seconds,
            allowed_estimators=tuple(self.allowed_estimators),
            memory_limit=self.memory_limit,
            time_limit=self.time_limit,
            max_upload_bytes=self.max_upload_bytes,
        )

    def initialize_settings(self) -> None:
        """Read the environment and register what goes on the event bus."""
        for trait in self._FROM_ENVIRONMENT:
            if trait not in self.config.get("ActiveLearning", {}):
                value = _from_environment(trait, None, self.traits()[trait])
                if value is not None:
                    setattr(self, trait, value)
        for path in sorted((Path(__file__).parent / "event_schemas").glob("*.yaml")):
            self._server.event_logger.register_event_schema(path)

    def initialize_handlers(self) -> None:
        """Build database, worker and routes, in that order."""
        from jupyterlab_al.handlers.context import Context
        from jupyterlab_al.handlers.events import EventHub
        from jupyterlab_al.handlers.identity import IdentityResolver
        from jupyterlab_al.handlers.pools import Pools
        from jupyterlab_al.handlers.routes import routes
        from jupyterlab_al.handlers.watcher import JobWatcher
        from jupyterlab_al.store.database import Database, open_engine
        from jupyterlab_al.store.migrate import migrate
        from jupyterlab_al.worker.supervisor import Supervisor

        settings = self.settings_of_core()
        db_url = self.db_url or f"sqlite:///{settings.data_dir / 'al.sqlite'}"
        engine = open_engine(db_url)
        migrate(engine)
        database = Database(engine)
        events = EventHub(self._emit)
        supervisor = Supervisor(settings, db_url, mode=self.worker, log=self.log)
        self._context = Context(
            database=database,
            settings=settings,
            identity=IdentityResolver(annotator=self.annotator),
            supervisor=supervisor,
            pools=Pools(settings),
            events=events,
        )
        self._watcher = JobWatcher(database, events, self.log)
        self.handlers.extend(routes(self.name, self._context))

    async def _start_jupyter_server_extension(self, _serverapp: Any) -> None:
        """Look for work that an earlier server left, once the loop runs."""
        assert self._watcher is not None  # noqa: S101 - set by initialize_handlers
        assert self._context is not None  # noqa: S101
        self._watcher.start()
        context = self._context
        threading.Thread(target=_resume, args=(context,), daemon=True).start()

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
    """Start the worker where an earlier server left jobs."""
    from jupyterlab_al.domain.errors import ActiveLearningError
    from jupyterlab_al.services.watching import has_work

    try:
        if context.database.read(has_work):
            context.supervisor.wake()
    except ActiveLearningError:
        # The database is away; the next request says so to a person.
        return


main = ActiveLearning.launch_instance
