"""Annotators that label as fast as they can, each in a process of its own.

`python -m benchmarks.annotators` is one of them: it reads its orders from stdin, says `ready`, and
begins when it reads another line. It imports the standard library only.
"""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter
from typing import IO, Any

from benchmarks.client import Address, Client, RefusedError

REPOSITORY = Path(__file__).parents[1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Orders:
    """What an annotator is told."""

    port: int
    token: str
    project: str
    classes: Sequence[str]
    #: Samples to claim at once, when the last are used up.
    ahead: int
    #: Labels to give.
    labels: int
    #: An address that echoes, to be asked in place of the project.
    echo_at: str = ""


@dataclass(kw_only=True, slots=True)
class Work:
    """What an annotator did."""

    #: Seconds that the person waited for each label: its annotation and the claim before it.
    seconds: list[float] = field(default_factory=list)
    #: Key and sample of each label that the server acknowledged.
    acknowledged: list[tuple[str, int]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    began: float = 0.0
    ended: float = 0.0


def label(orders: Orders, client: Client) -> Work:
    """Claim and annotate until all labels are given or nothing is left."""
    work, name, held = Work(began=perf_counter()), str(uuid.uuid4()), []
    for i in range(orders.labels):
        began = perf_counter()
        try:
            held = held or client.claim(orders.project, size=orders.ahead, client=name)
            if not held:
                break
            lease = held.pop(0)
            label_ = orders.classes[(i + lease["sample_id"]) % len(orders.classes)]
            key = client.annotate(orders.project, lease, label_)
        except (RefusedError, OSError) as error:
            work.errors.append(str(error))
            client = Client(Address(orders.port, orders.token))
            continue
        work.seconds.append(perf_counter() - began)
        work.acknowledged.append((key, lease["sample_id"]))
    work.ended = perf_counter()
    return work


def echo(orders: Orders, client: Client) -> Work:
    """Send two requests for each label to a handler that only echoes: the bare limit."""
    work = Work(began=perf_counter())
    for i in range(orders.labels):
        began = perf_counter()
        for _ in range(2):
            client.raw("POST", orders.echo_at, {"sample_id": i, "label": orders.classes[0]})
        work.seconds.append(perf_counter() - began)
    work.ended = perf_counter()
    return work


def label_together(orders: Orders, n: int) -> list[Work]:
    """Let `n` annotators label at the same time; return what each did."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.annotators"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=REPOSITORY,
            text=True,
        )
        for _ in range(n)
    ]
    try:
        pipes = [_pipes(process) for process in processes]
        for stdin, _ in pipes:
            _say(stdin, json.dumps(asdict(orders)))
        for _, stdout in pipes:
            assert stdout.readline() == "ready\n"
        for stdin, _ in pipes:
            _say(stdin, "go")
        return [Work(**json.loads(stdout.read())) for _, stdout in pipes]
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout


def _say(stdin: IO[str], line: str) -> None:
    stdin.write(f"{line}\n")
    stdin.flush()


def main() -> None:
    """Do what stdin says and print what was done."""
    told: dict[str, Any] = json.loads(sys.stdin.readline())
    orders = Orders(**told)
    client = Client(Address(orders.port, orders.token))
    client("GET", "status")
    print("ready", flush=True)
    sys.stdin.readline()
    do = echo if orders.echo_at else label
    print(json.dumps(asdict(do(orders, client))))


if __name__ == "__main__":
    main()
