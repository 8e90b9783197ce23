"""From JSON to validated bodies, and from what the validator says to our errors."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from jupyterlab_al.domain import errors

M = TypeVar("M", bound=BaseModel)

#: What the validator says when the JSON itself is wrong, rather than a value in it.
WRONG_JSON = ("missing", "extra_forbidden", "json_invalid", "uuid_parsing", "uuid_type")


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
        return model.model_validate_json(body or b"{}")
    except ValidationError as error:
        raise _refusal(error) from None


def _refusal(error: ValidationError) -> errors.ActiveLearningError:
    first = error.errors(include_url=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    message = f"{place}: {first['msg']}" if place else first["msg"]
    kind = first["type"]
    if kind in WRONG_JSON or kind.endswith("_type"):
        return errors.MalformedError(f"{message}.")
    return errors.RuleError(f"{message}.", field=place)
