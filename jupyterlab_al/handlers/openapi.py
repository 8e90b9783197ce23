"""The OpenAPI 3.1 document, generated from the models that validate requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from jupyterlab_al.domain.formats import KINDS, What
from jupyterlab_al.handlers import schemas

_REFS = "#/components/schemas/{model}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One verb of one path."""

    path: str
    verb: str
    summary: str
    reply: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    status: int = 200
    #: What each name in the query string can be.
    query: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    #: What a reply without a model can be.
    content_types: tuple[str, ...] = ("application/json",)
    #: What a body that is no JSON is.
    body_type: str = "application/json"
    #: Further statuses, and what they mean.
    also: tuple[tuple[str, str], ...] = ()


_P = "/projects/{name}"
#: Bytes of a sample, whole or in part.
_RANGES = (
    ("206", "The range that was asked for"),
    ("304", "The caller has it already"),
    ("416", "There is no such range"),
)
_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": "string", "pattern": "^[0-9]{0,18}$"}


def _limit(most: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": most}


def _page(after: dict[str, Any], *, most: int) -> dict[str, dict[str, Any]]:
    """Return the query of a list: where it goes on, and how many it may give."""
    return {"after": after, "limit": _limit(most)}


OPERATIONS = (
    Operation(path="/status", verb="get", summary="How the server is", reply=schemas.StatusReply),
    Operation(path="/openapi.json", verb="get", summary="This document"),
    Operation(
        path="/uploads",
        verb="post",
        summary="Upload an Arrow IPC stream, a .npy array or a skops file",
        body_type="application/octet-stream",
        reply=schemas.UploadReply,
        status=201,
    ),
    Operation(
        path="/datasets/inspect",
        verb="post",
        summary="Look at a dataset before a project is made",
        body=schemas.InspectRequest,
        reply=schemas.InspectReply,
    ),
    Operation(
        path="/projects",
        verb="get",
        summary="List projects",
        reply=schemas.ProjectsReply,
        query=_page(_TEXT, most=1_000),
    ),
    Operation(
        path="/projects",
        verb="post",
        summary="Create a project",
        body=schemas.CreateProject,
        reply=schemas.ProjectReply,
        status=201,
    ),
    Operation(path=_P, verb="get", summary="One project", reply=schemas.ProjectReply),
    Operation(
        path=_P,
        verb="patch",
        summary="Change a project",
        body=schemas.PatchProject,
        reply=schemas.ProjectReply,
    ),
    Operation(
        path=_P, verb="delete", summary="Forget a project", status=204, query={"confirm": _TEXT}
    ),
    Operation(
        path=f"{_P}/queue/claim",
        verb="post",
        summary="Lease samples",
        body=schemas.ClaimRequest,
        reply=schemas.ClaimReply,
    ),
    *(
        Operation(
            path=f"{_P}/queue/{verb}",
            verb="post",
            summary=summary,
            body=schemas.LeasesRequest,
            reply=schemas.LeasesReply,
        )
        for verb, summary in (
            ("extend", "Prolong leases"),
            ("release", "Give leases back"),
            ("skip", "Take samples out of one's stream"),
        )
    ),
    Operation(
        path=f"{_P}/samples",
        verb="post",
        summary="Add samples behind those that are there",
        body=schemas.AddSamples,
        reply=schemas.ProjectReply,
        status=202,
    ),
    Operation(
        path=f"{_P}/queue/review",
        verb="post",
        summary="Put likely label errors and disputed samples at the front of the queue",
        body=schemas.ReviewRequest,
        reply=schemas.ReviewReply,
    ),
    Operation(
        path=f"{_P}/samples/find",
        verb="post",
        summary="The samples of some keys",
        body=schemas.FindSamplesRequest,
        reply=schemas.FindSamplesReply,
    ),
    Operation(
        path=f"{_P}/open",
        verb="post",
        summary="Show the labeling view in the open front ends",
        body=schemas.Nothing,
        reply=schemas.OpenReply,
    ),
    Operation(
        path=f"{_P}/annotations",
        verb="get",
        summary="Annotations in order of arrival",
        reply=schemas.AnnotationPage,
        query=_page(_NUMBER, most=10_000),
    ),
    Operation(
        path=f"{_P}/annotations",
        verb="post",
        summary="Add annotations, all or none",
        body=schemas.AnnotateRequest,
        reply=schemas.AnnotationsReply,
        status=201,
    ),
    Operation(
        path=f"{_P}/annotations/own",
        verb="get",
        summary="What the caller answered last and did not undo, newest first",
        reply=schemas.OwnAnnotationsReply,
        query={"limit": _limit(200)},
    ),
    Operation(
        path=f"{_P}/annotations/{{annotation_id}}",
        verb="delete",
        summary="Undo an annotation",
        reply=schemas.AnnotationReply,
    ),
    Operation(
        path=f"{_P}/rounds",
        verb="get",
        summary="Rounds, newest first",
        reply=schemas.RoundsReply,
        query=_page(_NUMBER, most=1_000),
    ),
    Operation(
        path=f"{_P}/rounds",
        verb="post",
        summary="Ask for a round",
        body=schemas.Nothing,
        reply=schemas.RoundReply,
        status=202,
    ),
    Operation(
        path=f"{_P}/rounds/{{round_id}}", verb="get", summary="A round", reply=schemas.RoundReply
    ),
    Operation(
        path=f"{_P}/rounds/{{round_id}}",
        verb="delete",
        summary="Cancel a round",
        reply=schemas.RoundReply,
    ),
    Operation(path=f"{_P}/metrics", verb="get", summary="Figures", reply=schemas.MetricsReply),
    Operation(
        path=f"{_P}/estimator",
        verb="get",
        summary="The last fitted estimator",
        content_types=("application/zip",),
    ),
    Operation(
        path=f"{_P}/vectorizer",
        verb="get",
        summary="How texts became what the estimator learns from: terms and weights of a TF-IDF",
    ),
    Operation(
        path=f"{_P}/samples/{{sample_id}}",
        verb="get",
        summary="What is shown of a sample",
        reply=schemas.SampleReply,
    ),
    Operation(
        path=f"{_P}/samples/{{sample_id}}/content",
        verb="get",
        summary="Raw bytes of a sample",
        content_types=("*/*",),
        also=_RANGES,
    ),
    Operation(
        path=f"{_P}/samples/{{sample_id}}/original",
        verb="get",
        summary="The picture in its folder, in all its pixels",
        content_types=("image/*",),
        also=_RANGES,
    ),
    Operation(
        path=f"{_P}/export",
        verb="get",
        summary="Labels out",
        query={
            "format": {"enum": list(KINDS)},
            "what": {"enum": list(get_args(What))},
            "data": {"enum": ["0", "1"]},
        },
        content_types=tuple(kind.content_type for kind in KINDS.values()),
    ),
    Operation(
        path=f"{_P}/events",
        verb="get",
        summary="Server-sent events of a project",
        content_types=("text/event-stream",),
    ),
)
REFUSALS = {
    "400": "The request is malformed",
    "403": "Not allowed, or no token",
    "404": "Not known",
    "409": "Not at this moment",
    "413": "Too large",
    "422": "A rule of the project is broken",
    "503": "The database does not answer",
}


def openapi(version: str, *, server: str = ".") -> dict[str, Any]:
    """Return the document; `server` is where its paths begin, by default beside itself."""
    models: list[tuple[Any, Any]] = [
        (model, "serialization" if issubclass(model, schemas.Reply) else "validation")
        for model in _models()
    ]
    _, definitions = models_json_schema(models, ref_template=_REFS)
    paths: dict[str, Any] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.verb] = _describe(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "jupyterlab_al", "version": version},
        "servers": [{"url": server}],
        "paths": paths,
        "components": {
            "schemas": definitions["$defs"],
            "securitySchemes": {
                "token": {"type": "apiKey", "in": "header", "name": "Authorization"}
            },
        },
        "security": [{"token": []}],
    }


def _models() -> list[type[BaseModel]]:
    found: list[type[BaseModel]] = [schemas.ErrorReply, schemas.ProjectEvent]
    for operation in OPERATIONS:
        found.extend(
            model
            for model in (operation.body, operation.reply)
            if model is not None and model not in found
        )
    return found


def _describe(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "summary": operation.summary,
        "operationId": f"{operation.verb}_{_identifier(operation.path)}",
        "parameters": _parameters(operation),
        "responses": {
            str(operation.status): _response(operation),
            **{status: {"description": said} for status, said in operation.also},
            **{
                status: {
                    "description": said,
                    "content": _json_of(schemas.ErrorReply),
                }
                for status, said in REFUSALS.items()
            },
        },
    }
    if operation.body is not None:
        needs = any(field.is_required() for field in operation.body.model_fields.values())
        described["requestBody"] = {"content": _json_of(operation.body), "required": needs}
    elif operation.body_type != "application/json":
        described["requestBody"] = {"content": {operation.body_type: {}}, "required": True}
    return described


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    in_path = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string" if name == "name" else "integer"},
        }
        for name in in_path
    ] + [
        {"name": name, "in": "query", "required": False, "schema": schema}
        for name, schema in operation.query.items()
    ]


def _response(operation: Operation) -> dict[str, Any]:
    response: dict[str, Any] = {"description": operation.summary}
    if operation.reply is not None:
        response["content"] = _json_of(operation.reply)
    elif operation.status != 204:
        response["content"] = {kind: {} for kind in operation.content_types}
    return response


def _json_of(model: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REFS.format(model=model.__name__)}}}


def _identifier(path: str) -> str:
    return path.strip("/").replace("/", "_").replace("{", "").replace("}", "").replace(".", "_")
