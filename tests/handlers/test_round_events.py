"""What Jupyter's event bus hears of rounds, each event valid by its schema."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from jupyterlab_al.domain.models import Job
from jupyterlab_al.handlers.context import Context
from jupyterlab_al.handlers.watcher import JobWatcher
from jupyterlab_al.services import training
from jupyterlab_al.store import jobs
from tests.handlers.conftest import Api

SCHEMA = "https://events.jupyterlab-al.org/round/v1"
WORKER = "tests"


class Bus:
    """Everything that the bus said of rounds."""

    def __init__(self, logger: Any, watcher: JobWatcher) -> None:
        self._watcher = watcher
        self._logger = logger
        self._heard: list[dict[str, Any]] = []
        logger.add_listener(schema_id=SCHEMA, listener=self._hear)

    async def _hear(self, logger: Any, schema_id: str, data: dict[str, Any]) -> None:
        self._heard.append(data)

    async def news(self) -> list[tuple[str, Any, Any]]:
        """Return what was said since the last look: what, phase and progress."""
        await self._watcher._look()
        await self._logger.gather_listeners()
        heard, self._heard = self._heard, []
        return [(data["what"], data.get("phase"), data.get("progress")) for data in heard]


@pytest.fixture
def bus(jp_serverapp: Any, context: Context) -> Bus:
    """Return the bus of the running server, told by a watcher that looks when it is asked to."""
    watcher = JobWatcher(context.database, context.events, jp_serverapp.log)
    return Bus(jp_serverapp.event_logger, watcher)


async def a_round_begun(api: Api, context: Context, reviews: str, bus: Bus) -> Job:
    """Return a round that a worker has taken, with what was said so far heard."""
    await api.annotate(reviews, 0, "negative")
    await api.annotate(reviews, 1, "positive")
    await api("POST", f"projects/{reviews}/rounds")
    job = await asyncio.to_thread(context.database.write, training.take, WORKER, lease_ms=60_000)
    assert job is not None
    assert (await bus.news())[-1] == ("started", "start", 0.0)
    return job


async def beat(context: Context, job: Job, phase: str, progress: float) -> None:
    """Say how far the worker is, as its heartbeat does."""
    await asyncio.to_thread(
        context.database.write,
        jobs.beat,
        job.id,
        WORKER,
        lease_ms=60_000,
        phase=phase,
        progress=progress,
    )


async def test_progress(api: Api, context: Context, reviews: str, bus: Bus) -> None:
    """Each step that the worker tells is an event with its phase; nothing new is none."""
    job = await a_round_begun(api, context, reviews, bus)

    await beat(context, job, "fit", 0.25)
    fitting = await bus.news()
    nothing = await bus.news()
    await beat(context, job, "score", 0.5)
    scoring = await bus.news()

    assert fitting == [("progress", "fit", 0.25)]
    assert nothing == []
    assert scoring == [("progress", "score", 0.5)]


async def test_failed(api: Api, context: Context, reviews: str, bus: Bus) -> None:
    """A round that failed says so once, with where it was; the reason is read by REST."""
    job = await a_round_begun(api, context, reviews, bus)
    await beat(context, job, "fit", 0.25)
    await bus.news()

    await asyncio.to_thread(
        context.database.write, training.fail, job, WORKER, "The fit did not converge."
    )
    told, afterwards = await bus.news(), await bus.news()

    assert told == [("failed", "fit", 0.25)]
    assert afterwards == []
    [stored] = (await api("GET", f"projects/{reviews}/rounds")).body["rounds"]
    assert stored["error"] == "The fit did not converge."


async def test_cancelled(api: Api, context: Context, reviews: str, bus: Bus) -> None:
    """A cancelled round is told as such when its worker has let go of it."""
    job = await a_round_begun(api, context, reviews, bus)

    await api("DELETE", f"projects/{reviews}/rounds/{job.id}")
    await bus.news()
    await asyncio.to_thread(context.database.write, training.cancelled, job, WORKER)

    assert "cancelled" in [what for what, _, _ in await bus.news()]


async def test_what_runs_is_not_told_as_cancelled_before(
    api: Api, context: Context, reviews: str, bus: Bus
) -> None:
    """The worker may have finished the round by then: nobody hears what did not happen."""
    job = await a_round_begun(api, context, reviews, bus)

    with context.events.listen(reviews) as heard:
        await api("DELETE", f"projects/{reviews}/rounds/{job.id}")

        assert heard.empty()
