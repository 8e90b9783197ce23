"""What all handlers share: parse, call, reply, and one table of errors."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from http.client import responses
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from jupyter_server.base.handlers import APIHandler
from jupyter_server.extension.handler import ExtensionHandlerMixin
from jupyter_server.prometheus.log_functions import prometheus_log_method
from pydantic import BaseModel
from tornado.web import RequestHandler

from jupyterlab_al.domain import errors
from jupyterlab_al.domain.models import Person
from jupyterlab_al.handlers.context import Context
from jupyterlab_al.handlers.parsing import parsed
from jupyterlab_al.store.database import Tx

P = ParamSpec("P")
T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)

#: The only table of HTTP statuses.
STATUS: dict[type[errors.ActiveLearningError], int] = {
    errors.MalformedError: 400,
    errors.NotAllowedError: 403,
    errors.UnknownError: 404,
    errors.ConflictError: 409,
    errors.TooLargeError: 413,
    errors.RuleError: 422,
    errors.UnavailableError: 503,
    errors.ActiveLearningError: 422,
}
#: Words for refusals that Jupyter or Tornado make.
WORDS = {
    400: "malformed",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
}

LOG_IN = (
    "The server does not know who asks. In a browser load the page again and log in; a program "
    "sends its token as `Authorization: token …`."
)


class ApiHandler(ExtensionHandlerMixin, APIHandler):
    """Base of all handlers of the REST interface."""

    context: Context

    def initialize(self, name: str, context: Context) -> None:
        """Take what the composition root passes on."""
        super().initialize(name)
        self.context = context

    async def prepare(self) -> None:  # type: ignore[override]
        """Give a browser that reads the cookie that guards writing.

        JupyterLab's page sets it too, but the pages that Voilà makes of notebooks do not.
        """
        await super().prepare()
        if self.request.method == "GET" and not self.token_authenticated:
            # Reading makes the cookie where there is none.
            _ = self.xsrf_token

    @property
    def person(self) -> Person:
        """Who asks."""
        return self.context.identity.person(self.current_user, self.identity_provider)

    def parse(self, model: type[M]) -> M:
        """Return the request's body; see `parsed`."""
        return parsed(model, self.request.body)

    def argument(self, name: str, default: int, *, low: int, high: int) -> int:
        """Return a number from the query string; an empty one is none."""
        text = self.get_query_argument(name, "")
        try:
            value = int(text) if text else default
        except ValueError:
            raise errors.MalformedError(f"{name} must be a whole number.") from None
        if not low <= value <= high:
            raise errors.MalformedError(f"{name} must be between {low} and {high}.")
        return value

    def decode_argument(self, value: bytes, name: str | None = None) -> str:
        """Return a part of the address; no name or key holds a NUL character."""
        if b"\0" in value:
            raise errors.MalformedError("An address can't hold a NUL character; leave it out.")
        decoded: str = super().decode_argument(value, name)
        return decoded

    async def read(
        self, func: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function of a reading transaction off the event loop."""
        return await asyncio.to_thread(self.context.database.read, func, *args, **kwargs)

    async def commit(
        self, func: Callable[Concatenate[Tx, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a function of a writing transaction; returns when it is committed."""
        return await self.context.commits.commit(func, *args, **kwargs)

    def reply(self, body: BaseModel, *, status: int = 200) -> None:
        """Answer with JSON; fields that were never set stay out."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(body.model_dump_json(exclude_unset=True))

    def set_signed_cookie(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Give programs no login cookie: signing one for each label would be a tenth of its time.

        Jupyter gives one to every request with a token; browsers get theirs with their first page.
        """

    set_secure_cookie = set_signed_cookie

    def _log(self) -> None:
        """Log what fails, and count everything: a label a second is news only where one debugs."""
        is_debugging = cast("int", self.serverapp.log_level) <= logging.DEBUG
        if self.get_status() >= 400 or is_debugging:
            super()._log()
        elif self.serverapp.record_http_request_metrics:
            prometheus_log_method(self)  # type: ignore[no-untyped-call]

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with a word for programs and a sentence for people."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        word = WORDS.get(status_code, "server_error" if status_code >= 500 else "refused")
        message = getattr(error, "log_message", None) or responses.get(status_code, "Error")
        if status_code == 403 and self._is_logged_out(message):
            word, message = "not_logged_in", LOG_IN
        body: dict[str, Any] = {"error": word, "message": message}
        if isinstance(error, errors.ActiveLearningError):
            body = {**error.facts, "error": error.word, "message": error.message}
        elif status_code >= 500:
            body["message"] = (
                "The server made a mistake; nothing was changed. Its log says what happened."
            )
        elif status_code == 405:
            self.set_header("Allow", ", ".join(self._verbs()))
            body["message"] = f"Use one of {', '.join(self._verbs())} here; see openapi.json."
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(body, default=str))

    def _verbs(self) -> list[str]:
        """Return what can be done at this address."""
        return [
            verb
            for verb in self.SUPPORTED_METHODS
            if getattr(type(self), verb.lower()) is not getattr(RequestHandler, verb.lower())
        ]

    def _is_logged_out(self, message: str) -> bool:
        """Return whether Jupyter refused since it can't tell who asks, or from which page."""
        return self.current_user is None or "xsrf" in message.lower()

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Refusals are no news for the log."""
        if isinstance(value, errors.ActiveLearningError) and status_of(value) < 500:
            self.log.debug("%s %s: %s", self.request.method, self.request.path, value.message)
            return
        super().log_exception(typ, value, tb)

    def send_error(self, status_code: int = 500, **kwargs: Any) -> None:
        """Give an error of ours its status."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, errors.ActiveLearningError):
            status_code = status_of(error)
        super().send_error(status_code, **kwargs)


def status_of(error: errors.ActiveLearningError) -> int:
    """Return the HTTP status of an error of ours."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
