"""Samples added to a project that is there."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jupyterlab_al.domain.models import NOBODY
from jupyterlab_al.handlers.context import Context
from jupyterlab_al.services import training
from jupyterlab_al.store import projects
from tests.handlers.conftest import Answer, Api, Work

MORE = "review,sentiment\n" + "".join(f"A new one that is good {n}.,positive\n" for n in range(10))


async def add(api: Api, root_dir: Path, content: str = MORE, name: str = "more.csv") -> Answer:
    """Ask for a file of rows to be added to the reviews."""
    (root_dir / name).write_text(content, encoding="utf-8")
    return await api("POST", "projects/reviews/samples", {"path": name})


async def upload_array(api: Api, array: Any) -> str:
    """Return the id of an uploaded array."""
    file = io.BytesIO()
    np.save(file, array)
    return str((await api("POST", "uploads", raw=file.getvalue())).body["upload_id"])


async def label_all(api: Api, name: str) -> list[int]:
    """Label all samples that are handed out; return them."""
    seen: list[int] = []
    while leases := (await api.claim(name, size=50)).body["leases"]:
        for lease in leases:
            seen.append(lease["sample_id"])
            answer = await api.annotate(name, lease["sample_id"], "positive", token=lease["token"])
            assert answer.status == 201
    return seen


async def test_rows_are_appended_while_labeling_goes_on(
    api: Api, work: Work, reviews: str, root_dir: Path
) -> None:
    """202 with progress; labels and ids stay; the new samples are n … n+m-1 and are handed out."""
    await api.annotate(reviews, 3, "negative")

    asked = await add(api, root_dir)
    meanwhile = await api.claim(reviews, size=1)
    await work()

    assert (asked.status, asked.body["preparing"]["phase"]) == (202, "waiting")
    assert len(meanwhile.body["leases"]) == 1
    status = (await api("GET", f"projects/{reviews}")).body
    assert (status["n_samples"], status["n_labeled"]) == (50, 1)
    assert (status["state"], status["preparing"], status["error"]) == ("active", None, None)
    shown = (await api("GET", f"projects/{reviews}/samples/40")).body
    assert shown["sample_key"] == "40"
    assert shown["display"]["text/plain"] == "A new one that is good 0."
    assert sorted(await label_all(api, reviews)) == [n for n in range(50) if n != 3]


async def test_a_round_learns_from_old_and_new_samples(
    api: Api, work: Work, reviews: str, root_dir: Path
) -> None:
    """Features go on in the same columns, and the new samples are ranked."""
    await add(api, root_dir)
    await work()
    for sample_id, label in ((3, "negative"), (1, "positive"), (45, "positive")):
        await api.annotate(reviews, sample_id, label)

    await api("POST", f"projects/{reviews}/rounds")
    await work()

    [done] = (await api("GET", f"projects/{reviews}/rounds")).body["rounds"]
    assert (done["state"], done["n_train"]) == ("finished", 3), done["error"]
    claimed = (await api.claim(reviews, size=50)).body["leases"]
    assert {lease["sample_id"] for lease in claimed} == set(range(50)) - {1, 3, 45}
    export = await api("GET", f"projects/{reviews}/export?format=csv&what=labels")
    assert b"45,45,positive" in export.body.replace(b"\r\n", b"\n")


async def test_the_same_request_twice_adds_once(
    api: Api, work: Work, reviews: str, root_dir: Path
) -> None:
    """A reply that was lost on the way can be asked for again, before and after the import."""
    first, again = await add(api, root_dir), await add(api, root_dir)
    await work()
    afterwards = await add(api, root_dir)
    await work()

    assert [first.status, again.status, afterwards.status] == [202, 202, 202]
    assert (await api("GET", f"projects/{reviews}")).body["n_samples"] == 50


async def test_one_addition_at_a_time(api: Api, work: Work, reviews: str, root_dir: Path) -> None:
    """Another one meanwhile is refused, and taken afterwards."""
    await add(api, root_dir)

    refused = await add(api, root_dir, name="others.csv")
    await work()
    taken = await add(api, root_dir, name="others.csv")
    await work()

    assert (refused.status, refused.body["error"]) == (409, "adding")
    assert taken.status == 202
    assert (await api("GET", f"projects/{reviews}")).body["n_samples"] == 60


@pytest.mark.parametrize(
    ("content", "says"),
    [("sentiment\npositive\n", 'no column "review"'), ("review,sentiment\n", "no rows")],
    ids=["column", "rows"],
)
async def test_what_does_not_fit_changes_nothing(
    api: Api, context: Context, reviews: str, root_dir: Path, content: str, says: str
) -> None:
    """The project stays as it was and says why nothing was added; another try can follow."""
    await add(api, root_dir, content)
    await asyncio.to_thread(fail_all, context)

    status = (await api("GET", f"projects/{reviews}")).body
    assert (status["state"], status["n_samples"], status["preparing"]) == ("active", 40, None)
    assert status["error"].startswith("Nothing was added: ")
    assert says in status["error"]
    assert (await api.claim(reviews)).body["leases"]
    assert (await add(api, root_dir)).body["error"] is None


def fail_all(context: Context) -> None:
    """Do all jobs as the worker does, with what it stores of failures."""
    from jupyterlab_al.datasets.prepare import prepare
    from jupyterlab_al.domain.errors import ActiveLearningError
    from jupyterlab_al.worker.preparing import prepare_task

    while job := context.database.write(training.take, "tests", lease_ms=60_000):
        project = context.database.read(projects.by_id, job.project_id, NOBODY)
        assert project is not None
        with pytest.raises(ActiveLearningError) as caught:
            prepare(prepare_task(project, context.settings), lambda _phase, _done: None)
        context.database.write(training.fail, job, "tests", caught.value.message)


async def test_a_killed_import_is_done_again(
    api: Api, context: Context, work: Work, reviews: str, root_dir: Path
) -> None:
    """Half a part, or a whole one that nobody published, is replaced; nothing is lost or twice."""
    await add(api, root_dir)
    await asyncio.to_thread(import_without_publishing, context)
    before = (await api("GET", f"projects/{reviews}")).body
    readable = await api("GET", f"projects/{reviews}/samples/39")

    await work()

    assert before["n_samples"] == 40
    assert readable.status == 200
    assert (await api("GET", f"projects/{reviews}/samples/49")).status == 200
    assert (await api("GET", f"projects/{reviews}")).body["n_samples"] == 50


def import_without_publishing(context: Context) -> None:
    """Import further samples as a worker does that is killed before it says so."""
    from jupyterlab_al.datasets.prepare import prepare
    from jupyterlab_al.worker.preparing import prepare_task

    project = context.database.read(projects.by_id, 1, NOBODY)
    assert project is not None
    prepare(prepare_task(project, context.settings), lambda _phase, _done: None)


async def test_arrays_grow_and_checks_get_their_share(api: Api, work: Work) -> None:
    """New samples are checks as often as the others; features may be given with them."""
    X = np.random.default_rng(0).normal(size=(200, 4)).astype(np.float32)
    body = {
        "name": "grown",
        "dataset": {"kind": "upload", "upload_id": await upload_array(api, X)},
        "classes": ["negative", "positive"],
        "check_share": 0.1,
    }
    assert (await api("POST", "projects", body)).status == 201
    await work()

    more = {"upload_id": await upload_array(api, X[:100])}
    assert (await api("POST", "projects/grown/samples", more)).status == 202
    await work()
    seen = await label_all(api, "grown")

    facts = (await api("GET", "projects/grown/annotations?limit=1000")).body["annotations"]
    checks = [fact["sample_id"] for fact in facts if fact["source"] == "check"]
    assert sorted(seen) == list(range(300))
    assert (sum(n < 200 for n in checks), sum(n >= 200 for n in checks)) == (20, 10)


async def test_given_features_are_needed_again_and_as_wide(api: Api, work: Work) -> None:
    """Where a person computed the features, further samples come with theirs."""
    X = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
    features = {"kind": "precomputed", "upload_id": await upload_array(api, X)}
    body = {
        "name": "given",
        "dataset": {"kind": "upload", "upload_id": await upload_array(api, X)},
        "features": features,
        "classes": ["negative", "positive"],
    }
    assert (await api("POST", "projects", body)).status == 201
    await work()

    more = {
        "upload_id": await upload_array(api, X[:5]),
        "features_upload_id": await upload_array(api, X[:5] + 1),
    }
    await api("POST", "projects/given/samples", more)
    await work()

    assert (await api("GET", "projects/given")).body["n_samples"] == 35


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 400), ({"path": "a.csv", "upload_id": "x"}, 400), ({"path": "../../etc/passwd"}, 422)],
)
async def test_a_request_names_one_file_inside_the_root(
    api: Api, reviews: str, body: dict[str, Any], status: int
) -> None:
    """Malformed requests and paths outside change nothing."""
    answer = await api("POST", f"projects/{reviews}/samples", body)

    assert answer.status == status, answer.body
