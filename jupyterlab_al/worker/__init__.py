"""The background process: it prepares datasets and runs rounds, so that no server ever waits."""

from __future__ import annotations
