"""Every error that is raised on purpose, each with a machine word and a message that helps."""

from __future__ import annotations

import errno
from typing import ClassVar

#: What the operating system says when nothing more can be written.
DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class ActiveLearningError(Exception):
    """Base of all errors raised on purpose.

    The message says what happened and what to do; `word` is stable and meant for programs.
    """

    word: ClassVar[str] = "error"

    def __init__(self, message: str, *, word: str | None = None, **facts: object) -> None:
        super().__init__(message)
        self.message = message
        #: Facts for programs, e.g. ``{"classes": ["positive"]}``.
        self.facts = facts
        if word is not None:
            self.word = word  # type: ignore[misc]


class MalformedError(ActiveLearningError):
    """The request can't be understood (HTTP 400)."""

    word = "malformed"


class NotAllowedError(ActiveLearningError):
    """The person may not do this (HTTP 403)."""

    word = "not_allowed"


class UnknownError(ActiveLearningError):
    """What was named does not exist (HTTP 404)."""

    word = "not_found"


class ConflictError(ActiveLearningError):
    """The state of things forbids it at this moment (HTTP 409)."""

    word = "conflict"


class TooLargeError(ActiveLearningError):
    """More than the server takes (HTTP 413)."""

    word = "too_large"


class RuleError(ActiveLearningError):
    """A rule of the project is broken (HTTP 422)."""

    word = "invalid"


class InvalidLabelError(RuleError):
    """A label is outside the classes of the project."""

    word = "invalid_label"


class InvalidSampleError(RuleError):
    """A `sample_id` is outside the pool."""

    word = "invalid_sample"


class InvalidDatasetError(RuleError):
    """The data can't be read as described."""

    word = "invalid_dataset"


class PathOutsideRootError(RuleError):
    """A path leaves the server's root folder."""

    word = "path_outside_root"


class InvalidEstimatorError(RuleError):
    """The estimator is not allowed or can't rank samples."""

    word = "invalid_estimator"


class InvalidSettingError(RuleError):
    """A setting of the project has a value that it can't have."""

    word = "invalid_setting"


class RoundFailedError(ActiveLearningError):
    """A round could not be finished; the earlier order is kept."""

    word = "round_failed"


class UnavailableError(ActiveLearningError):
    """The database does not answer at this moment (HTTP 503)."""

    word = "database_unavailable"
