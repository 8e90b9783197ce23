"""The oracle over REST, against the same pool labeled without HTTP."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.client import Client
from benchmarks.label_efficiency import STRATEGIES, Curve, Size, curve_row, learn
from benchmarks.oracle import Digits, digits_project
from benchmarks.report import Report, Table, Target
from benchmarks.servers import Place, running_server
from jupyterlab_al.learning.persistence import TRUSTED

FULL = Size(seeds=1)
TINY = Size(seeds=1, labels=20)
SEED = 0


def run(size: Size = FULL) -> Report:
    """Measure it."""
    curves: dict[str, Curve] = {}
    for strategy in STRATEGIES:
        with tempfile.TemporaryDirectory(prefix="al-bench-") as folder:
            curves[f"{strategy}, over REST"] = _over_rest(Path(folder), strategy, size)
        with tempfile.TemporaryDirectory(prefix="al-bench-") as folder:
            curves[f"{strategy}, in one process"] = learn(Path(folder), strategy, SEED, size)
    points = sorted(set.intersection(*map(set, curves.values())))
    apart = max(
        abs(curves[f"{name}, over REST"][n] - curves[f"{name}, in one process"][n])
        for name in STRATEGIES
        for n in points
    )
    margin, random = (curves[f"{name}, over REST"][points[-1]] for name in STRATEGIES)
    return Report(
        title=f"over_rest: digits, {size.labels} labels by an oracle over REST",
        tables=[
            Table(
                head=("accuracy with … labels", *map(str, points)),
                rows=[curve_row(name, curve, points) for name, curve in curves.items()],
            )
        ],
        targets=[
            Target(
                what="margin above random over REST",
                wanted="yes",
                measured=f"{margin:.3f} against {random:.3f}",
                is_met=margin > random,
            ),
            Target(
                what="largest difference to the same seed in one process",
                wanted="0",
                measured=f"{apart:.3f}",
                is_met=apart == 0,
            ),
        ],
        notes=["The estimators are those that `GET estimator` gives, read with skops."],
        figures={"apart": apart, "points": len(points)},
    )


def _over_rest(folder: Path, strategy: str, size: Size) -> Curve:
    digits = Digits.split(SEED, n_exam=size.n_exam)
    exam = digits.exam_features(folder / "exam")
    place = Place.in_folder(folder)
    path = digits.write(place.root, "digits")
    curve: Curve = {}
    with running_server(place, worker="local") as server:
        client = server.client()
        client("POST", "projects", digits_project("digits", path, strategy, SEED))
        while client("GET", "projects/digits")["state"] == "preparing":
            time.sleep(0.05)
        n_rounds = 0
        for n in range(1, size.labels + 1):
            [lease] = client.claim("digits", size=1)
            client.annotate("digits", lease, digits.label(lease["sample_id"]))
            finished = _finished_rounds(client)
            if finished > n_rounds:
                n_rounds = finished
                curve[n] = _accuracy(client, digits, exam)
    return curve


def _finished_rounds(client: Client) -> int:
    """Wait until no round is under way; return how many have finished."""
    while True:
        rounds = client("GET", "projects/digits/rounds?limit=1000")["rounds"]
        states = [each["state"] for each in rounds]
        if not {"queued", "running"} & set(states):
            assert set(states) <= {"finished"}, rounds
            return len(states)
        time.sleep(0.02)


def _accuracy(client: Client, digits: Digits, exam: np.ndarray) -> float:
    import skops.io

    content = client.raw("GET", "/al/api/projects/digits/estimator")
    estimator = skops.io.loads(content, trusted=sorted(TRUSTED))
    return float(np.mean(estimator.predict(exam) == digits.solutions))
