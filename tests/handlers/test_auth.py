"""Who gets in: every route, by a walk over all of them."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from typing import Any

import pytest

from jupyterlab_al.handlers.base import ApiHandler
from jupyterlab_al.handlers.routes import ROUTES

VERBS = ("get", "post", "put", "patch", "delete")


def endpoints() -> list[tuple[str, str, Callable[..., Any]]]:
    """Return every verb of every route."""
    return [
        (pattern, verb, getattr(handler, verb))
        for pattern, handler in ROUTES
        for verb in VERBS
        if getattr(handler, verb) is not getattr(ApiHandler, verb)
    ]


def test_there_are_endpoints() -> None:
    """The walk over all routes does not run empty."""
    assert len(endpoints()) >= 25


@pytest.mark.parametrize(("pattern", "verb", "method"), endpoints())
def test_every_endpoint_names_its_action_and_resource(
    pattern: str, verb: str, method: Callable[..., Any]
) -> None:
    """Every verb is authenticated, and authorized with both arguments."""
    assert getattr(method, "__allow_unauthenticated", False) is False, pattern
    source = inspect.getsource(method)
    assert "@authenticated\n" in source, (pattern, verb)
    assert '@authorized("' in source, (pattern, verb)
    assert 'resource="jupyterlab_al.' in source, (pattern, verb)


async def test_without_a_token_every_endpoint_is_forbidden(
    http_server_client: Any, jp_serverapp: Any, jp_base_url: str
) -> None:
    """A request without a token answers 403 in a word of its own, and nothing about projects."""
    for pattern, verb, _method in endpoints():
        path = pattern.replace("(?P<name>[^/]+)", "reviews")
        path = path.replace(r"\.", ".").replace(".*", "nowhere")
        for part in ("annotation_id", "round_id", "sample_id"):
            path = path.replace(f"(?P<{part}>[0-9]{{1,18}})", "1")

        response = await http_server_client.fetch(
            f"{jp_base_url}al/api/{path}",
            method=verb.upper(),
            body=b"{}" if verb in ("post", "put", "patch") else None,
            raise_error=False,
        )

        assert response.code == 403, (pattern, verb)
        assert b"reviews" not in response.body
        assert json.loads(response.body)["error"] == "not_logged_in"


async def test_a_page_that_only_reads_first_may_write_then(
    http_server_client: Any, jp_serverapp: Any, jp_base_url: str
) -> None:
    """A logged-in browser gets the cookie that guards writing with its first read, not before."""
    token = jp_serverapp.identity_provider.token
    jar: dict[str, str] = {}

    async def fetch(path: str, method: str = "GET", **headers: str) -> tuple[int, str | None]:
        cookies = "; ".join(f"{name}={value}" for name, value in jar.items())
        response = await http_server_client.fetch(
            f"{jp_base_url}{path}",
            method=method,
            body=b"{}" if method == "POST" else None,
            headers={"Cookie": cookies, **headers},
            raise_error=False,
        )
        for cookie in response.headers.get_list("Set-Cookie"):
            name, _, rest = cookie.partition("=")
            jar[name] = rest.partition(";")[0]
        return response.code, json.loads(response.body).get("error")

    await fetch(f"api/me?token={token}")
    jar.pop("_xsrf", None)
    refused = await fetch("al/api/projects", "POST")
    read = await fetch("al/api/status")
    unguarded = await fetch("al/api/projects", "POST")
    written = await fetch("al/api/projects", "POST", **{"X-XSRFToken": jar["_xsrf"]})

    assert refused == unguarded == (403, "not_logged_in")
    assert read == (200, None)
    assert written == (400, "malformed"), "the body is looked at now"


async def test_the_address_of_a_labeling_view_needs_a_log_in(
    http_server_client: Any, jp_base_url: str, jp_serverapp: Any
) -> None:
    """A browser is sent to the view with the token, and to the log-in page without."""

    async def sent_to(query: str) -> str:
        url = f"{jp_base_url}al/open/my digits".replace(" ", "%20")
        answer = await http_server_client.fetch(
            f"{url}{query}", follow_redirects=False, raise_error=False
        )
        assert answer.code == 302
        return str(answer.headers["Location"])

    token = jp_serverapp.identity_provider.token

    assert await sent_to(f"?token={token}") == f"{jp_base_url}lab?al=my+digits"
    assert "/login?next=" in await sent_to("")
