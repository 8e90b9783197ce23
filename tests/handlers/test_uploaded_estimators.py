"""Estimators as uploaded skops files, from the upload to the round."""

from __future__ import annotations

import asyncio
import shutil
from typing import Any

import skops.io
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from jupyterlab_al.domain.models import NOBODY
from jupyterlab_al.handlers.context import Context
from jupyterlab_al.learning.persistence import TRUSTED
from tests.handlers.conftest import Answer, Api, Work

PIPELINE = make_pipeline(StandardScaler(with_mean=False), SVC(C=3, probability=False))
WORDS = "Pipeline(StandardScaler, SVC)"


async def upload(api: Api, estimator: Any) -> str:
    """Return the id of an uploaded estimator."""
    sent = await api("POST", "uploads", raw=skops.io.dumps(estimator))
    assert sent.status == 201, sent.body
    return str(sent.body["upload_id"])


async def create(api: Api, path: str, skops_id: str) -> Answer:
    """Create a project with an uploaded estimator."""
    body = {
        "name": "own",
        "dataset": {"kind": "table", "path": path},
        "features": {"kind": "text", "column": "review"},
        "label_column": "sentiment",
        "estimator": {"skops": skops_id},
        "check_share": 0.0,
    }
    # The check starts a process that imports scikit-learn: long on a busy machine.
    return await api("POST", "projects", body)


async def test_a_project_learns_with_an_uploaded_estimator(
    api: Api, context: Context, work: Work, reviews_csv: str
) -> None:
    """The project says what it is, keeps a copy, and fits it, whatever happens to the upload."""
    made = await create(api, reviews_csv, await upload(api, PIPELINE))
    assert made.status == 201, made.body

    await asyncio.to_thread(_prepared_only, context)
    shutil.rmtree(context.settings.uploads_folder)
    await work()

    known = (await api("GET", "projects/own")).body["estimator"]
    assert known["description"] == WORDS
    rounds = (await api("GET", "projects/own/rounds")).body["rounds"]
    assert rounds[0]["state"] == "finished"
    file = (await api("GET", "projects/own/estimator")).body
    fitted = skops.io.loads(file, trusted=sorted(TRUSTED))
    assert fitted.named_steps["svc"].C == 3
    assert set(fitted.classes_) == {"negative", "positive"}


def _prepared_only(context: Context) -> None:
    """Do what the worker does before it starts the child that prepares."""
    from jupyterlab_al.store import projects
    from jupyterlab_al.worker.preparing import prepare_task

    project = context.database.read(projects.by_id, 1, NOBODY)
    assert project is not None
    prepare_task(project, context.settings)


async def test_a_project_changes_to_an_uploaded_estimator(
    api: Api, context: Context, reviews: str
) -> None:
    """PATCH takes one too; what GET says of it can be sent again when the upload is gone."""
    skops_id = await upload(api, PIPELINE)

    changed = await api("PATCH", f"projects/{reviews}", {"estimator": {"skops": skops_id}})
    shutil.rmtree(context.settings.uploads_folder)
    again = await api("PATCH", f"projects/{reviews}", {"estimator": changed.body["estimator"]})

    assert (changed.status, again.status) == (200, 200), again.body
    assert again.body["estimator"] == {"skops": skops_id, "description": WORDS}


async def test_what_cant_be_used_is_refused_before_anything_is_stored(
    api: Api, reviews_csv: str, reviews: str
) -> None:
    """422 with words, no project, and the earlier estimator stays."""
    skops_id = await upload(api, LinearRegression())
    before = (await api("GET", f"projects/{reviews}")).body["estimator"]

    made = await create(api, reviews_csv, skops_id)
    changed = await api("PATCH", f"projects/{reviews}", {"estimator": {"skops": skops_id}})

    for answer in (made, changed):
        assert (answer.status, answer.body["error"]) == (422, "invalid_estimator")
        assert "predicts no classes" in answer.body["message"]
    assert (await api("GET", "projects/own")).status == 404
    assert (await api("GET", f"projects/{reviews}")).body["estimator"] == before


async def test_only_ids_of_uploads_name_a_file(api: Api, reviews: str) -> None:
    """A path, somebody's array or an unknown id is no estimator."""
    for wrong in ("../../etc/passwd", "0" * 32 + ".npy", "0" * 32 + ".skops", "x"):
        answer = await api("PATCH", f"projects/{reviews}", {"estimator": {"skops": wrong}})
        assert (answer.status, answer.body["error"]) == (422, "invalid_estimator")
        assert "no uploaded estimator" in answer.body["message"]


async def test_an_import_path_and_a_file_are_not_given_together(api: Api, reviews: str) -> None:
    """One of the two, so that nobody wonders which one was used."""
    both = {"import": "sklearn.svm.SVC", "skops": await upload(api, SVC())}

    answer = await api("PATCH", f"projects/{reviews}", {"estimator": both})

    assert (answer.status, answer.body["error"]) == (422, "invalid_estimator")
