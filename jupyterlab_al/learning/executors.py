"""Where the parts of a pool are scored: in this process, in several, or on a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from jupyterlab_al.domain.errors import RoundFailedError
from jupyterlab_al.domain.settings import LOCAL, processes_of

P = TypeVar("P")
R = TypeVar("R")

#: Parts for each worker, so that one that is slow does not make the others wait.
PARTS_EACH = 4
#: How often a part is tried when the worker that has it is lost.
RETRIES = 3
#: Seconds after which a cluster that does not answer is given up.
CONNECT_SECONDS = 10.0


class Executor(Protocol):
    """Calls a function for each part; results come in the order of the parts."""

    #: How many parts to make, and how many are done at once.
    n_parts: int
    n_workers: int

    def map(self, work: Callable[[P], R], parts: Sequence[P]) -> Iterator[R]:
        """Yield ``work(part)`` for each part, in their order."""
        ...


class InProcess:
    """One part after the other, here."""

    n_parts = n_workers = 1

    def map(self, work: Callable[[P], R], parts: Sequence[P]) -> Iterator[R]:
        """Yield ``work(part)`` for each part."""
        yield from map(work, parts)


class LocalProcesses:
    """Several processes of this machine; each maps the same files of features.

    Parameters
    ----------
    n : int
        How many; 0 for one a processor.
    """

    def __init__(self, n: int) -> None:
        from joblib import cpu_count

        self.n_workers = n or int(cpu_count())
        self.n_parts = PARTS_EACH * self.n_workers

    def map(self, work: Callable[[P], R], parts: Sequence[P]) -> Iterator[R]:
        """Yield ``work(part)`` for each part, in their order."""
        from joblib import Parallel, delayed

        yield from Parallel(n_jobs=self.n_workers, return_as="generator")(
            delayed(work)(part) for part in parts
        )


class OnDask:
    """Workers of a Dask cluster; they see the project folder under the same path.

    Parameters
    ----------
    client : distributed.Client
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self.n_workers = max(1, len(client.scheduler_info()["workers"]))
        self.n_parts = PARTS_EACH * self.n_workers

    def map(self, work: Callable[[P], R], parts: Sequence[P]) -> Iterator[R]:
        """Yield ``work(part)`` for each part, in their order; lost ones are done again."""
        futures = self._client.map(work, list(parts), pure=False, retries=RETRIES)
        try:
            for future in futures:
                yield future.result()
        finally:
            self._client.cancel(futures)


@contextmanager
def opened(name: str) -> Iterator[Executor]:
    """Give the executor that a setting names: `local`, `processes:N`, or a Dask scheduler.

    Raises
    ------
    RoundFailedError
        If Dask is not installed, or its scheduler does not answer.
    """
    n = processes_of(name)
    if name == LOCAL:
        yield InProcess()
    elif n is not None:
        yield LocalProcesses(n)
    else:
        with _client(name) as client:
            yield OnDask(client)


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise RoundFailedError(
            f"The executor {address} needs Dask on the machine of the worker: "
            'pip install "jupyterlab_al[dask]".'
        ) from error
    try:
        # Certificates for tls:// come from Dask's own configuration.
        connect: Any = Client
        return connect(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError, RuntimeError) as error:
        raise RoundFailedError(
            f"The Dask scheduler at {address} does not answer ({type(error).__name__}: {error}). "
            "Start it, or set executor to local."
        ) from error
