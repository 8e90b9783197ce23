"""Tests: read their docstrings and you have the specification."""
