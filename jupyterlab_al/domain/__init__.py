"""Values and rules of active learning; standard library and NumPy only."""

from __future__ import annotations
