"""What can go wrong between a notebook and its server."""

from __future__ import annotations

from jupyterlab_al.domain.errors import ActiveLearningError


class NoServerError(ActiveLearningError):
    """No running server was found, or it does not answer."""

    word = "no_server"


class RefusedError(ActiveLearningError):
    """The server refused; `word` is for programs, the message says what to do."""

    def __init__(self, message: str, *, word: str, status: int) -> None:
        super().__init__(message, word=word)
        #: HTTP status of the answer.
        self.status = status


class InvalidInputError(ActiveLearningError):
    """Data or settings that can't be sent."""

    word = "invalid_input"


class NotReadyError(ActiveLearningError):
    """Something did not happen in time, or failed."""

    word = "not_ready"
