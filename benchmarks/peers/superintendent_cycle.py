"""One retrain cycle of superintendent on SQLite: `superintendent_cycle.py X.npy y.npy FOLDER`.

The first samples of `X` are labeled with `y`; what follows is what its "Retrain" button does.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from pathlib import Path

import ipywidgets
import numpy as np
from sklearn.linear_model import LogisticRegression
from superintendent import Superintendent
from superintendent.db_queue import DatabaseQueue


class Silent(ipywidgets.Box):
    """Shows nothing and is never answered."""

    def on_submit(self, callback):
        """Take whom to tell of an answer; there never is one."""

    def display(self, sample):
        """Show a sample."""


def main(x_path, y_path, folder):
    """Fill a queue, retrain once, and print seconds and memory."""
    warnings.simplefilter("ignore")
    X, y = np.load(x_path), np.load(y_path)
    queue = DatabaseQueue(f"sqlite:///{folder}/superintendent.sqlite")
    queue.enqueue(X[: len(y)], [str(label) for label in y])
    queue.enqueue(X[len(y) :])
    labeler = Superintendent(
        queue=queue,
        labelling_widget=Silent(),
        model=LogisticRegression(max_iter=1000),
        acquisition_function="margin",
    )
    began, cpu = time.perf_counter(), time.process_time()
    labeler.retrain()
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu
    status = Path("/proc/self/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
    said = labeler.model_performance.value
    print(
        json.dumps({"seconds": seconds, "cpu_seconds": cpu_seconds, "peak_mb": peak, "said": said})
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
