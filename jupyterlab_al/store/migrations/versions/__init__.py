"""The schema versions, in order."""

from __future__ import annotations
