"""The same best samples wherever the pool is scored."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import dask
import numpy as np
import pytest
from distributed import Client, LocalCluster, Security
from sklearn.linear_model import LogisticRegression

from jupyterlab_al.domain.errors import RoundFailedError
from jupyterlab_al.learning.executors import Executor, OnDask, opened
from jupyterlab_al.learning.pool_utilities import PoolUtilities
from jupyterlab_al.learning.round import run_round
from jupyterlab_al.learning.scoring import Scores, score_pool
from jupyterlab_al.strategies.base import LabeledSet, QueryStrategy
from jupyterlab_al.strategies.registry import create
from jupyterlab_al.strategies.uncertainty import MarginSampling

N, ROWS = 5000, 100


class SlowMargin(MarginSampling):
    """Takes its time, so that a worker can be lost midway."""

    def _score(self, X: Any, estimator: Any, labeled: Any) -> Any:
        time.sleep(0.03)
        return super()._score(X, estimator, labeled)


def score(
    pool: Any,
    strategy: QueryStrategy,
    executor: Executor,
    report: Any = None,
    kept_in: PoolUtilities | None = None,
) -> Scores:
    """Score a pool with an estimator that was fitted on a part of it."""
    X, y = pool.features.X[:100], pool.labels[:100].tolist()
    return score_pool(
        pool.features,
        estimator=LogisticRegression().fit(X, y),
        strategy=strategy,
        labeled=LabeledSet(X=X, y=y),
        excluded=np.arange(0, N, 7),
        size=300,
        seed=5,
        rows=ROWS,
        report=report or (lambda _done: None),
        executor=executor,
        kept_in=kept_in,
    )


def require_same(one: Scores, other: Scores) -> None:
    """Compare bit for bit."""
    assert one.sample_ids.tolist() == other.sample_ids.tolist()
    assert one.utilities.tobytes() == other.utilities.tobytes()
    assert one.draw_probabilities.tobytes() == other.draw_probabilities.tobytes()
    assert (one.mean, one.n_candidates, one.phase) == (other.mean, other.n_candidates, other.phase)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    """Two workers behind TLS; Dask's configuration names the certificates, as an operator does."""
    security: Any = Security.temporary()
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    key.write_text(security.tls_client_key)
    cert.write_text(security.tls_client_cert)
    settings = {
        "distributed.comm.require-encryption": True,
        "distributed.comm.tls.ca-file": str(cert),
        "distributed.comm.tls.client.key": str(key),
        "distributed.comm.tls.client.cert": str(cert),
    }
    made: Any = LocalCluster
    with (
        dask.config.set(settings),
        made(
            n_workers=2, threads_per_worker=1, security=security, dashboard_address=None
        ) as running,
    ):
        yield running


@pytest.mark.parametrize("name", ["margin", "power_margin", "default", "random"])
def test_processes_give_what_one_gives(make_pool: Any, name: str) -> None:
    """Best first, drawn by chance or arranged: the order is the same, bit for bit."""
    pool = make_pool(n=N)

    with opened("local") as one, opened("processes:2") as several:
        require_same(score(pool, create(name, {}), several), score(pool, create(name, {}), one))


def test_processes_leave_the_utilities_that_one_leaves(make_pool: Any, tmp_path: Path) -> None:
    """The file of a whole pool's utilities is the same, byte for byte, wherever it was scored."""
    pool, files = make_pool(n=N), []

    for round_id, name in enumerate(("local", "processes:2")):
        kept_in = PoolUtilities(tmp_path, round_id=round_id, n=N)
        with opened(name) as executor:
            score(pool, MarginSampling(), executor, kept_in=kept_in)
        kept_in.keep(2)
        files.append(kept_in.path.read_bytes())

    assert files[0] == files[1]
    assert np.isnan(np.load(kept_in.path)).sum() == len(range(0, N, 7))


def test_a_cluster_gives_what_one_process_gives(make_pool: Any, cluster: Any) -> None:
    """The parts go to a scheduler that is named by its tls:// address."""
    pool = make_pool(n=N, sparse=True)
    assert cluster.scheduler_address.startswith("tls://")

    with opened("local") as one, opened(cluster.scheduler_address) as dask_workers:
        assert isinstance(dask_workers, OnDask)
        assert dask_workers.n_parts == 8
        require_same(
            score(pool, create("power_margin", {}), dask_workers),
            score(pool, create("power_margin", {}), one),
        )


def test_a_worker_killed_midway_changes_nothing(make_pool: Any, cluster: Any) -> None:
    """What a lost worker had is done again by the other; the best samples are the same."""
    pool = make_pool(n=N)
    killed: list[int] = []

    def kill_one(done: float) -> None:
        if not killed and done < 1:
            killed.append(pids[0])
            os.kill(pids[0], signal.SIGKILL)

    with opened(cluster.scheduler_address) as dask_workers, opened("local") as one:
        client: Client = dask_workers._client  # type: ignore[attr-defined]
        pids = list(client.run(os.getpid).values())
        found = score(pool, SlowMargin(), dask_workers, report=kill_one)
        expected = score(pool, MarginSampling(), one)

    assert killed
    with suppress(ProcessLookupError):
        os.kill(killed[0], 0)
    require_same(found, expected)


def test_a_whole_round_is_the_same_wherever_its_pool_is_scored(
    make_pool: Any, a_task: Any, cluster: Any
) -> None:
    """A round takes the executor that its task names, and gives the same order and figures."""
    pool = make_pool(n=N)
    task = a_task(pool, strategy=("default", {}))

    outcomes = [
        run_round(replace(task, executor=name), pool.features, lambda _phase, _done: None)
        for name in ("local", "processes:2", cluster.scheduler_address)
    ]

    for outcome in outcomes[1:]:
        assert outcome.sample_ids.tolist() == outcomes[0].sample_ids.tolist()
        assert outcome.utilities.tobytes() == outcomes[0].utilities.tobytes()
        assert outcome.utility_histogram == outcomes[0].utility_histogram


def test_a_scheduler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The round fails with words that an operator can act on."""
    monkeypatch.setattr("jupyterlab_al.learning.executors.CONNECT_SECONDS", 0.5)

    with (
        pytest.raises(RoundFailedError, match=r"tcp://127.0.0.1:9 does not answer.*local"),
        opened("tcp://127.0.0.1:9"),
    ):
        pass


def test_an_estimator_that_fails_in_a_process_says_why(make_pool: Any) -> None:
    """What went wrong elsewhere arrives in the same words."""
    pool = make_pool(n=N)
    pool.features.X[4000] = np.nan

    with pytest.raises(RoundFailedError, match="NaN"), opened("processes:2") as several:
        score(pool, MarginSampling(), several)


def test_features_travel_as_a_path(tmp_path: Path) -> None:
    """Another process maps the same file; no features are sent."""
    import pickle

    from jupyterlab_al.datasets.features import DenseFeatures

    np.save(tmp_path / "dense.npy", np.ones((1000, 50), dtype=np.float32))
    features = DenseFeatures(tmp_path)

    sent = pickle.dumps(features)

    assert len(sent) < 500
    assert np.array_equal(pickle.loads(sent).chunk(3, 5), np.ones((2, 50)))  # noqa: S301
