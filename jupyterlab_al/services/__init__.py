"""Use cases: functions of a transaction; no SQL, no HTTP."""

from __future__ import annotations
