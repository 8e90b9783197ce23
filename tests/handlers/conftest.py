"""A server with the extension, and a client that speaks JSON."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError, HTTPResponse

from jupyterlab_al.datasets.features import open_features
from jupyterlab_al.datasets.prepare import prepare
from jupyterlab_al.domain.models import NOBODY
from jupyterlab_al.domain.settings import Settings
from jupyterlab_al.handlers.context import Context
from jupyterlab_al.learning.round import run_round
from jupyterlab_al.services import preparing, training
from jupyterlab_al.store import projects
from jupyterlab_al.store.database import Database
from jupyterlab_al.worker.preparing import found, prepare_task
from jupyterlab_al.worker.rounds import ranking, round_task

Fetch = Callable[..., Awaitable[HTTPResponse]]
Work = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    body: Any
    headers: Any


@dataclass(frozen=True, slots=True)
class Api:
    """Requests below `al/api`, as JSON; a refusal is an answer too."""

    fetch: Fetch

    async def __call__(
        self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **kwargs: Any
    ) -> Answer:
        """Send a request; as `until`, it gives up late enough for the slowest machine."""
        data: Any = raw
        if raw is None and body is not None:
            data = json.dumps(body).encode()
        if data is None and method in ("POST", "PATCH"):
            data = b""
        for limit in ("connect_timeout", "request_timeout"):
            kwargs.setdefault(limit, 120.0)
        path, _, query = path.partition("?")
        params = dict(pair.split("=", 1) for pair in query.split("&")) if query else {}
        try:
            response = await self.fetch(
                "al", "api", *path.split("/"), method=method, body=data, params=params, **kwargs
            )
        except HTTPClientError as error:
            assert error.response is not None
            response = error.response
        is_json = response.headers.get("Content-Type", "").startswith("application/json")
        content = response.body
        return Answer(
            status=response.code,
            body=json.loads(content) if is_json and content else content,
            headers=response.headers,
        )

    async def annotate(self, project: str, sample_id: int, label: Any, **more: Any) -> Answer:
        """Send one annotation with a key of its own."""
        item = {"key": str(uuid.uuid4()), "sample_id": sample_id, "label": label, **more}
        return await self("POST", f"projects/{project}/annotations", {"annotations": [item]})

    async def claim(self, project: str, **body: Any) -> Answer:
        """Claim samples."""
        return await self("POST", f"projects/{project}/queue/claim", body)


@pytest.fixture
def api(jp_fetch: Fetch) -> Api:
    """Return a client that carries the token."""
    return Api(jp_fetch)


@pytest.fixture
def context(jp_serverapp: Any) -> Context:
    """Return what the running extension was built from."""
    found: Context = jp_serverapp.extension_manager.extension_apps["jupyterlab_al"].pop()._context
    return found


@pytest.fixture
def root_dir(jp_serverapp: Any) -> Path:
    """Return the folder that dataset paths are relative to."""
    return Path(jp_serverapp.root_dir)


@pytest.fixture
def work(context: Context) -> Work:
    """Return a function that does all waiting jobs, as the worker does, but in this process."""

    async def run() -> None:
        await asyncio.to_thread(work_off, context.database, context.settings)

    return run


def work_off(database: Database, settings: Settings) -> None:
    """Do all waiting jobs here and now: a worker's start would cost each test two seconds."""
    while job := database.write(training.take, "tests", lease_ms=60_000):
        if job.kind == "prepare":
            project = database.read(projects.by_id, job.project_id, NOBODY)
            assert project is not None
            prepared = prepare(prepare_task(project, settings), lambda _phase, _progress: None)
            database.write(preparing.activate, job, "tests", **found(prepared))
            if project.state == "preparing":
                database.write(preparing.fill_queue, project.id)
            continue
        labeled = database.write(training.begin, job)
        assert labeled is not None
        task = round_task(job, labeled, settings)
        outcome = run_round(
            task,
            open_features(task.features_folder, n_samples=task.n_samples),
            lambda _phase, _progress: None,
        )
        assert database.write(training.publish, job, "tests", ranking(outcome, {"start": 0.0}))


REVIEWS = [
    ("The zipper broke after two days.", "negative"),
    ("I would buy from them again.", "positive"),
    ("Does what it says.", "positive"),
    ("<script>window.hacked = true</script> bad", "negative"),
    ("Arrived late and broken.", "negative"),
    ("Lovely colors, warm and soft.", "positive"),
    ("=HYPERLINK('http://evil')", "negative"),
    ("Fine.", "positive"),
]


@pytest.fixture
def reviews_csv(root_dir: Path) -> str:
    """Return the path of a table of texts, 40 rows."""
    lines = ["review,sentiment"]
    for number in range(5):
        lines += [f'"{text} ({number})",{label}' for text, label in REVIEWS]
    (root_dir / "reviews.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return "reviews.csv"


@pytest.fixture
def reviews(
    api: Api,
    work: Callable[[], Awaitable[None]],
    reviews_csv: str,
    jp_asyncio_loop: asyncio.AbstractEventLoop,
) -> str:
    """Return the name of an active project of 40 texts and two classes."""
    body = {
        "name": "reviews",
        "dataset": {"kind": "table", "path": reviews_csv},
        "display": {"kind": "text", "column": "review"},
        "features": {"kind": "text", "column": "review"},
        "classes": ["negative", "positive"],
        "check_share": 0.0,
    }

    async def make() -> None:
        made = await api("POST", "projects", body)
        assert made.status == 201, made.body
        await work()

    jp_asyncio_loop.run_until_complete(make())
    return "reviews"
