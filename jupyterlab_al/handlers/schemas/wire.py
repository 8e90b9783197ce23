"""What all bodies of the wire have in common."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

Json = Any


class Wire(BaseModel):
    """Base of all bodies: strict types, no unknown fields."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Nothing(Wire):
    """Body of requests that say all there is to say by their address."""


class Reply(Wire):
    """Base of what the server writes."""


class AccuracyReply(Reply):
    """Accuracy on random checks with its 95 % interval; shares from 0 to 1."""

    value: float
    low: float
    high: float
    n: int
