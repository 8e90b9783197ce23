"""Bad days: server and worker are killed while people label."""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from tests.reliability.served import Annotator, Served

#: The long mode has 100.
KILLS = int(os.environ.get("JUPYTERLAB_AL_KILLS", "5"))
ANNOTATORS = 3
N_SAMPLES = 20_000
#: Labels that are acknowledged between two kills, at least.
LABELS_BETWEEN = 12


@pytest.fixture
def served(tmp_path: Path, db_url: str) -> Iterator[Served]:
    """Return a running server with an active project `numbers`."""
    server = Served(tmp_path, db_url)
    server.start()
    rng = np.random.default_rng(0)
    np.save(tmp_path / "root" / "x.npy", rng.normal(size=(N_SAMPLES, 4)).astype(np.float32))
    server.request(
        "POST",
        "projects",
        {
            "name": "numbers",
            "dataset": {"kind": "array", "path": "x.npy"},
            "classes": ["a", "b"],
            "queue_size": 1000,
        },
    )
    while server.request("GET", "projects/numbers")["state"] == "preparing":
        time.sleep(0.1)
    yield server
    server.stop()


@pytest.mark.timeout(60 + 60 * KILLS)
def test_no_acknowledged_label_is_lost(served: Served) -> None:
    """Killing server and worker at random moments loses nothing and labels nothing twice."""
    random_moment = random.Random(7)  # noqa: S311 - moments, not secrets
    annotators = [Annotator(served, "numbers") for _ in range(ANNOTATORS)]
    stop = threading.Event()
    errors: list[BaseException] = []

    def work(annotator: Annotator) -> None:
        while not stop.is_set():
            try:
                annotator.label()
            except OSError:
                # The server is gone: try the same answer again.
                time.sleep(0.05)
            except BaseException as error:
                errors.append(error)
                raise

    threads = [threading.Thread(target=work, args=(each,)) for each in annotators]
    for thread in threads:
        thread.start()
    for kill in range(KILLS):
        _wait_for_labels(annotators, LABELS_BETWEEN * (kill + 1))
        time.sleep(random_moment.uniform(0.0, 0.5))
        if kill % 3 == 2:
            with suppress(ProcessLookupError):
                served.kill_worker()
        else:
            served.kill()
            served.start()
    _wait_for_labels(annotators, LABELS_BETWEEN * (KILLS + 1))
    stop.set()
    for thread in threads:
        thread.join()

    stored = _all_annotations(served)
    by_key = {item["key"]: item["sample_id"] for item in stored}
    acknowledged = {key: sample for each in annotators for key, sample in each.acknowledged.items()}
    assert errors == []
    # Every acknowledged label is there, once, and as it was sent.
    assert acknowledged == {key: by_key.get(key) for key in acknowledged}
    assert len(by_key) == len(stored)
    # What nobody was told of is at most the last answer of each annotator.
    assert len(stored) - len(acknowledged) <= ANNOTATORS
    # No sample was handed to two people.
    twice = [sample for sample, n in Counter(by_key.values()).items() if n > 1]
    assert twice == []


@pytest.mark.timeout(180)
def test_rounds_go_on_after_the_worker_was_killed(served: Served) -> None:
    """A killed worker is started again, and the queue moves on."""
    annotator = Annotator(served, "numbers")
    for _ in range(12):
        annotator.label()
    _wait_for_a_round(served, after=0)
    assert served.kill_worker()

    for _ in range(12):
        annotator.label()
    _wait_for_a_round(served, after=1)

    order = served.request("GET", "projects/numbers/metrics")["order"]
    assert order["by"] == "model"


def _wait_for_labels(annotators: list[Annotator], n: int) -> None:
    deadline = time.monotonic() + 60
    while sum(len(each.acknowledged) for each in annotators) < n:
        if time.monotonic() > deadline:
            raise TimeoutError("Labeling does not go on.")
        time.sleep(0.01)


def _wait_for_a_round(served: Served, *, after: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = served.request("GET", "projects/numbers/rounds")["rounds"]
        if sum(each["state"] == "finished" for each in found) > after:
            return
        time.sleep(0.2)
    raise TimeoutError(f"No round was finished: {found}")


def _all_annotations(served: Served) -> list[dict[str, object]]:
    stored: list[dict[str, object]] = []
    after = "0"
    while True:
        page = served.request("GET", f"projects/numbers/annotations?limit=1000&after={after}")
        stored += page["annotations"]
        if page["next"] is None:
            return stored
        after = page["next"]
