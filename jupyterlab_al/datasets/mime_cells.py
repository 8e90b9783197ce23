"""A cell with a MIME bundle or HTML, as JupyterLab's renderers take it; never trusted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from jupyterlab_al.datasets.bundles import Bundle, as_text, json_value, text_bundle

#: Types of our own, which only the server may make.
_OURS = "application/vnd.jupyterlab-al."
_MIME = re.compile(r"[a-z]+/[\w.+\-]+\Z", re.ASCII)
#: HTML begins with a tag or a comment.
_HTML = re.compile(r"\s*<(!--|!doctype\b|[a-z][a-z0-9]*[\s/>])", re.IGNORECASE)
#: A page or a part of one: it begins with a tag that is used for that, and ends with one.
_PAGE = re.compile(
    r"\s*<(!--|!doctype\b|(html|head|body|main|article|section|header|div|p|span|h[1-6]|ul|ol|dl|"
    r"table|figure|blockquote|pre|img|a|b|i|em|strong|br|hr|svg|form|details)[\s/>]).*>\s*\Z",
    re.IGNORECASE | re.DOTALL,
)
#: Charts that may name data by URL, which a browser would fetch.
_CHARTS = re.compile(r"application/vnd\.vega")
#: JSON that is nested more deeply is no bundle.
_DEEPEST = 100


def holds_bundle(value: object) -> bool:
    """Return whether `value` is a MIME bundle, or the JSON of one."""
    found = value
    if isinstance(value, str):
        if not value.lstrip().startswith("{"):
            return False
        try:
            found = json.loads(value)
        except (ValueError, RecursionError):
            return False
    if not isinstance(found, dict) or _is_too_deep(found):
        return False
    return any(isinstance(mime, str) and _may_pass(mime, data) for mime, data in found.items())


def holds_html(value: object) -> bool:
    """Return whether `value` is clearly HTML that a person would rather see drawn."""
    return isinstance(value, str) and _PAGE.match(value) is not None


def mime_bundle(value: object) -> Bundle:
    """Return the bundle or HTML found in `value` (a mapping, its JSON, or a string), else text."""
    found = value
    if isinstance(value, str):
        if _HTML.match(value):
            return {"text/html": value, "text/plain": value}
        try:
            found = json.loads(value)
        except (ValueError, RecursionError):
            return text_bundle(value)
    if not isinstance(found, dict) or _is_too_deep(found):
        return text_bundle(value)
    bundle = {
        mime: _data(mime, data)
        for mime, data in found.items()
        if isinstance(mime, str) and _may_pass(mime, data)
    }
    if bundle:
        return bundle
    if any(isinstance(mime, str) and _CHARTS.match(mime) for mime in found):
        return {"text/plain": "This chart takes data from elsewhere, so it is not drawn."}
    return text_bundle(value)


def _may_pass(mime: str, data: object) -> bool:
    if data is None or not _MIME.match(mime) or mime.startswith(_OURS):
        return False
    return not (_CHARTS.match(mime) and any(name == "url" for name in _names(data)))


def _data(mime: str, data: object) -> Any:
    """Return what a renderer takes: notebooks keep a text as a list of its lines."""
    is_text = mime.startswith(("text/", "image/")) and "json" not in mime
    if is_text and isinstance(data, list):
        return "".join(as_text(line) for line in data)
    return as_text(data) if is_text else json_value(data)


def _names(data: object) -> Iterator[str]:
    """Yield the names of all fields, however deep."""
    waiting = [data]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield from map(str, one)
            waiting += one.values()
        elif isinstance(one, list | tuple):
            waiting += one


def _is_too_deep(data: object) -> bool:
    level = [data]
    for _ in range(_DEEPEST):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list | tuple)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return False
    return True
