"""Rounds and imports, done by a worker in this process and its children."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from jupyterlab_al.datasets.features import open_features
from jupyterlab_al.domain.settings import Settings
from jupyterlab_al.services import rounds
from jupyterlab_al.store import jobs
from jupyterlab_al.store import queue as queue_store
from jupyterlab_al.store.database import Database, open_engine
from jupyterlab_al.worker.bell import Bell
from jupyterlab_al.worker.fork_server import warm_up
from jupyterlab_al.worker.loop import Worker, follow
from tests.factories import (
    ANN,
    OLGA,
    a_claimed_batch,
    a_new_project,
    an_annotation,
    the_project,
)
from tests.worker.conftest import (
    HERE,
    a_dataset,
    a_prepared_project,
    a_waiting_round,
    do_next,
    estimator,
    label,
    the_job,
)

ROOT = Path(__file__).parents[2]
DIGITS = {"dataset": {"kind": "demo"}, "display": {"kind": "auto"}, "features": {"kind": "auto"}}


@pytest.mark.usefixtures("_warm")
def test_digits_go_from_create_to_an_order_by_the_model(
    database: Database, settings: Settings
) -> None:
    """A project becomes active by itself, and ten labels later the model orders its queue."""
    worker = Worker(settings, database, Bell())
    truth = load_digits().target
    margin = {"name": "margin", "params": {}}
    a_new_project(database, "digits", classes=(), check_share=0.1, strategy=margin, **DIGITS)

    assert do_next(worker) == "finished"
    for _ in range(12):
        [lease] = a_claimed_batch(database, name="digits", at=None)
        digit = str(truth[lease.sample_id])
        an_annotation(
            database, ANN, lease.sample_id, digit, name="digits", token=lease.token, at=None
        )
    assert do_next(worker) == "finished"

    project = the_project(database, "digits")
    leases = a_claimed_batch(database, name="digits", size=50, at=None)
    entries = database.read(queue_store.entries, project.id, [each.sample_id for each in leases])
    rows = [entries[each.sample_id][0] for each in leases]
    utilities = [row["utility"] for row in rows if row["source"] == "query"]
    assert project.classes == [str(digit) for digit in range(10)]
    assert len(utilities) == 45
    assert utilities == sorted(utilities, reverse=True)
    assert all(row["draw_probability"] == 1.0 for row in rows if row["source"] == "query")
    assert project.order_round is not None


def test_a_round_says_what_it_measured(
    worker: Worker, sqlite: Database, settings: Settings
) -> None:
    """A finished round tells accuracy, counts, the model's file and where the time went."""
    a_prepared_project(sqlite, settings, worker, check_share=0.2)
    label(sqlite, range(30))
    checked = an_annotation_of_a_check(sqlite)
    asked = a_waiting_round(sqlite)

    do_next(worker)

    job = the_job(sqlite, asked)
    assert job.finished_at is not None
    assert job.started_at is not None
    taken = (job.finished_at - job.started_at).total_seconds()
    said = job.result
    assert said["n_train"] == 30
    assert said["n_checks"] == checked
    assert said["accuracy"]["n"] == checked
    assert Path(said["model_path"]).is_file()
    assert len(said["model_sha256"]) == 64
    assert said["classes_seen"] == ["negative", "positive"]
    assert list(said["seconds"]) == ["start", "fit", "evaluate", "score", "rank", "publish"]
    assert 0 < sum(said["seconds"].values()) <= taken + 0.1


def an_annotation_of_a_check(database: Database) -> int:
    """Label the checks among the next 20 samples; return how many that were."""
    n_checks = 0
    for lease in a_claimed_batch(database, size=20, at=None):
        if lease.source == "check":
            said = "positive" if lease.sample_id % 2 else "negative"
            an_annotation(database, ANN, lease.sample_id, said, token=lease.token, at=None)
            n_checks += 1
    assert n_checks > 0
    return n_checks


def test_labels_that_exist_already_start_a_round(
    worker: Worker, sqlite: Database, settings: Settings
) -> None:
    """Labels imported with the data count, so the model orders the queue from the start."""
    lines = ["text,mood"]
    lines += [f"what a {'good' if i % 2 else 'bad'} film no {i},{i % 2}" for i in range(20)]
    lines += [f"a film no {i}," for i in range(20, 40)]
    (settings.root_dir / "films.csv").write_text("\n".join(lines))
    a_new_project(
        sqlite,
        classes=(),
        dataset={"kind": "table", "path": "films.csv"},
        display={"kind": "text", "column": "text"},
        features={"kind": "text", "column": "text"},
        label_column="mood",
    )

    assert do_next(worker) == "finished"
    assert do_next(worker) == "finished"

    project = the_project(sqlite)
    assert project.classes == ["0", "1"]
    assert project.n_annotations == 20
    assert project.order_round is not None


def test_several_labels_a_sample_are_learned(
    worker: Worker, sqlite: Database, settings: Settings
) -> None:
    """In a multi-label project a round learns each class by itself."""
    a_prepared_project(sqlite, settings, worker, multi_label=True, classes=("even", "odd", "any"))
    for sample_id in range(12):
        said = ["odd" if sample_id % 2 else "even", *(["any"] if sample_id % 3 else [])]
        an_annotation(sqlite, ANN, sample_id, said, at=None)
    asked = a_waiting_round(sqlite)

    assert do_next(worker) == "finished"

    assert the_job(sqlite, asked).result["classes_seen"] == ["even", "odd", "any"]


def test_an_upload_is_read_from_the_uploads(
    worker: Worker, sqlite: Database, settings: Settings
) -> None:
    """A dataset that was uploaded is found by its id, wherever the server's root is."""
    settings.uploads_folder.mkdir(parents=True)
    np.save(settings.uploads_folder / "abc.npy", np.eye(7, dtype=np.float32))
    a_new_project(
        sqlite,
        dataset={"kind": "upload", "upload_id": "abc.npy"},
        display={"kind": "auto"},
        features={"kind": "auto"},
    )

    assert do_next(worker) == "finished"

    assert the_project(sqlite).n_samples == 7


def test_a_model_named_by_import_path_makes_the_features(
    worker: Worker, sqlite: Database, settings: Settings
) -> None:
    """Texts are embedded in a child, by a model in a module that the operator allows."""
    (settings.root_dir / "films.csv").write_text("text\ngood\nvery bad\n")
    features = {"kind": "embedding", "column": "text", "model": f"{HERE}:word_counts"}
    a_new_project(
        sqlite,
        dataset={"kind": "table", "path": "films.csv"},
        display={"kind": "auto"},
        features=features,
    )

    assert do_next(worker) == "finished"

    project = the_project(sqlite)
    assert project.config["features"] == features
    X = open_features(settings.project_folder(project.id)).chunk(0, 2)
    assert X.tolist() == [[4.0, 1.0], [8.0, 2.0]]


def test_data_that_cant_be_read_fails_the_project(
    worker: Worker, sqlite: Database, settings: Settings
) -> None:
    """A project whose file is missing is failed and says which file."""
    a_new_project(
        sqlite,
        dataset={"kind": "table", "path": "gone.csv"},
        display={"kind": "auto"},
        features={"kind": "auto"},
    )

    assert do_next(worker) == "failed"

    project = the_project(sqlite)
    assert project.state == "failed"
    assert "gone.csv" in str(project.error)


def test_a_round_without_candidates_still_evaluates(
    worker: Worker, sqlite: Database, settings: Settings
) -> None:
    """When all but the checks are labeled, a round fits, evaluates and leaves checks to label."""
    project = a_prepared_project(sqlite, settings, worker, check_share=0.2)
    checked = an_annotation_of_a_check(sqlite)
    open_checks = {lease.sample_id for lease in a_claimed_batch(sqlite, size=50, at=None)}
    reserved = project.n_reserved
    for sample_id in range(60):
        entry = sqlite.read(queue_store.entries, project.id, [sample_id]).get(sample_id)
        is_check = entry is not None and entry[0]["source"] == "check"
        if not is_check:
            said = "positive" if sample_id % 2 else "negative"
            an_annotation(sqlite, ANN, sample_id, said, at=None)
    asked = a_waiting_round(sqlite)

    assert do_next(worker) == "finished"

    job = the_job(sqlite, asked)
    left = a_claimed_batch(sqlite, OLGA, size=50, at=None)
    assert open_checks
    assert job.result["n_candidates"] == 0
    assert job.result["accuracy"]["n"] == checked
    assert job.result["n_train"] == 60 - reserved
    assert {lease.source for lease in left} <= {"check"}


def test_children_are_forked_from_one_warm_process(
    worker: Worker, sqlite: Database, settings: Settings, tmp_path: Path
) -> None:
    """The second round imports nothing anew: it is forked from where the first one was."""
    seen = []
    a_prepared_project(sqlite, settings, worker)
    label(sqlite, range(4))
    for n in range(2):
        path = tmp_path / f"seen-{n}"
        sqlite.write(
            lambda tx, path=path: _change_estimator(tx, estimator("Spies", path=str(path)))
        )
        a_waiting_round(sqlite)
        assert do_next(worker) == "finished"
        seen.append(json.loads(path.read_text()))

    assert seen[0]["fork_server"] == seen[1]["fork_server"]
    assert seen[0]["pid"] != seen[1]["pid"]


def _change_estimator(tx: object, described: dict[str, object]) -> None:
    from jupyterlab_al.services import projects

    projects.change(tx, "reviews", OLGA, config={"estimator": described})  # type: ignore[arg-type]


def test_a_child_is_small_nice_and_knows_no_secret(
    sqlite: Database, settings: Settings, tmp_path: Path, worker: Worker
) -> None:
    """A round's process is bounded, gives way to the server and can't find the database."""
    path = tmp_path / "seen"
    bounded = Worker(replace(settings, memory_limit=8 * 2**30), sqlite, Bell())
    a_prepared_project(sqlite, settings, worker, estimator=estimator("Spies", path=str(path)))
    label(sqlite, range(4))
    a_waiting_round(sqlite)

    assert do_next(bounded) == "finished"

    seen = json.loads(path.read_text())
    assert seen["address_space"] == 8 * 2**30
    assert seen["core"] == 0
    assert seen["niceness"] >= 10
    assert seen["oom_score"] > 0
    assert seen["term"]
    assert int(seen["threads"]) >= 1
    url = sqlite.engine.url.render_as_string(hide_password=False)
    assert url not in json.dumps([seen["argv"], seen["environ"]])


def test_a_round_in_the_foreground_tells_its_progress(
    worker: Worker, sqlite: Database, settings: Settings
) -> None:
    """The command line does a round itself and sees it go from phase to phase."""
    project = a_prepared_project(sqlite, settings, worker)
    label(sqlite, range(4))
    asked = sqlite.write(rounds.request, "reviews", OLGA)
    told: list[tuple[str, float]] = []

    done = follow(settings, sqlite, project.id, asked.id, lambda *said: told.append(said))

    phases = list(dict.fromkeys(phase for phase, _progress in told))
    assert done is not None
    assert done.state == "finished"
    assert phases == ["fit", "evaluate", "score", "rank"]
    assert sqlite.read(jobs.active) == []


def test_starting_children_leaves_the_environment_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A command or a notebook that does a round keeps its own environment."""
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "mine")
    before = dict(os.environ)

    warm_up()

    assert dict(os.environ) == before


@pytest.mark.usefixtures("_warm")
def test_workers_side_by_side_do_each_job_once(postgresql_url: str, settings: Settings) -> None:
    """Several workers on PostgreSQL share the jobs of a store; none is done twice or left."""
    database = Database(open_engine(postgresql_url))
    names = [f"project-{n}" for n in range(8)]
    dataset = a_dataset(settings)
    for name in names:
        a_new_project(database, name, **dataset)
    endings: list[str] = []

    def work() -> None:
        worker = Worker(settings, database, Bell())
        while (job := worker.take()) is not None:
            endings.append(worker.run_one(job))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(240)

    assert [the_project(database, name).state for name in names] == ["active"] * 8
    assert endings == ["finished"] * 8
    database.dispose()


def test_a_program_is_not_run_again_by_its_children(
    worker: Worker, sqlite: Database, settings: Settings, tmp_path: Path
) -> None:
    """A script that does a round in the foreground runs once, guard or not."""
    project = a_prepared_project(sqlite, settings, worker)
    label(sqlite, range(4))
    asked = a_waiting_round(sqlite)
    url = sqlite.engine.url.render_as_string(hide_password=False)
    script, ran = tmp_path / "script.py", tmp_path / "ran"
    script.write_text(
        f"""
from pathlib import Path
with open({str(ran)!r}, "a") as file:
    file.write("ran")
from jupyterlab_al.datasets.features import open_features
from jupyterlab_al.domain.settings import Settings
from jupyterlab_al.store.database import Database, open_engine
from jupyterlab_al.worker.loop import follow
settings = Settings(
    data_dir=Path({str(settings.data_dir)!r}), root_dir=Path({str(settings.root_dir)!r})
)
follow(settings, Database(open_engine({url!r})), {project.id}, {asked})
"""
    )

    subprocess.run(
        [sys.executable, str(script)], check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )

    assert ran.read_text() == "ran"
    assert the_job(sqlite, asked).state == "finished"


def test_a_second_round_is_based_on_the_newer_labels(
    worker: Worker, sqlite: Database, settings: Settings
) -> None:
    """Each round says how many labels there were, and its order replaces the one before."""
    a_prepared_project(sqlite, settings, worker)
    label(sqlite, range(4))
    first = a_waiting_round(sqlite)
    do_next(worker)
    label(sqlite, range(4, 9))
    second = a_waiting_round(sqlite)

    do_next(worker)

    project = the_project(sqlite)
    assert (the_job(sqlite, first).n_labels, the_job(sqlite, second).n_labels) == (4, 9)
    assert (project.order_round, project.order_labels) == (second, 9)
    assert the_job(sqlite, second).result["changed_share"] is not None


def test_an_unknown_dataset_kind_fails_in_words(
    worker: Worker, sqlite: Database, settings: Settings
) -> None:
    """A project that can't be understood fails with a sentence and does not end the worker."""
    a_new_project(sqlite, **{**a_dataset(settings), "dataset": {"kind": "carrier pigeon"}})

    assert do_next(worker) == "failed"

    assert "carrier pigeon" in str(the_project(sqlite).error)
