"""The reference of the REST interface, from the OpenAPI document that the server serves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from _ext.pieces import table
from jupyterlab_al._version import __version__
from jupyterlab_al.handlers.openapi import openapi

_REF = "#/components/schemas/"
_VERBS = ("get", "post", "patch", "delete")


def page() -> str:
    """Return all requests, the refusals that they share, and every body field by field."""
    document = openapi(__version__)
    schemas = document["components"]["schemas"]
    parts = ["## Requests", *_requests(document["paths"])]
    parts += ["## Refusals", _refusals(document["paths"])]
    parts += ["## Bodies", *(_body(name, schema) for name, schema in schemas.items())]
    return "\n\n".join(parts)


def _requests(paths: Mapping[str, Any]) -> Iterator[str]:
    for path, verbs in paths.items():
        for verb in _VERBS:
            if verb in verbs:
                yield f"### {verb.upper()} {path}\n\n{_request(verbs[verb])}"


def _request(operation: Mapping[str, Any]) -> str:
    query = [f"`{one['name']}`" for one in operation["parameters"] if one["in"] == "query"]
    status, answer = next(iter(operation["responses"].items()))
    lines = [f"{operation['summary']}."]
    if query:
        lines.append(f"- Query: {', '.join(query)}")
    if "requestBody" in operation:
        lines.append(f"- Body: {_content(operation['requestBody'])}")
    lines.append(f"- Reply: {status}{_content(answer, before=', ')}")
    return "\n".join([lines[0], "", *lines[1:]])


def _content(described: Mapping[str, Any], *, before: str = "") -> str:
    said = [
        _type(content["schema"]) if "schema" in content else f"`{kind}`"
        for kind, content in described.get("content", {}).items()
    ]
    return before + " or ".join(said) if said else ""


def _refusals(paths: Mapping[str, Any]) -> str:
    responses = next(iter(paths["/projects"].values()))["responses"]
    rows = [(status, said["description"]) for status, said in responses.items() if status > "399"]
    return f"Each is an {_link('ErrorReply')}.\n\n" + table(("status", "means"), rows)


def _body(name: str, schema: Mapping[str, Any]) -> str:
    required = schema.get("required", [])
    rows = [
        (f"`{field}`", _type(one), _limits(one, is_required=field in required))
        for field, one in schema.get("properties", {}).items()
    ]
    return f"### {name}\n\n{schema.get('description', '')}\n\n" + table(("field", "type", ""), rows)


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return _link(schema["$ref"].removeprefix(_REF))
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if "prefixItems" in schema:
        return f"list of {len(schema['prefixItems'])}: " + ", ".join(
            _type(one) for one in schema["prefixItems"]
        )
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    values = schema.get("additionalProperties")
    if schema.get("type") == "object" and isinstance(values, Mapping) and values:
        return f"object of {_type(values)}"
    if "format" in schema:
        return f"{schema['type']} ({schema['format']})"
    return str(schema.get("type", "any JSON"))


def _limits(schema: Mapping[str, Any], *, is_required: bool) -> str:
    words = {
        "minimum": "at least",
        "maximum": "at most",
        "exclusiveMaximum": "less than",
        "minItems": "items: at least",
        "maxItems": "items: at most",
        "minLength": "characters: at least",
        "maxLength": "characters: at most",
    }
    parts = ["required"] if is_required else []
    if schema.get("default") is not None:
        parts.append(f"default `{schema['default']}`")
    parts += [f"{said} {schema[word]:,}" for word, said in words.items() if word in schema]
    return "; ".join(parts)


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"
