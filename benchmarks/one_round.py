"""One round with everything in a process of its own: `python -m benchmarks.one_round FOLDER`.

The project, with labels, is there already. This is the worker's way through the code (begin, fit,
evaluate, score, rank, publish) without its child, so that one process has all the memory.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter, process_time

from jupyterlab_al.worker import warm

PROJECT = "pool"


def main(folder: str) -> None:
    """Do the round and print seconds and memory."""
    # What a worker's children find loaded, and nothing before it.
    warm.load()

    from benchmarks.pools import ANN, WORKER, opened
    from benchmarks.servers import Place
    from jupyterlab_al.datasets.features import open_features
    from jupyterlab_al.learning.round import run_round
    from jupyterlab_al.services import rounds, training
    from jupyterlab_al.worker.rounds import ranking, round_task

    with opened(Place.in_folder(Path(folder))) as (database, settings):
        began, cpu = perf_counter(), process_time()
        asked = database.write(rounds.request, PROJECT, ANN)
        job = database.write(training.take, WORKER, lease_ms=600_000)
        assert job is not None
        assert job.id == asked.id
        labeled = database.write(training.begin, job)
        assert labeled is not None
        task = round_task(job, labeled, settings)
        features = open_features(task.features_folder)
        outcome = run_round(task, features, lambda _phase, _done: None)
        assert database.write(training.publish, job, WORKER, ranking(outcome, {}))
        seconds, cpu_seconds = perf_counter() - began, process_time() - cpu
    status = Path("/proc/self/status").read_text()
    print(
        json.dumps(
            {
                "seconds": seconds,
                "cpu_seconds": cpu_seconds,
                "peak_mb": int(status.split("VmHWM:")[1].split()[0]) / 1024,
                "n_candidates": outcome.n_candidates,
                "n_ranked": len(outcome.sample_ids),
                "has_looked_for_errors": outcome.doubts is not None
                and outcome.doubts.n_train == outcome.n_train,
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
