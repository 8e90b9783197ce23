"""The server itself: status, description, events, and what it loads."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from jupyterlab_al.handlers.context import Context
from jupyterlab_al.handlers.events import EventHub
from jupyterlab_al.handlers.identity import IdentityResolver
from jupyterlab_al.handlers.openapi import OPERATIONS, openapi
from jupyterlab_al.handlers.routes import ROUTES
from jupyterlab_al.handlers.watcher import JobWatcher
from jupyterlab_al.services import training
from tests.handlers.conftest import Api


async def test_status_says_who_and_what(api: Api) -> None:
    """Status names version, database, worker and the caller, who owns a single-user server."""
    found = (await api("GET", "status")).body

    assert (found["database"], found["user"]["role"]) == ("sqlite", "owner")
    assert found["worker"]["state"] in {"off", "external"}
    assert "margin" in found["strategies"]


async def test_an_unknown_address_is_a_404_in_words(api: Api) -> None:
    """What is not there is refused in the form of all refusals."""
    answer = await api("GET", "nothing/here")

    assert (answer.status, answer.body["error"]) == (404, "not_found")


async def test_a_wrong_verb_is_refused_in_words(api: Api) -> None:
    """A verb that an address does not know is refused in the form of all refusals."""
    answer = await api("DELETE", "status")

    assert (answer.status, answer.body["error"]) == (405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "OPTIONS"}


class TestOpenApi:
    async def test_the_document_is_served(self, api: Api) -> None:
        """The document is OpenAPI 3.1."""
        found = await api("GET", "openapi.json")

        assert found.body["openapi"] == "3.1.0"

    def test_it_describes_every_route(self) -> None:
        """No verb of any route is missing, and none is described that is not there."""
        described = {(operation.verb, operation.path) for operation in OPERATIONS}
        served = set()
        for pattern, handler in ROUTES:
            if pattern == ".*":
                continue
            path = "/" + pattern.replace("(?P<name>[^/]+)", "{name}").replace(r"\.", ".")
            for part in ("annotation_id", "round_id", "sample_id"):
                path = path.replace(f"(?P<{part}>[0-9]{{1,18}})", f"{{{part}}}")
            verbs = [verb for verb in ("get", "post", "patch", "delete") if verb in vars(handler)]
            served.update((verb, path) for verb in verbs)

        assert served == described

    def test_all_references_lead_somewhere(self) -> None:
        """Every `$ref` names a schema of the document."""
        document = openapi("1")
        text = json.dumps(document)

        names = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
        assert names <= set(document["components"]["schemas"])


class TestEvents:
    async def test_a_label_is_told_to_who_listens(
        self, api: Api, reviews: str, context: Context
    ) -> None:
        """The stream of a project says that a label came, and carries no sample."""
        with context.events.listen(reviews) as listener:
            await api.annotate(reviews, 1, "negative")
            kind, event = await asyncio.wait_for(listener.get(), 5)  # type: ignore[misc]

        assert (kind, event["what"], event["n_labels"]) == ("annotation", "added", 1)
        assert "sample_id" not in event

    async def test_the_stream_is_server_sent_events(
        self, api: Api, reviews: str, context: Context, jp_fetch: Any
    ) -> None:
        """What is streamed are `event:` and `data:` lines, until the server stops."""
        pieces: list[bytes] = []

        async def label_and_stop() -> None:
            await asyncio.wait_for(context.events.something_listens.wait(), 60)
            await api.annotate(reviews, 1, "negative")
            context.events.close()

        await asyncio.gather(
            jp_fetch("al", "api", "projects", reviews, "events", streaming_callback=pieces.append),
            label_and_stop(),
        )

        text = b"".join(pieces).decode()
        assert "event: annotation\ndata: {" in text

    async def test_events_reach_jupyters_bus(
        self, api: Api, reviews: str, jp_serverapp: Any
    ) -> None:
        """A label is an event on Jupyter's own bus too, valid by its schema."""
        heard: list[dict[str, Any]] = []

        async def listener(logger: Any, schema_id: str, data: dict[str, Any]) -> None:
            heard.append(data)

        jp_serverapp.event_logger.add_listener(
            schema_id="https://events.jupyterlab-al.org/annotation/v1", listener=listener
        )
        await api.annotate(reviews, 1, "negative")
        await jp_serverapp.event_logger.gather_listeners()

        assert [reviews] == [data["project"] for data in heard]

    async def test_a_round_that_is_over_at_once_is_told_from_its_start(
        self, reviews: str, context: Context, api: Api, work: Callable[[], Awaitable[None]]
    ) -> None:
        """A round is never said to have started while it waits, and always before it ends."""
        hub = EventHub()
        watcher = JobWatcher(context.database, hub, logging.getLogger())
        for sample_id, label in enumerate(("negative", "positive")):
            await api.annotate(reviews, sample_id, label)
        with hub.listen(reviews) as heard:
            await api("POST", f"projects/{reviews}/rounds")
            await watcher._look()
            assert heard.qsize() == 1  # the preparation, which is over

            await work()
            await watcher._look()
            await watcher._look()

            told = [heard.get_nowait() for _ in range(heard.qsize())]
        assert [event["what"] for kind, event in told if kind == "round"] == ["started", "finished"]

    async def test_an_event_counts_the_labels_once(
        self, api: Api, reviews: str, context: Context
    ) -> None:
        """`n_labels` is what stands after the request; a repeat adds nothing."""
        item = {"key": str(uuid.uuid4()), "sample_id": 1, "label": "negative"}
        with context.events.listen(reviews) as heard:
            for _ in range(2):
                await api("POST", f"projects/{reviews}/annotations", {"annotations": [item]})
            told = [heard.get_nowait()[1] for _ in range(heard.qsize())]

        assert [event["n_labels"] for event in told] == [1, 1]


class TestIdentity:
    class HubUser:
        """A user as JupyterHub's provider gives it."""

        username = "alice"
        name = "alice"
        display_name = "Alice"
        hub_user = {"groups": []}  # noqa: RUF012

    class TokenUser:
        """The new random user that a token request gets."""

        username = "a1b2c3"
        name = display_name = "Anonymous Kore"

    def test_the_hubs_name_signs_labels(self) -> None:
        """On JupyterHub the annotator is the Hub user."""
        person = IdentityResolver().person(self.HubUser(), object())

        assert (person.id, person.name) == ("alice", "Alice")

    def test_a_random_name_never_signs_labels(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """With token authentication the annotator is the configured or the system's user."""
        from jupyter_server.auth.identity import IdentityProvider

        provider = IdentityProvider()

        assert IdentityResolver(annotator="olga").person(self.TokenUser(), provider).id == "olga"
        assert IdentityResolver().person(self.TokenUser(), provider).id != "a1b2c3"


HEAVY = ("sklearn", "pandas", "pyarrow", "scipy", "numpy", "PIL", "sqlalchemy", "alembic")


def test_importing_the_extension_loads_nothing_heavy() -> None:
    """Jupyter's start pays for traits only: no scikit-learn, no pandas, no database."""
    code = (
        "import sys, jupyterlab_al.extension;"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"


def test_a_running_server_never_loads_scikit_learn(tmp_path: Path) -> None:
    """Building the extension loads neither scikit-learn nor pandas, pyarrow or SciPy."""
    code = """
import sys
from jupyter_server.serverapp import ServerApp
app = ServerApp()
app.initialize(["--ServerApp.jpserver_extensions={'jupyterlab_al': True}", "--allow-root",
                "--port=0", "--no-browser", f"--ActiveLearning.data_dir={sys.argv[1]}"],
               new_httpserver=False)
print([n for n in ("sklearn", "pandas", "pyarrow", "scipy") if n in sys.modules])
"""
    said = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )

    assert said.stdout.strip().splitlines()[-1] == "[]"


async def test_status_names_what_the_worker_is_at(
    api: Api, reviews: str, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a worker runs a round, status says of which project."""
    await api.annotate(reviews, 0, "negative")
    await api.annotate(reviews, 1, "positive")
    await api("POST", f"projects/{reviews}/rounds")
    context.database.write(training.take, "elsewhere", lease_ms=60_000)
    busy = SimpleNamespace(state="busy", pid=1, message=None)
    monkeypatch.setattr(type(context.supervisor), "status", lambda _self: busy)

    found = (await api("GET", "status")).body

    assert ("busy", reviews) == (found["worker"]["state"], found["worker"]["busy_with"])
