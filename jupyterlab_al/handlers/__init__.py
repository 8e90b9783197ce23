"""HTTP in and out: parse, call a service, reply."""

from __future__ import annotations
