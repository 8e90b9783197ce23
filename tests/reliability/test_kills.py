"""Bad days: server and worker are killed while people label."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from tests.reliability.annotators import Annotators
from tests.reliability.served import Annotator, Served
from tests.waiting import until

#: The long mode has 100.
KILLS = int(os.environ.get("JUPYTERLAB_AL_KILLS", "5"))
ANNOTATORS = 3
N_SAMPLES = 20_000
#: Labels that are acknowledged between two kills, at least.
LABELS_BETWEEN = 12


@pytest.fixture
def served(tmp_path: Path, db_url: str) -> Iterator[Served]:
    """Return a running server with an active project `numbers`."""
    X = np.random.default_rng(0).normal(size=(N_SAMPLES, 4)).astype(np.float32)
    with Served(tmp_path, db_url) as server:
        server.create("numbers", X, queue_size=1000)
        yield server


@pytest.mark.timeout(60 + 60 * KILLS)
def test_no_acknowledged_label_is_lost(served: Served) -> None:
    """Killing server and worker at random moments loses nothing and labels nothing twice."""
    random_moment = random.Random(7)  # noqa: S311 - moments, not secrets

    with Annotators(served, "numbers", ANNOTATORS, away=OSError) as annotators:
        for kill in range(KILLS):
            annotators.wait_for_labels(LABELS_BETWEEN * (kill + 1))
            time.sleep(random_moment.uniform(0.0, 0.5))
            if kill % 3 == 2:
                with suppress(ProcessLookupError):
                    served.kill_worker()
            else:
                served.kill()
                served.start()
        annotators.wait_for_labels(LABELS_BETWEEN * (KILLS + 1))

    annotators.check_account()


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


def _wait_for_a_round(served: Served, *, after: int) -> None:
    def is_there() -> bool:
        found = served.request("GET", "projects/numbers/rounds")["rounds"]
        return sum(each["state"] == "finished" for each in found) > after

    until(is_there)
