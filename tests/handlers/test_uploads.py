"""Uploads become projects; they wait for a day, and no longer."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from jupyterlab_al.handlers.context import Context
from jupyterlab_al.services.uploads import LONGEST_WAIT
from tests.handlers.conftest import Api, Work
from tests.handlers.test_adding import upload_array

X = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)


def a_day_later(path: Path) -> None:
    """Make a file a little older than a day."""
    then = path.stat().st_mtime - LONGEST_WAIT - 60
    os.utime(path, (then, then))


def body_of(upload_id: str) -> dict[str, object]:
    """Return the description of a project of an upload."""
    return {
        "name": "numbers",
        "dataset": {"kind": "upload", "upload_id": upload_id},
        "classes": ["negative", "positive"],
    }


async def test_what_nobody_used_for_a_day_goes(api: Api, context: Context) -> None:
    """With the next upload, also what a killed server left half written; younger ones stay."""
    folder = context.settings.uploads_folder
    old, young = await upload_array(api, X), await upload_array(api, X)
    broken = folder / "0123456789abcdef0123456789abcdef"
    broken.write_bytes(b"\x93NUM")
    a_day_later(folder / old)
    a_day_later(broken)

    newest = await upload_array(api, X)

    assert {path.name for path in folder.iterdir()} == {young, newest}


async def test_what_an_import_waits_for_stays(api: Api, context: Context, work: Work) -> None:
    """However long the worker is away, the data of a project that waits are there."""
    upload = await upload_array(api, X)
    assert (await api("POST", "projects", body_of(upload))).status == 201
    a_day_later(context.settings.uploads_folder / upload)

    await upload_array(api, X)
    await work()

    assert (await api("GET", "projects/numbers")).body["n_samples"] == len(X)


async def test_asking_again_for_what_was_added(api: Api, context: Context, work: Work) -> None:
    """A request that is repeated after its upload was used, and removed, changes nothing."""
    await api("POST", "projects", body_of(await upload_array(api, X)))
    await work()
    more = {"upload_id": await upload_array(api, X[:5])}
    await api("POST", "projects/numbers/samples", more)
    await work()
    (context.settings.uploads_folder / more["upload_id"]).unlink()

    again = await api("POST", "projects/numbers/samples", more)
    other = await api("POST", "projects/numbers/samples", {"upload_id": "0" * 32 + ".npy"})

    assert (again.status, again.body["n_samples"]) == (202, 35)
    assert other.status == 422


class TestUploads:
    async def test_an_arrow_stream_becomes_a_project(self, api: Api, work: Work) -> None:
        """A table sent as an Arrow stream can be labeled, with its keys."""
        table = pa.table(
            {"text": [f"text {n}" for n in range(30)], "id": [f"k{n}" for n in range(30)]}
        )
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)

        sent = await api("POST", "uploads", raw=sink.getvalue().to_pybytes())
        made = await api(
            "POST",
            "projects",
            {
                "name": "u",
                "dataset": {
                    "kind": "upload",
                    "upload_id": sent.body["upload_id"],
                    "key_column": "id",
                },
            },
        )
        await work()
        [lease] = (await api.claim("u")).body["leases"]

        assert sent.status == 201
        assert made.status == 201, made.body
        assert f"k{lease['sample_id']}" == lease["sample_key"]

    async def test_an_array_becomes_a_project(self, api: Api, work: Work, tmp_path: Path) -> None:
        """An array sent as .npy can be labeled."""
        np.save(tmp_path / "x.npy", np.random.default_rng(0).normal(size=(20, 3)))

        sent = await api("POST", "uploads", raw=(tmp_path / "x.npy").read_bytes())
        body = {"name": "a", "dataset": {"kind": "upload", "upload_id": sent.body["upload_id"]}}
        made = await api("POST", "projects", body)
        await work()

        assert made.status == 201, made.body
        assert (await api("GET", "projects/a")).body["n_samples"] == 20

    @pytest.mark.parametrize("raw", [b"", b"hello", b"\x80\x04pickle"])
    async def test_anything_else_is_refused(self, api: Api, context: Context, raw: bytes) -> None:
        """What is neither Arrow nor .npy answers 400 and leaves no file."""
        answer = await api("POST", "uploads", raw=raw)

        assert (answer.status, answer.body["error"]) == (400, "malformed")
        folder = context.settings.uploads_folder
        assert not folder.exists() or list(folder.iterdir()) == []
