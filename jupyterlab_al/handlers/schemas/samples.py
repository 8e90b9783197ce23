"""Samples: added, found and looked at."""

from __future__ import annotations

from pydantic import Field

from jupyterlab_al.handlers.schemas.wire import Json, Reply, Wire


class AddSamples(Wire):
    """Body of `POST projects/{name}/samples`: an upload, or a file below the server's root."""

    upload_id: str | None = None
    path: str | None = None
    #: As `upload_id` of precomputed features, where those of the project were given.
    features_upload_id: str | None = None


class FindSamplesRequest(Wire):
    """Body of `POST projects/{name}/samples/find`."""

    keys: list[str] = Field(max_length=100_000)


class FindSamplesReply(Reply):
    """The samples of some keys, in their order; null where there is none."""

    sample_ids: list[int | None]


class SampleReply(Reply):
    """Reply of `GET samples/{id}`."""

    sample_id: int
    sample_key: str
    display: dict[str, Json]
