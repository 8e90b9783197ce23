"""What `import jupyterlab_al as al` offers."""

from __future__ import annotations

from typing import Any

from jupyterlab_al.client.errors import RefusedError
from jupyterlab_al.client.frames import send, send_features
from jupyterlab_al.client.http import Http
from jupyterlab_al.client.project import Project, settings_of
from jupyterlab_al.client.servers import Address, address_of, find

#: The server that `connect` named, for the calls that follow.
_connected: dict[str, Address] = {}


def connect(url: str, token: str = "") -> None:
    """Use the server at an address from now on; without this the running one is found.

    Raises
    ------
    RefusedError
        If the token is wrong, or that server has no jupyterlab_al.
    NoServerError
        If nothing answers there.
    """
    address = address_of(url, token)
    Http(address).json("GET", "status")
    _connected["server"] = address


def create(
    name: str,
    data: Any,
    *,
    text: str | None = None,
    image: str | None = None,
    series: str | bool = False,
    classes: list[str] | None = None,
    labels: Any = None,
    features: Any = None,
    wait: bool = True,
    **settings: Any,
) -> Project:
    """Make a project of data and return it, ready for labeling.

    Parameters
    ----------
    name : str
        Unique on the server.
    data : DataFrame, Series, array, Arrow table, polars frame, sequence of str, or path
        One row a sample. Labels come back indexed as the frame is. Arrays of two dimensions are
        rows of numbers, of three or four images. A path is relative to the server's root folder:
        of a file, or of a folder of pictures, texts or sounds.
    text, image : str, optional
        The column to show; a text is learned from too.
    series : str or bool, default=False
        Draw lines: the column with lists of numbers, or True for the rows of an array.
    classes : list of str, optional
        What a sample can be; it may grow while people label.
    labels : str, Series or sequence, optional
        Labels that exist already: a column, or one (or None) for each sample.
    features : array or sparse matrix, shape (n_samples, n_features), optional
        What the estimator learns from; by default found in the data.
    wait : bool, default=True
        Stay until the data are prepared, with a progress bar.
    **settings
        `title, estimator, strategy, multi_label, retrain_every, check_share, overlap, queue_size,
        seed, blind`. The estimator is a scikit-learn object or an import path.

    Raises
    ------
    RefusedError
        `name_taken`, or the server can't use a setting.
    InvalidInputError
        If such data or such an estimator can't be sent.
    NotReadyError
        If the data can't be used.
    """
    body: dict[str, Any] = {"name": name, **settings_of({**settings, "classes": classes or []})}
    http = _http()
    sent = send(http, data, labels)
    body["dataset"] = sent.dataset
    if sent.label_column is not None:
        body["label_column"] = sent.label_column
    column = text or sent.text
    if column:
        body["display"] = body["features"] = {"kind": "text", "column": column}
    if image:
        body["display"] = {"kind": "image", "column": image}
    if series:
        body["display"] = {"kind": "series"} | ({"column": series} if series is not True else {})
    if features is not None:
        body["features"] = send_features(http, features)
    http.json("POST", "projects", body)
    project = Project(http, name)
    return project.wait_until_ready() if wait else project


def open(name: str) -> Project:  # noqa: A001 - read as al.open
    """Return an existing project.

    Raises
    ------
    RefusedError
        `unknown_project`: the message names those that there are.
    """
    http = _http()
    project = Project(http, name)
    try:
        _ = project.status
    except RefusedError as error:
        if error.word != "unknown_project":
            raise
        names = ", ".join(one.name for one in projects()) or "none yet"
        raise RefusedError(
            f"{error} Projects of this server: {names}.", word=error.word, status=error.status
        ) from None
    return project


def projects() -> list[Project]:
    """Return all projects of the server, by name."""
    http, found, after = _http(), list[Project](), None
    while True:
        page = http.json("GET", "projects", after=after)
        found += [Project(http, project["name"]) for project in page["projects"]]
        after = page["next"]
        if after is None:
            return found


def _http() -> Http:
    return Http(_connected.get("server") or find())
