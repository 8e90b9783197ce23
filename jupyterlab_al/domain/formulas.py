"""Texts that a spreadsheet would take for a formula, made harmless and read back."""

from __future__ import annotations

#: What a spreadsheet takes for the start of a formula.
STARTS = ("=", "+", "-", "@", "\t", "\r")


def escaped(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> escaped("=1+1")
    "'=1+1"
    """
    return "'" + text if text.startswith(STARTS) else text


def unescaped(text: str) -> str:
    """Return the text that `escaped` was given.

    >>> unescaped("'=1+1")
    '=1+1'
    """
    return text[1:] if text.startswith("'") and text[1:].startswith(STARTS) else text
