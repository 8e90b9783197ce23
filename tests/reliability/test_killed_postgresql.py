"""Bad days: PostgreSQL is killed while people label."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from tests.postgresql import PostgresqlServer, running_server
from tests.reliability.annotators import Annotators
from tests.reliability.served import Annotator, Refused, Served
from tests.waiting import until

ANNOTATORS = 3
KILLS = 3
LABELS_BETWEEN = 15


@pytest.fixture
def postgresql() -> Iterator[PostgresqlServer]:
    """Return a PostgreSQL server of the test's own that waits for its disk."""
    with running_server(durable=True) as server:
        yield server


@pytest.fixture
def served(tmp_path: Path, postgresql: PostgresqlServer) -> Iterator[Served]:
    """Return a running server on it with an active project `numbers`."""
    with Served(tmp_path, postgresql.url(postgresql.create())) as server:
        server.create("numbers", np.random.default_rng(0).normal(size=(5_000, 4)))
        yield server


@pytest.mark.postgresql
@pytest.mark.timeout(300)
def test_no_acknowledged_label_is_lost(served: Served, postgresql: PostgresqlServer) -> None:
    """Meanwhile people are told; afterwards the same server goes on, and every label is there."""
    with Annotators(served, "numbers", ANNOTATORS, away=Refused) as annotators:
        for kill in range(KILLS):
            annotators.wait_for_labels(LABELS_BETWEEN * (kill + 1))
            n_told = len(annotators.met)
            postgresql.kill()
            until(lambda told=n_told: len(annotators.met) > told)
            postgresql.start()
        annotators.wait_for_labels(LABELS_BETWEEN * (KILLS + 1))

    annotators.check_account()
    assert {refusal.args[0] for refusal in annotators.met} == {503}
    assert all("database_unavailable" in refusal.args[1] for refusal in annotators.met)


@pytest.mark.postgresql
@pytest.mark.timeout(300)
def test_rounds_go_on(served: Served, postgresql: PostgresqlServer) -> None:
    """The worker finds the database again by itself."""
    postgresql.kill()
    postgresql.start()
    annotator = Annotator(served, "numbers")
    until(lambda: _has_labeled(annotator, 12))

    until(lambda: _has_a_round(served))


def _has_labeled(annotator: Annotator, n: int) -> bool:
    with suppress(Refused):
        annotator.label()
    return len(annotator.acknowledged) >= n


def _has_a_round(served: Served) -> bool:
    try:
        found = served.request("GET", "projects/numbers/rounds")["rounds"]
    except Refused:
        return False
    return any(each["state"] == "finished" for each in found)
