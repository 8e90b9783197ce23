"""Who may do what: every verb of every route, asked for by people of each role over HTTP."""

from __future__ import annotations

import asyncio
import json
import uuid
from dataclasses import dataclass
from typing import Any, get_args

import pytest
from jupyter_server.auth.identity import IdentityProvider, User
from sqlalchemy import insert

from jupyterlab_al.domain.models import Role
from jupyterlab_al.handlers.context import Context
from jupyterlab_al.store.tables import member
from tests.handlers.conftest import Answer, Api, Work
from tests.handlers.test_auth import endpoints

HEADER = "X-Test-User"
ROLES: tuple[Role, ...] = get_args(Role)


class HeaderIdentity(IdentityProvider):
    """Believes what a header says; a stand-in for a hub."""

    def get_user(self, handler: Any) -> Any:
        """Return the user whom the request names."""
        name = handler.request.headers.get(HEADER)
        return User(username=name) if name else None

    def is_token_authenticated(self, handler: Any) -> bool:
        """Say that this is a program, which needs no cookie to write."""
        return True


@pytest.fixture
def jp_server_config(jp_server_config: dict[str, Any]) -> dict[str, Any]:
    """Let requests name their user."""
    server = {**jp_server_config["ServerApp"], "identity_provider_class": HeaderIdentity}
    return {**jp_server_config, "ServerApp": server}


@pytest.fixture
def api(jp_fetch: Any) -> Api:
    """Return a client of Olga, who makes the project and owns it."""
    return client_of(jp_fetch, "olga")


def client_of(fetch: Any, user: str) -> Api:
    """Return a client that is somebody."""

    async def as_user(*path: str, **more: Any) -> Any:
        return await fetch(*path, headers={HEADER: user}, **more)

    return Api(as_user)


@dataclass(frozen=True, slots=True)
class Case:
    """One request, and who may send it."""

    pattern: str
    verb: str
    may: str
    body: Any = None
    query: str = ""


EVERYBODY, LABELERS, REVIEWERS, OWNERS = (
    "owner reviewer annotator viewer",
    "owner reviewer annotator",
    "owner reviewer",
    "owner",
)
LEASES = {"leases": [{"sample_id": 7, "token": "x"}]}


def annotation() -> dict[str, Any]:
    """Return the body of one more annotation."""
    item = {"key": str(uuid.uuid4()), "sample_id": 8, "label": "positive"}
    return {"annotations": [item]}


#: In this order, since the last ones end the project.
CASES = (
    Case("status", "get", EVERYBODY),
    Case(r"openapi\.json", "get", EVERYBODY),
    # Not of a project: whoever may use the server may make one, and then owns it.
    Case("uploads", "post", EVERYBODY),
    Case("datasets/inspect", "post", EVERYBODY, {"dataset": {"kind": "demo"}}),
    Case("projects", "get", EVERYBODY),
    Case("projects", "post", EVERYBODY, {}),
    Case("{}", "get", EVERYBODY),
    Case("{}/queue/claim", "post", LABELERS, {}),
    Case("{}/queue/extend", "post", LABELERS, LEASES),
    Case("{}/queue/skip", "post", LABELERS, LEASES),
    Case("{}/queue/release", "post", LABELERS, LEASES),
    Case("{}/queue/review", "post", LABELERS, {}),
    Case("{}/annotations", "get", EVERYBODY),
    Case("{}/annotations", "post", LABELERS),
    Case("{}/annotations/own", "get", LABELERS),
    # An annotation of somebody else.
    Case("{}/annotations/annotation_id", "delete", REVIEWERS),
    Case("{}/rounds", "get", EVERYBODY),
    Case("{}/rounds", "post", OWNERS),
    Case("{}/rounds/round_id", "get", EVERYBODY),
    Case("{}/rounds/round_id", "delete", OWNERS),
    Case("{}/metrics", "get", EVERYBODY),
    Case("{}/estimator", "get", EVERYBODY),
    Case("{}/vectorizer", "get", EVERYBODY),
    Case("{}/samples/sample_id", "get", EVERYBODY),
    Case("{}/samples/sample_id/content", "get", EVERYBODY),
    Case("{}/samples/sample_id/original", "get", EVERYBODY),
    Case("{}/samples/find", "post", EVERYBODY, {"keys": ["1"]}),
    Case("{}/samples", "post", OWNERS, {"path": "reviews.csv"}),
    Case("{}/open", "post", EVERYBODY),
    Case("{}/export", "get", REVIEWERS),
    Case("{}/events", "get", EVERYBODY),
    Case("{}", "patch", OWNERS, {"title": "Another"}),
    Case("{}", "delete", OWNERS, query="?confirm=reviews"),
)


def test_every_verb_of_every_route_is_asked_for() -> None:
    """A new route needs a line that says who may use it."""
    walked = {
        (
            pattern.replace("projects/(?P<name>[^/]+)", "{}")
            .replace("(?P<", "")
            .replace(">[0-9]{1,18})", ""),
            verb,
        )
        for pattern, verb, _method in endpoints()
        if pattern != ".*"
    }

    assert {(case.pattern, case.verb) for case in CASES} == walked


@pytest.mark.parametrize("role", ROLES)
async def test_roles(
    api: Api, context: Context, reviews: str, work: Work, jp_fetch: Any, role: Role
) -> None:
    """What the role may do is done; the rest is refused with who may, and changes nothing."""
    await api.annotate(reviews, 0, "negative")
    await api.annotate(reviews, 1, "positive")
    stored = (await api("POST", f"projects/{reviews}/annotations", annotation())).body
    await api("POST", f"projects/{reviews}/rounds")
    await work()
    [done] = (await api("GET", f"projects/{reviews}/rounds")).body["rounds"]
    await asyncio.to_thread(become, context, "rob", role)
    rob = client_of(jp_fetch, "rob")
    places = {
        "annotation_id": stored["annotations"][0]["id"],
        "round_id": done["id"],
        "sample_id": "3",
    }
    before = await everything(api)

    wrong = []
    for case in CASES:
        is_allowed = role in case.may.split()
        answer = await asked(rob, context, case, places)
        if (answer.status != 403) != is_allowed or answer.status >= 500:
            wrong.append((case.pattern, case.verb, answer.status, answer.body))
        if not is_allowed:
            assert answer.body["error"] == "not_allowed", case
            message = answer.body["message"]
            assert any(other in message for other in case.may.split()), case

    assert wrong == []
    if role == "viewer":
        assert await everything(api) == before


async def test_annotators_see_their_own_labels_only(
    api: Api, context: Context, reviews: str, jp_fetch: Any
) -> None:
    """Others' answers would steer them; a reviewer sees all, and nobody undoes another's."""
    await asyncio.to_thread(become, context, "ann", "annotator")
    await asyncio.to_thread(become, context, "rita", "reviewer")
    ann, rita = client_of(jp_fetch, "ann"), client_of(jp_fetch, "rita")
    await api.annotate(reviews, 0, "negative")
    own = (await ann.annotate(reviews, 1, "positive")).body["annotations"][0]

    seen = {
        name: [fact["annotator"] for fact in (await facts(client, reviews))]
        for name, client in (("ann", ann), ("rita", rita))
    }
    undone = await ann("DELETE", f"projects/{reviews}/annotations/{own['id']}")

    assert seen == {"ann": ["ann"], "rita": ["olga", "ann"]}
    assert undone.status == 200


async def facts(client: Api, name: str) -> list[dict[str, Any]]:
    """Return the annotations that somebody sees."""
    found: list[dict[str, Any]] = (await client("GET", f"projects/{name}/annotations")).body[
        "annotations"
    ]
    return found


def become(context: Context, who: str, role: Role) -> None:
    """Give somebody a role in the only project."""
    values = {"project_id": 1, "annotator": who, "role": role}
    context.database.write(lambda tx: tx.execute(insert(member), values))


async def asked(client: Api, context: Context, case: Case, places: dict[str, Any]) -> Answer:
    """Send a request."""
    path = case.pattern.replace("{}", "projects/reviews").replace("\\", "") + case.query
    for name, value in places.items():
        path = path.replace(name, str(value))
    body = annotation() if case.body is None and case.pattern == "{}/annotations" else case.body
    if case.pattern != "{}/events":
        return await client(case.verb.upper(), path, body if case.verb != "get" else None)
    # A stream ends with its server, so it is ended as soon as it has begun.
    asking = asyncio.ensure_future(client("GET", path))
    while not asking.done():
        context.events.close()
        await asyncio.wait([asking], timeout=0.05)
    return await asking


async def everything(api: Api) -> str:
    """Return all that a person could have changed."""
    found = [
        (await api("GET", f"projects/reviews{part}")).body
        for part in ("", "/annotations", "/rounds", "/metrics")
    ]
    return json.dumps(found, sort_keys=True)


class TestWhoIsNoMember:
    """The server's setting says what they may do in projects of others."""

    @pytest.fixture
    def jp_server_config(self, jp_server_config: dict[str, Any]) -> dict[str, Any]:
        """Let everybody look at everything and no more."""
        ours = {**jp_server_config["ActiveLearning"], "default_role": "viewer"}
        return {**jp_server_config, "ActiveLearning": ours}

    async def test_they_may_do_what_the_setting_says(self, jp_fetch: Any, reviews: str) -> None:
        """Somebody else looks at Olga's project and can't label it; one of their own they own."""
        eve = client_of(jp_fetch, "eve")

        seen = await eve("GET", f"projects/{reviews}")
        labeled = await eve("POST", f"projects/{reviews}/annotations", annotation())
        made = await eve(
            "POST", "projects", {"name": "eves", "dataset": {"kind": "demo", "path": "digits"}}
        )

        assert (seen.status, seen.body["role"]) == (200, "viewer")
        assert (labeled.status, labeled.body["error"]) == (403, "not_allowed")
        assert (made.status, made.body["role"]) == (201, "owner")
