"""Run benchmarks by name, or all of them: `python -m benchmarks [name …]`."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from importlib import import_module
from inspect import signature
from typing import Any

from benchmarks.machine import described

NAMES = (
    "labeling_loop",
    "concurrent",
    "during_fit",
    "score_rank",
    "scale",
    "query_step",
    "text_round",
    "publish",
    "export",
    "new_order",
    "freshness",
    "label_efficiency",
    "over_rest",
    "strategies",
    "stopping",
    "honest",
    "quality",
    "anchor",
    "import_table",
    "data_in",
    "labels_out",
    "start_up",
)


def main() -> None:
    """Run what was asked for and print it as Markdown."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of: {', '.join(NAMES)}")
    parser.add_argument("--tiny", action="store_true", help="only see whether they run")
    parser.add_argument("--seeds", type=int, help="replays of each, where there are some")
    for name in ("sets", "estimators", "strategies"):
        parser.add_argument(f"--{name}", type=_names, help="some of them only, split by commas")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.names) - set(NAMES))
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]}; there are {', '.join(NAMES)}")
    for name in arguments.names or NAMES:
        module = import_module(f"benchmarks.{name}")
        before = described()
        report = module.run(_size(module, arguments))
        print(
            f"{report.markdown()}\n\n{before} before, {os.getloadavg()[0]:.1f} after\n", flush=True
        )


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


def _size(module: Any, arguments: argparse.Namespace) -> Any:
    """Return how much is measured: what the benchmark says, but for what was asked for."""
    usual = signature(module.run).parameters["size"].default
    size = module.TINY if arguments.tiny else usual
    given = {
        name: getattr(arguments, name) for name in ("seeds", "sets", "estimators", "strategies")
    }
    return replace(
        size, **{name: value for name, value in given.items() if value and hasattr(size, name)}
    )


if __name__ == "__main__":
    main()
