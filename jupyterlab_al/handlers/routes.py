"""Every URL of the extension on one page."""

from __future__ import annotations

from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join

from jupyterlab_al.handlers import (
    exports,
    labeling,
    page,
    projects,
    queue,
    rounds,
    samples,
    server,
    stream,
)
from jupyterlab_al.handlers.base import ApiHandler
from jupyterlab_al.handlers.context import Context

_PROJECT = r"projects/(?P<name>[^/]+)"
_ID = r"(?P<{}>[0-9]{{1,18}})"

ROUTES: list[tuple[str, type[ApiHandler]]] = [
    ("status", server.StatusHandler),
    (r"openapi\.json", server.OpenApiHandler),
    ("uploads", server.UploadsHandler),
    ("datasets/inspect", projects.InspectHandler),
    ("projects", projects.ProjectsHandler),
    (_PROJECT, projects.ProjectHandler),
    (f"{_PROJECT}/queue/claim", queue.ClaimHandler),
    (f"{_PROJECT}/queue/extend", queue.ExtendHandler),
    (f"{_PROJECT}/queue/release", queue.ReleaseHandler),
    (f"{_PROJECT}/queue/skip", queue.SkipHandler),
    (f"{_PROJECT}/queue/review", queue.ReviewHandler),
    (f"{_PROJECT}/annotations", labeling.AnnotationsHandler),
    (f"{_PROJECT}/annotations/own", labeling.OwnAnnotationsHandler),
    (f"{_PROJECT}/annotations/{_ID.format('annotation_id')}", labeling.AnnotationHandler),
    (f"{_PROJECT}/rounds", rounds.RoundsHandler),
    (f"{_PROJECT}/rounds/{_ID.format('round_id')}", rounds.RoundHandler),
    (f"{_PROJECT}/metrics", rounds.MetricsHandler),
    (f"{_PROJECT}/estimator", rounds.EstimatorHandler),
    (f"{_PROJECT}/vectorizer", rounds.VectorizerHandler),
    (f"{_PROJECT}/samples/{_ID.format('sample_id')}", samples.SampleHandler),
    (f"{_PROJECT}/samples/{_ID.format('sample_id')}/content", samples.ContentHandler),
    (f"{_PROJECT}/samples/{_ID.format('sample_id')}/original", samples.OriginalHandler),
    (f"{_PROJECT}/samples", samples.SamplesHandler),
    (f"{_PROJECT}/samples/find", samples.FindHandler),
    (f"{_PROJECT}/open", projects.OpenHandler),
    (f"{_PROJECT}/export", exports.ExportHandler),
    (f"{_PROJECT}/events", stream.EventsHandler),
    (".*", server.NothingHandler),
]


def routes(name: str, context: Context) -> list[tuple[str, type[JupyterHandler], dict[str, Any]]]:
    """Return Tornado's rules, below the server's base URL."""
    arguments = {"name": name, "context": context}
    return [
        (r"/al/open/(?P<name>[^/]+)/?", page.LabelingPageHandler, {"name": name}),
        *(
            (url_path_join("/al/api", f"{pattern}/?"), handler, arguments)
            for pattern, handler in ROUTES
        ),
    ]
