"""From JSON to validated bodies, and from what the validator says to our errors."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from jupyterlab_al.domain import errors

M = TypeVar("M", bound=BaseModel)

#: What the validator says when the JSON itself is wrong, rather than a value in it.
WRONG_JSON = ("missing", "extra_forbidden", "json_invalid", "uuid_parsing", "uuid_type")

#: What the validator says in a language of its own; only names of projects have a pattern.
IN_WORDS = {
    "string_pattern_mismatch": "Begin with a letter or a digit, go on with letters, digits, "
    "spaces, dots, hyphens and underscores, and don't end with a space",
}


def parsed(model: type[M], body: bytes | str) -> M:
    """Return a body; an empty one counts as an empty object.

    Raises
    ------
    MalformedError
        No JSON, an unknown field, a missing one or a wrong type.
    RuleError
        A value that can't be.
    """
    try:
        valid = model.model_validate_json(body or b"{}")
    except ValidationError as error:
        raise _refusal(error) from None
    text = body.decode() if isinstance(body, bytes) else body
    if "\\u0000" in text and _has_nul(json.loads(text)):
        raise errors.MalformedError("A text can't hold a NUL character; leave it out.")
    return valid


def _has_nul(value: Any) -> bool:
    """Return whether a text in it holds what PostgreSQL's texts can't."""
    if isinstance(value, dict):
        return any(_has_nul(part) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return any(map(_has_nul, value))
    return isinstance(value, str) and "\0" in value


def _refusal(error: ValidationError) -> errors.ActiveLearningError:
    first = error.errors(include_url=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    kind = first["type"]
    said = IN_WORDS.get(kind, first["msg"])
    message = f"{place}: {said}" if place else said
    if kind in WRONG_JSON or kind.endswith("_type"):
        return errors.MalformedError(f"{message}.")
    return errors.RuleError(f"{message}.", field=place)
