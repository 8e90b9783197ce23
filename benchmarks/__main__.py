"""Run benchmarks by name, or all of them: `python -m benchmarks [name …]`."""

from __future__ import annotations

import argparse
import os
from importlib import import_module

from benchmarks.machine import described

NAMES = (
    "labeling_loop",
    "concurrent",
    "during_fit",
    "score_rank",
    "publish",
    "new_order",
    "label_efficiency",
    "over_rest",
    "strategies",
    "stopping",
    "honest",
    "anchor",
    "start_up",
)


def main() -> None:
    """Run what was asked for and print it as Markdown."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of: {', '.join(NAMES)}")
    parser.add_argument("--tiny", action="store_true", help="only see whether they run")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.names) - set(NAMES))
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]}; there are {', '.join(NAMES)}")
    for name in arguments.names or NAMES:
        module = import_module(f"benchmarks.{name}")
        before = described()
        report = module.run(module.TINY) if arguments.tiny else module.run()
        print(
            f"{report.markdown()}\n\n{before} before, {os.getloadavg()[0]:.1f} after\n", flush=True
        )


if __name__ == "__main__":
    main()
