"""What `import jupyterlab_al as al` offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jupyterlab_al.client.errors import RefusedError
from jupyterlab_al.client.frames import send, send_features
from jupyterlab_al.client.http import Http
from jupyterlab_al.client.project import Project, settings_of, way_out
from jupyterlab_al.client.servers import Address, address_of, find

#: The server that `connect` named, for the calls that follow.
_connected: dict[str, Address] = {}


def connect(url: str, token: str = "") -> None:
    """Use the server at an address from now on; without this the running one is found.

    Parameters
    ----------
    url : str
        As in a browser; what stands there behind the server's own address is left out.
    token : str, optional
        What `jupyter server list` shows, or one of a JupyterHub; not needed where the address has
        it.

    Raises
    ------
    RefusedError
        If the token is wrong, or that server has no jupyterlab_al (`no_extension`).
    NoServerError
        If nothing answers there.
    """
    address = address_of(url, token)
    http = Http(address)
    status = http.json("GET", "status")
    if not isinstance(status, dict) or "user" not in status:
        raise http.not_ours()
    _connected["server"] = address


def create(  # noqa: PLR0913 - each is named in a call, and most calls name two
    name: str,
    data: Any,
    *,
    text: str | None = None,
    image: str | None = None,
    series: str | bool | None = None,
    key: str | None = None,
    array: str | None = None,
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
    series : str or bool, optional
        Draw lines: the column with lists of numbers, or True for the rows of an array; False
        shows rows as numbers. By default an array has lines from 32 numbers a row on.
    key : str, optional
        The column that samples are known by, of a file or of a table without an index: labels come
        back indexed by it.
    array : str, optional
        Which of the arrays in a `.npz` file on the server.
    classes : list of str, optional
        What a sample can be; it may grow while people label.
    labels : str, Series or sequence, optional
        Labels that exist already: a column, or one (or None) for each sample.
    features : array or sparse matrix, shape (n_samples, n_features), or dict, optional
        What the estimator learns from; by default found in the data. A dict says how the server
        makes it: `{"kind": "columns", "columns": ["price", "shop"]}`,
        `{"kind": "text", "column": "review"}`, or
        `{"kind": "embedding", "model": "my_package.models:Encoder"}`.
    wait : bool, default=True
        Stay until the data are prepared, with a progress bar.
    **settings
        `title, estimator, strategy, multi_label, retrain_every, check_share, review_share, overlap,
        queue_size, seed, blind`. The estimator is a scikit-learn object or an import path.

    Raises
    ------
    RefusedError
        `name_taken`, or the server can't use a setting.
    InvalidInputError
        If such data or such an estimator can't be sent.
    NotReadyError
        If the data can't be used.
    """
    http = _http()
    given = settings_of(http, {**settings, "classes": classes or []})
    body: dict[str, Any] = {"name": name, **given}
    sent = send(http, data, labels, key=key, array=array)
    body["dataset"] = sent.dataset
    if sent.label_column is not None:
        body["label_column"] = sent.label_column
    column = text or sent.text
    if column:
        body["features"] = {"kind": "text", "column": column}
        # Of texts alone nobody said that they are to be read: they may be pages of HTML.
        body["display"] = {"kind": "text" if text else "auto", "column": column}
    if image:
        body["display"] = {"kind": "image", "column": image}
    if series:
        column = sent.only if series is True else series
        body["display"] = {"kind": "series"} | ({"column": column} if column else {})
    elif series is False:
        body.setdefault("display", {"kind": "row"})
    # SciPy's dictionary of keys is a mapping, too.
    if isinstance(features, Mapping) and not hasattr(features, "tocsr"):
        body["features"] = dict(features)
    elif features is not None:
        body["features"] = send_features(http, features, n_samples=sent.n_samples)
    _make(http, body)
    project = Project(http, name)
    return project.wait_until_ready() if wait else project


def _make(http: Http, body: dict[str, Any]) -> None:
    try:
        http.json("POST", "projects", body)
    except RefusedError as error:
        if error.word != "name_taken":
            raise
        name = body["name"]
        way_on = f"Or go on with the one that is there: al.open({name!r})."
        if Project(http, name).status["state"] == "failed":
            way_on = f"That one could not be prepared. {way_out(name)}"
        raise RefusedError(f"{error} {way_on}", word=error.word, status=error.status) from None


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
