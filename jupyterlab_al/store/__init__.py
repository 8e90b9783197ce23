"""The only folder that knows the database."""

from __future__ import annotations
