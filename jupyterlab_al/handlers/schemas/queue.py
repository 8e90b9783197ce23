"""The queue: leases that are claimed, extended and given back."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from jupyterlab_al.domain.models import EmptyBecause, Source
from jupyterlab_al.handlers.schemas.wire import Json, Reply, Wire


class ClaimRequest(Wire):
    """Body of `POST projects/{name}/queue/claim`."""

    size: int = Field(default=1, ge=1, le=50)
    client: UUID | None = None


class LeaseRef(Wire):
    """A lease by its sample and token."""

    sample_id: int
    token: str


class LeasesRequest(Wire):
    """Body of extend, release and skip."""

    leases: list[LeaseRef] = Field(max_length=1000)


class ReviewRequest(Wire):
    """Body of `POST projects/{name}/queue/review`."""

    what: Literal["disputed", "suspected", "all"] = "all"


class LeaseReply(Reply):
    """One leased sample, ready to show. `source` and `prediction` are absent in blind projects."""

    sample_id: int
    sample_key: str
    rank: int
    source: Source | None = None
    expires_at: datetime
    token: str
    display: dict[str, Json]
    prediction: dict[str, float] | None = None


class ClaimReply(Reply):
    """Reply of a claim: leases, or why there are none."""

    leases: list[LeaseReply]
    empty_because: EmptyBecause | None
    #: When held by others: the moment at which the first sample comes back.
    back_at: datetime | None = None


class HeldLease(Reply):
    """A lease that was still held."""

    sample_id: int
    token: str
    expires_at: datetime


class LeasesReply(Reply):
    """Reply of extend, release and skip."""

    leases: list[HeldLease]


class ReviewReply(Reply):
    """Reply of review: how many samples now stand at the front of the queue."""

    queued: int
