"""What the design promises of speed and of labels saved, measured: `python -m benchmarks`.

Each benchmark compares with the bare limit in the same run, since machines differ and ratios hold.
"""

from __future__ import annotations
