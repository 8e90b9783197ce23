"""Open pools: kept memory-mapped between requests."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from jupyterlab_al.datasets.pool import SamplePool
from jupyterlab_al.domain.models import Project, SampleId
from jupyterlab_al.domain.settings import Settings

if TYPE_CHECKING:
    from jupyterlab_al.learning.predictions import Predictions

#: How many pools stay open.
OPEN_POOLS = 16


class Pools:
    """Reads samples for display, by project."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._open: OrderedDict[int, SamplePool] = OrderedDict()
        self._lock = threading.Lock()
        #: The predictions of the order that stands, by project and round.
        self._expected: OrderedDict[tuple[int, int], Predictions | None] = OrderedDict()

    def of(self, project: Project) -> SamplePool:
        """Return a project's pool."""
        with self._lock:
            pool = self._open.get(project.id)
            if pool is None or pool.n_samples != project.n_samples:
                folder = self._settings.project_folder(project.id)
                pool = SamplePool.open(folder, n_samples=project.n_samples)
                self._open[project.id] = pool
                if len(self._open) > OPEN_POOLS:
                    self._open.popitem(last=False)
            self._open.move_to_end(project.id)
            return pool

    async def shown(self, project: Project, samples: Sequence[SampleId]) -> list[tuple[str, Any]]:
        """Return key and MIME bundle of samples, read off the event loop where that takes long."""
        pool = self.of(project)
        if pool.is_quick:
            return _shown(pool, samples)
        return await asyncio.to_thread(_shown, pool, samples)

    async def predictions(
        self, project: Project, samples: Sequence[SampleId]
    ) -> list[dict[str, float] | None]:
        """Return what the model that made the order expects of samples, likeliest class first.

        None for a sample that it did not predict, and where no model made the order.
        """
        if project.order_round is None:
            return [None] * len(samples)
        at = (project.id, project.order_round)
        if at not in self._expected:
            self._expected[at] = await asyncio.to_thread(self._load_predictions, *at)
            if len(self._expected) > OPEN_POOLS:
                self._expected.popitem(last=False)
        expected = self._expected[at]
        if expected is None:
            return [None] * len(samples)
        found = [expected.probabilities(sample_id) for sample_id in samples]
        return [
            None if each is None else {project.classes[index]: p for index, p in each.items()}
            for each in found
        ]

    def _load_predictions(self, project_id: int, round_id: int) -> Predictions | None:
        # Here, so that a server's start needs no NumPy.
        from jupyterlab_al.learning.predictions import Predictions

        folder = self._settings.project_folder(project_id)
        return Predictions.load(folder, round_id=round_id)

    def keys(self, project: Project, samples: Iterable[SampleId]) -> list[str]:
        """Return the keys by which a person knows samples."""
        wanted = list(samples)
        return self.of(project).keys(wanted) if wanted else []

    def forget(self, project: Project) -> None:
        """Close a project's pool."""
        with self._lock:
            self._open.pop(project.id, None)


def _shown(pool: SamplePool, samples: Iterable[SampleId]) -> list[tuple[str, Any]]:
    return [(pool.key(sample_id), pool.display(sample_id)) for sample_id in samples]
