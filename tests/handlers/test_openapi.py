"""The OpenAPI document says the truth: what is served is as it is described."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from fnmatch import fnmatch
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from jupyterlab_al.domain.formats import KINDS
from jupyterlab_al.handlers.openapi import OPERATIONS, openapi
from tests.handlers.conftest import Answer, Api, Fetch

Work = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class CheckedApi(Api):
    """Refuses answers that are not as the document says."""

    document: dict[str, Any]
    seen: set[tuple[str, str]] = field(default_factory=set)

    async def __call__(
        self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **kwargs: Any
    ) -> Answer:
        """Send a request and look at the answer."""
        answer = await Api.__call__(self, method, path, body, raw=raw, **kwargs)
        template = self._template(path.partition("?")[0])
        operation = self.document["paths"][template][method.lower()]
        content = operation["responses"][str(answer.status)].get("content", {})
        schema = content.get("application/json", {}).get("schema")
        if schema is not None:
            whole = {**schema, "components": self.document["components"]}
            Draft202012Validator(whole).validate(answer.body)
        kind = answer.headers.get("Content-Type", "").lower().partition("; charset=utf-8")[0]
        kinds = [one.partition(";")[0] for one in content]
        assert not kinds or any(fnmatch(kind, described) for described in kinds), kind
        if answer.status < 400:
            self.seen.add((method.lower(), template))
        return answer

    def _template(self, path: str) -> str:
        for template in self.document["paths"]:
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), f"/{path}"):
                return str(template)
        raise AssertionError(f"{path} is not described")


@pytest.fixture
def checked(jp_fetch: Fetch) -> CheckedApi:
    """Return a client that compares every answer with the document."""
    return CheckedApi(jp_fetch, openapi("1"))


async def test_every_answer_is_as_described(checked: CheckedApi, reviews: str, work: Work) -> None:
    """Status and fields of each request that succeeds are those of the document."""
    await _look_and_upload(checked)
    await _label(checked, reviews, work)
    await _train(checked, reviews, work)
    await checked("DELETE", f"projects/{reviews}?confirm={reviews}")

    described = {(operation.verb, operation.path) for operation in OPERATIONS}
    # A stream has no end, and texts have no picture.
    streams = {("get", "/projects/{name}/events")}
    originals = {("get", "/projects/{name}/samples/{sample_id}/original")}
    assert described - streams - originals == checked.seen


async def _look_and_upload(api: CheckedApi) -> None:
    await api("GET", "status")
    await api("GET", "openapi.json")
    await api("GET", "projects")
    await api("POST", "datasets/inspect", {"dataset": {"kind": "table", "path": "reviews.csv"}})
    array = BytesIO()
    np.save(array, np.zeros((4, 2), dtype=np.float32))
    sent = await api("POST", "uploads", raw=array.getvalue())
    made = {"name": "numbers", "dataset": {"kind": "upload", "upload_id": sent.body["upload_id"]}}
    await api("POST", "projects", made)


async def _label(api: CheckedApi, name: str, work: Work) -> None:
    await api("GET", f"projects/{name}")
    await api("PATCH", f"projects/{name}", {"blind": False, "title": "Reviews"})
    leases = (await api.claim(name, size=4)).body["leases"]
    held = [{"sample_id": one["sample_id"], "token": one["token"]} for one in leases]
    await api("POST", f"projects/{name}/queue/extend", {"leases": held})
    await api("POST", f"projects/{name}/queue/release", {"leases": held[:1]})
    await api("POST", f"projects/{name}/queue/skip", {"leases": held[1:2]})
    done = await api.annotate(name, leases[2]["sample_id"], "negative", token=leases[2]["token"])
    await api("DELETE", f"projects/{name}/annotations/{done.body['annotations'][0]['id']}")
    await api("GET", f"projects/{name}/annotations?limit=1")
    await api("POST", f"projects/{name}/queue/review")
    await api("POST", f"projects/{name}/samples/find", {"keys": ["0", "nobody's"]})
    await api("GET", f"projects/{name}/samples/0")
    content = await api("GET", f"projects/{name}/samples/0/content")
    for header in ({"Range": "bytes=0-2"}, {"Range": "bytes=900-"}):
        await api("GET", f"projects/{name}/samples/0/content", headers=header)
    known = {"If-None-Match": content.headers["ETag"]}
    await api("GET", f"projects/{name}/samples/0/content", headers=known)
    await api("POST", f"projects/{name}/open")
    more = {"path": "reviews.csv"}
    await api("POST", f"projects/{name}/samples", more)
    await work()


async def _train(api: CheckedApi, name: str, work: Work) -> None:
    for sample_id in range(12):
        await api.annotate(name, sample_id, ("negative", "positive")[sample_id % 2])
    await work()
    # Labels have asked for rounds by themselves; this one is asked for and then cancelled.
    asked = await api("POST", f"projects/{name}/rounds")
    await api("GET", f"projects/{name}/rounds/{asked.body['id']}")
    await api("DELETE", f"projects/{name}/rounds/{asked.body['id']}")
    await api("GET", f"projects/{name}/rounds?limit=1")
    await api("GET", f"projects/{name}/metrics")
    await api.claim(name)
    for what in (
        "estimator",
        "vectorizer",
        "annotations/own",
        "export?format=jsonl&what=annotations",
    ):
        await api("GET", f"projects/{name}/{what}")
    for file_format in KINDS:
        await api("GET", f"projects/{name}/export?format={file_format}")


@pytest.mark.parametrize(
    "path",
    [
        "projects",
        "projects/{name}/annotations",
        "projects/{name}/annotations/own",
        "projects/{name}/rounds",
    ],
)
async def test_a_page_is_as_long_as_described(api: Api, reviews: str, path: str) -> None:
    """The document says how many of a list can be asked for at once, and more are refused."""
    query = openapi("1")["paths"][f"/{path}"]["get"]["parameters"]
    [most] = [one["schema"]["maximum"] for one in query if one["name"] == "limit"]

    statuses = [
        (await api("GET", f"{path.format(name=reviews)}?limit={limit}")).status
        for limit in (most, most + 1)
    ]

    assert statuses == [200, 400]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "projects", {"name": "x"}, 400),
        ("GET", "projects/nobody", None, 404),
        ("POST", "projects/reviews/rounds", None, 409),
        ("POST", "projects/reviews/queue/claim", {"size": 51}, 422),
        ("POST", "projects", {"name": "x", "dataset": {"kind": "table", "path": "none"}}, 422),
    ],
)
async def test_refusals_are_as_described(
    checked: CheckedApi, reviews: str, method: str, path: str, body: Any, status: int
) -> None:
    """A refusal is an ErrorReply, whatever facts it has beside its word and sentence."""
    answer = await checked(method, path, body)

    assert status == answer.status
    assert {"error", "message"} <= set(answer.body)


async def test_tools_are_told_in_full_where_paths_begin(api: Api, jp_base_url: str) -> None:
    """A served document names the path below the host: tools get relative addresses wrong."""
    answer = await api("GET", "openapi.json")

    assert answer.body["servers"] == [{"url": f"{jp_base_url}al/api"}]


def test_paths_begin_where_the_document_stands() -> None:
    """An address relative to the document leads to the paths, below any base URL."""
    [server] = openapi("1")["servers"]
    served_at = "http://host/user/ann/al/api/openapi.json"

    assert urljoin(served_at, server["url"]) == "http://host/user/ann/al/api/"


def test_bodies_that_are_no_json_are_described() -> None:
    """An upload is bytes, and must be there."""
    body = openapi("1")["paths"]["/uploads"]["post"]["requestBody"]

    assert body == {"content": {"application/octet-stream": {}}, "required": True}


def test_a_body_is_required_where_a_field_is() -> None:
    """A claim may come without a body; an annotation can't."""
    paths = openapi("1")["paths"]

    claim = paths["/projects/{name}/queue/claim"]["post"]["requestBody"]
    annotate = paths["/projects/{name}/annotations"]["post"]["requestBody"]
    assert (claim["required"], annotate["required"]) == (False, True)
