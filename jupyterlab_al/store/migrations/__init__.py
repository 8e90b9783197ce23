"""Alembic's folder: one file a schema version, forward only."""

from __future__ import annotations
