"""Where samples come from: looking at data, importing it, and reading it by position."""

from __future__ import annotations
