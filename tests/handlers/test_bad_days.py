"""Bad days of an SQLite server: another program locks the database, the disk is full."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyterlab_al.handlers.context import Context
from jupyterlab_al.store.database import Tx
from tests.full_disk import largest_file
from tests.handlers.conftest import Api

#: Holds the write lock from its first line on stdout until its stdin ends.
LOCKER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""


class Locker:
    """Another program that holds the database."""

    def __init__(self, path: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", LOCKER, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"locked\n"

    def release(self) -> None:
        """Let go."""
        self._process.communicate()


def file_of(context: Context) -> Path:
    """Return the database's file."""
    return Path(str(context.database.engine.url.database))


def an_item(sample_id: int) -> dict[str, Any]:
    """Return an annotation under a key of its own."""
    return {"key": str(uuid.uuid4()), "sample_id": sample_id, "label": "positive"}


async def send(api: Api, item: dict[str, Any]) -> Any:
    """Send one annotation."""
    return await api("POST", "projects/reviews/annotations", {"annotations": [item]})


async def stored_keys(api: Api) -> list[str]:
    """Return the keys of all facts."""
    facts = (await api("GET", "projects/reviews/annotations?limit=1000")).body["annotations"]
    return [fact["key"] for fact in facts]


class TestLocked:
    async def test_what_is_asked_meanwhile_waits(
        self, api: Api, context: Context, reviews: str
    ) -> None:
        """Claims and labels are answered when the lock is gone; reading does not wait."""
        locker = Locker(str(file_of(context)))
        item = an_item(3)
        waiting = [
            asyncio.ensure_future(api.claim(reviews, size=2)),
            asyncio.ensure_future(send(api, item)),
        ]
        read = await api("GET", f"projects/{reviews}")
        waited = [each.done() for each in waiting]
        await asyncio.to_thread(locker.release)
        claimed, stored = await asyncio.gather(*waiting)

        assert read.status == 200
        assert waited == [False, False]
        assert len(claimed.body["leases"]) == 2
        assert stored.status == 201
        assert await stored_keys(api) == [item["key"]]

    async def test_a_long_lock_is_told_in_words(
        self, api: Api, context: Context, reviews: str
    ) -> None:
        """After a while all who wait get 503 at once, nothing is stored, and a repeat is taken."""
        said: list[str] = []
        await asyncio.to_thread(impatient, context, said.append)
        locker = Locker(str(file_of(context)))
        items = [an_item(i) for i in range(20)]

        refused = await asyncio.gather(*(send(api, item) for item in items))
        n_tries = said.count("BEGIN IMMEDIATE")
        await asyncio.to_thread(locker.release)
        repeated = await asyncio.gather(*(send(api, item) for item in items))

        assert {answer.status for answer in refused} == {503}
        assert {answer.body["error"] for answer in refused} == {"database_unavailable"}
        assert all("sent again" in answer.body["message"] for answer in refused)
        # Not one after the other: the last would wait twenty times as long.
        assert 1 <= n_tries < len(items)
        assert {answer.status for answer in repeated} == {201}
        assert sorted(await stored_keys(api)) == sorted(item["key"] for item in items)


def impatient(context: Context, hear: Callable[[str], None]) -> None:
    """Let the writing connection wait for a lock only for a moment, and hear what it asks for."""

    def change(tx: Tx) -> None:
        tx.exec_driver_sql("PRAGMA busy_timeout=100")
        driver: Any = tx.connection.driver_connection
        driver.set_trace_callback(hear)

    context.database.write(change)


class TestFullDisk:
    async def test_labels_are_refused_in_words_and_none_is_lost(
        self, api: Api, context: Context, reviews: str
    ) -> None:
        """What was acknowledged is there, what was refused is taken when there is room again."""
        await send(api, an_item(0))
        database = file_of(context)
        size = os.stat(f"{database}-wal").st_size  # noqa: PTH116
        acknowledged, refused = [], []
        with largest_file(size + 60_000):
            for n in range(1, 40):
                item = an_item(n)
                answer = await send(api, item)
                (acknowledged if answer.status == 201 else refused).append((item, answer))
        there = await stored_keys(api)
        repeated = [await send(api, item) for item, _ in refused]

        assert refused, "the limit was not reached"
        assert {answer.status for _, answer in refused} == {503}
        assert "is full" in refused[0][1].body["message"]
        assert set(there) >= {item["key"] for item, _ in acknowledged}
        assert not set(there) & {item["key"] for item, _ in refused}
        assert {answer.status for answer in repeated} == {201}

    async def test_an_upload_is_refused_in_words(self, api: Api, context: Context) -> None:
        """The rest is not kept, and the next one is taken."""
        body = b"\x93NUMPY" + bytes(300_000)
        with largest_file(100_000):
            refused = await api("POST", "uploads", raw=body)
        left = list(context.settings.uploads_folder.iterdir())
        taken = await api("POST", "uploads", raw=body)

        assert (refused.status, refused.body["error"]) == (503, "disk_full")
        assert "Make room" in refused.body["message"]
        assert left == []
        assert taken.status == 201
