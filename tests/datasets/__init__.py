"""Tests of the datasets."""

from __future__ import annotations
