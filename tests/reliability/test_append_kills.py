"""Samples that are being added when worker or server are killed: all of them come, or none."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jupyterlab_al.datasets.features import open_features
from jupyterlab_al.datasets.pool import SamplePool
from tests.reliability.served import Annotator, Served
from tests.waiting import until

#: The long mode has 100.
KILLS = int(os.environ.get("JUPYTERLAB_AL_KILLS", "5"))
N_BEFORE, N_ADDED, WIDTH = 2_000, 300_000, 16
N_LABELS = 5


@pytest.fixture
def served(tmp_path: Path, db_url: str) -> Iterator[Served]:
    """Return a running server with a project `numbers` of which a few samples are labeled."""
    rng = np.random.default_rng(0)
    before, added = (rng.normal(size=(n, WIDTH)).astype(np.float32) for n in (N_BEFORE, N_ADDED))
    with Served(tmp_path, db_url) as server:
        server.create("numbers", before, retrain_every=1_000)
        np.save(tmp_path / "root" / "more.npy", added)
        annotator = Annotator(server, "numbers")
        for _ in range(N_LABELS):
            annotator.label()
        yield server


def is_whole(served: Served, facts: Any) -> int:
    """Return how many samples there are, after a look at all that depends on it."""
    status = served.request("GET", "projects/numbers")
    n: int = status["n_samples"]
    assert status["state"] == "active"
    assert served.request("GET", "projects/numbers/annotations") == facts
    for sample_id in (0, N_BEFORE - 1, n - 1):
        assert served.request("GET", f"projects/numbers/samples/{sample_id}")["display"]
    folder = served.folder / "data" / "projects" / "1"
    assert SamplePool.open(folder, n_samples=n).n_samples == n
    X = open_features(folder, n_samples=n).take(np.array([0, n - 1]))
    assert X.shape == (2, WIDTH)
    assert np.isfinite(X).all()
    return n


def is_added(served: Served) -> bool:
    """Return whether the samples have come; asks for them again where that was given up."""
    status = served.request("GET", "projects/numbers")
    if status["preparing"]:
        return False
    if status["n_samples"] == N_BEFORE:
        served.request("POST", "projects/numbers/samples", {"path": "more.npy"})
        return False
    return True


@pytest.mark.timeout(120 + 60 * KILLS)
def test_all_samples_come_or_none(served: Served) -> None:
    """Killed at whatever moment: pool and labels are whole, and the import is done at last."""
    random_moment = random.Random(11)  # noqa: S311 - moments, not secrets
    facts = served.request("GET", "projects/numbers/annotations")
    seen = {is_whole(served, facts)}

    served.request("POST", "projects/numbers/samples", {"path": "more.npy"})
    for kill in range(KILLS):
        time.sleep(random_moment.uniform(0.0, 1.5))
        if kill % 3 == 2:
            served.kill()
            served.start()
        else:
            with suppress(ProcessLookupError):
                served.kill_worker()
        seen.add(is_whole(served, facts))
        is_added(served)
    until(lambda: is_added(served))
    assert served.request("GET", "projects/numbers")["error"] is None
    seen.add(is_whole(served, facts))

    assert seen == {N_BEFORE, N_BEFORE + N_ADDED}
    claimed = served.request("POST", "projects/numbers/queue/claim", {"size": 50})["leases"]
    assert any(lease["sample_id"] >= N_BEFORE for lease in claimed)
