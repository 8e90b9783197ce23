"""A project of a running server, as a Python object."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jupyterlab_al.client import downloads, estimators, reprs
from jupyterlab_al.client.errors import InvalidInputError, NotReadyError, RefusedError
from jupyterlab_al.client.frames import label_of, send_features, send_more
from jupyterlab_al.client.http import Http
from jupyterlab_al.client.keys import index_of, meant
from jupyterlab_al.client.vectorizers import vectorizer
from jupyterlab_al.domain.folders import WORDS
from jupyterlab_al.progress import progress_bar

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from jupyterlab_al.client.widget import LabelingWidget

#: Seconds between two looks at the server while waiting for it, at first and at most.
FIRST_LOOK, LOOK_EVERY = 0.02, 0.25
#: In between, the part of the time so far that may be waited in vain.
IN_VAIN = 0.05
#: Annotations, and keys, in one request.
BATCH = 1_000


class Project:
    """One labeling task on a server; it goes on when this kernel ends.

    Make one with `al.create`, get an existing one with `al.open`.
    """

    def __init__(self, http: Http, name: str) -> None:
        self._http = http
        #: Name of the project, unique on its server.
        self.name = name

    # --- looking ------------------------------------------------------------------------

    @property
    def status(self) -> dict[str, Any]:
        """The project as the server describes it now: state, classes, counts, settings."""
        answer: dict[str, Any] = self._json("GET", "")
        return answer

    def metrics(self) -> dict[str, Any]:
        """Return labels per class, accuracy with its interval, learning curve, advice."""
        answer: dict[str, Any] = self._json("GET", "/metrics")
        return answer

    def labels(self) -> pd.Series[Any]:
        """Return the label of each labeled sample, indexed as the frame was.

        Samples of a folder are known by the names of their files, all others without an index of
        their own by their position. Several annotations of a sample give their consensus. In
        multi-label projects each value is a list.
        """
        status = self.status
        return self._by_key(self._exported("labels", status), status)["label"]

    def predictions(self) -> pd.DataFrame:
        """Return what the last fitted estimator says of every sample, labeled or not.

        Returns
        -------
        DataFrame, one row a sample, indexed as the frame was
            `predicted`: the class that the estimator gives it, under the name it has now.
            `probability`: how probable that is to the estimator, 0 to 1. Estimators without
            `predict_proba` give numbers that only order samples.
            `label`: what people said, missing where nobody did.
            In multi-label projects the first and the last are lists, and `probability` is that of
            the class which the estimator is least sure about.

        Raises
        ------
        RefusedError
            `no_estimator`: no round has finished so far. Or the caller may not see what others
            answered.
        """
        status = self.status
        table = self._by_key(self._exported("predictions", status), status)
        return table[["predicted", "probability", "label"]]

    def annotations(self) -> pd.DataFrame:
        """Return every annotation ever made, undone ones too, in order of arrival."""
        return self._exported("annotations", self.status)

    def export(
        self,
        path: str | PathLike[str],
        *,
        what: str = "labels",
        with_data: bool = False,
        format: str | None = None,  # noqa: A002 - read as project.export(..., format="hf")
    ) -> Path:
        """Write labels to a file or folder of this machine; return its path.

        Parameters
        ----------
        path : str or path
            The ending tells the format: `.csv`, `.jsonl`, `.parquet`, `.json` (Label Studio). A
            path without an ending becomes a folder for `datasets.load_from_disk`.
        what : {"labels", "annotations", "predictions"}, default="labels"
            One row for each labeled sample; every fact; or one row for each sample, with what the
            last fitted estimator says of it (as a table only).
        with_data : bool, default=False
            Write the samples' own columns, too. Folders and Label Studio's files always have them.
        format : {"csv", "jsonl", "parquet", "hf", "label-studio"}, optional
            Where the ending does not tell.

        Raises
        ------
        RefusedError
            The caller may not see what others answered, or there is no estimator yet.
        InvalidInputError
            The format is unknown, or the folder is there already.
        """
        return downloads.export(
            partial(self._http.download, self._path("/export")),
            Path(path),
            file_format=format,
            what=what,
            data=int(with_data),
        )

    def estimator(self, *, trusted: Sequence[str] = ()) -> Any:
        """Return the last fitted estimator.

        `trusted` names classes beside scikit-learn's that it may hold, such as
        `"my_models.SoftCentroids"`: loading it runs their code.

        Raises
        ------
        RefusedError
            `no_estimator`: no round has finished so far.
        InvalidInputError
            If it holds classes that are not trusted; they are named.
        """
        return estimators.loaded(self._http.content("GET", self._path("/estimator")), trusted)

    def pipeline(self, *, trusted: Sequence[str] = ()) -> Any:
        """Return a scikit-learn pipeline that takes texts, for a project that learns from texts.

        It is the TF-IDF that the server made of the pool, then the last fitted estimator: what
        `estimator` alone can't do. Where several columns are learned from, join them by a space.
        `trusted` is that of `estimator`.

        Raises
        ------
        RefusedError
            `no_estimator` before the first round, `no_vectorizer` where no texts are learned from.
        """
        from sklearn.pipeline import make_pipeline

        described = self._json("GET", "/vectorizer")
        return make_pipeline(vectorizer(described), self.estimator(trusted=trusted))

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw accuracy by labels with its 95 % interval; return the axes.

        Raises
        ------
        InvalidInputError
            If matplotlib is not installed.
        """
        try:
            from matplotlib import pyplot
        except ImportError as error:
            raise InvalidInputError(
                "Drawing needs matplotlib: pip install 'jupyterlab_al[plot]'."
            ) from error
        points = [point for point in self.metrics()["curve"] if point["accuracy"] is not None]
        if ax is None:
            ax = pyplot.subplots()[1]
        n = [point["n_labels"] for point in points]
        low, high = ([point[side] for point in points] for side in ("low", "high"))
        ax.fill_between(n, low, high, alpha=0.2)
        ax.plot(n, [point["accuracy"] for point in points], marker=".")
        ax.set(xlabel="labels", ylabel="accuracy on random checks", title=self.name, ylim=(0, 1))
        return ax

    # --- doing --------------------------------------------------------------------------

    def open(self) -> str:
        """Show the labeling view in JupyterLab; return its address, for a browser elsewhere."""
        path, address = self._json("POST", "/open")["path"], self._http.address
        return f"{address.public_url or address.url}{path}"

    def widget(self) -> LabelingWidget:
        """Return the labeling view for the place below a cell, or for a page that Voilà serves.

        Labels go from the page to its server; `labels` of the widget is their number, and
        `widget.observe(f, "labels")` hears of each.

        Raises
        ------
        InvalidInputError
            If anywidget is not installed.
        """
        try:
            from jupyterlab_al.client.widget import LabelingWidget
        except ImportError as error:
            raise InvalidInputError(
                "Labeling below a cell needs anywidget: pip install 'jupyterlab_al[notebook]', "
                "then reload the page."
            ) from error
        status = self.status
        return LabelingWidget(
            project=self.name,
            created_at=status["created_at"],
            base_url=urlsplit(self._http.address.url).path,
            labels=status["n_labeled"],
        )

    def label(self, labels: Mapping[Hashable, Any] | pd.Series[Any]) -> None:
        """Store labels given by hand, keyed like the frame's index.

        Parameters
        ----------
        labels : mapping or Series
            Key of a sample → its label (a list of labels in multi-label projects).

        Raises
        ------
        InvalidInputError
            If a key is no sample's; nothing is stored.
        RefusedError
            If a label is none of the classes; the message says what to do, nothing is stored.
        """
        given = dict(labels.items())
        ids = self._samples(list(given))
        items = [
            {"key": str(uuid.uuid4()), "sample_id": sample_id, "label": label_of(label)}
            for sample_id, label in zip(ids, given.values(), strict=True)
        ]
        if len(items) > BATCH:
            # The server takes a request whole or not at all, but these are several: what it can't
            # take goes first.
            status = self.status
            known = {*status["classes"], *(gone["name"] for gone in status["merged"])}
            items.sort(key=lambda item: known.issuperset(_names(item["label"])))
        for start in range(0, len(items), BATCH):
            self._json("POST", "/annotations", {"annotations": items[start : start + BATCH]})

    def add(self, data: Any, *, features: Any = None, wait: bool = True) -> Project:
        """Add samples behind those that are there; labeling goes on meanwhile.

        They are shown and learned from as the first ones: with the same columns, the terms of the
        TF-IDF and the categories as they were. Some of them become random checks, in the share of
        the others.

        Parameters
        ----------
        data : DataFrame, Series, array, Arrow table, polars frame, sequence of str, or path
            One row a sample, as for `al.create`; a path is that of a file, or of a folder of
            files where the project is one, and of its own folder what is new is added. Where the
            first frame's index names the samples, this one's does, too, with values that are not
            there yet.
        features : array or sparse matrix, optional
            Needed where features were given for the first samples.
        wait : bool, default=True
            Stay until they are imported, with a progress bar.

        Raises
        ------
        InvalidInputError
            If such data can't be sent, or are known by other keys than the project's.
        RefusedError
            `adding` while other samples are being added.
        NotReadyError
            If they don't fit those that are there; nothing is added then.
        """
        key_column = self.status["dataset"].get("key_column")
        body = send_more(self._http, data, key_column=key_column)
        if features is not None:
            body["features_upload_id"] = send_features(self._http, features)["upload_id"]
        self._json("POST", "/samples", body)
        return self._until_added() if wait else self

    def _until_added(self, *, timeout: float = 3600.0) -> Project:
        end = time.monotonic() + timeout
        with progress_bar(total=1.0, desc=self.name, bar_format=_BAR) as bar:
            while (status := self.status)["preparing"]:
                bar.set_postfix_str(status["preparing"]["phase"])
                bar.update(max(0.0, status["preparing"]["progress"] - bar.n))
                if time.monotonic() > end:
                    raise NotReadyError(f"After {timeout:g} seconds samples are still being added.")
                time.sleep(LOOK_EVERY)
            bar.update(1.0 - bar.n)
        if status["error"]:
            raise NotReadyError(status["error"])
        return self

    def retrain(self, *, wait: bool = True, timeout: float = 3600.0) -> dict[str, Any]:
        """Train on all labels there are now, and return the round that did.

        Parameters
        ----------
        wait : bool, default=True
            Stay until it has finished. A round that is under way is waited for first, and is the
            answer where it knows all labels; without waiting it is refused (`round_running`).
        timeout : float, default=3600
            Seconds to wait at most.

        Raises
        ------
        RefusedError
            `too_few_classes`, or `round_running`.
        NotReadyError
            If it failed or did not end in time.
        """
        if not wait:
            return self._asked_for_round()
        n_labels = int(self.status["n_annotations"])
        while True:
            try:
                asked = self._asked_for_round()
            except RefusedError as error:
                if error.word != "round_running":
                    raise
                asked = self._json("GET", "/rounds", limit=1)["rounds"][0]
            done = self._ended(asked, timeout)
            if done["n_labels"] >= n_labels:
                return done

    def wait(self, n_labels: int, *, timeout: float | None = None) -> int:
        """Return the number of labels once there are at least `n_labels`.

        Raises
        ------
        NotReadyError
            If there are fewer after `timeout` seconds.
        """
        end = None if timeout is None else time.monotonic() + timeout
        while (n := int(self.status["n_annotations"])) < n_labels:
            if end is not None and time.monotonic() > end:
                raise NotReadyError(f"After {timeout:g} seconds there are {n} labels.")
            time.sleep(LOOK_EVERY)
        return n

    def wait_until_ready(self, *, timeout: float = 3600.0, progress: bool = True) -> Project:
        """Return this project once its data are prepared, with a progress bar on the way.

        Raises
        ------
        NotReadyError
            If the data can't be used (the message says why), or it takes too long.
        """
        shown = {"desc": self.name, "disable": not progress, "bar_format": _BAR}
        with progress_bar(total=1.0, **shown) as bar:

            def look() -> dict[str, Any]:
                status = self.status
                if status["preparing"]:
                    bar.set_postfix_str(status["preparing"]["phase"])
                    bar.update(status["preparing"]["progress"] - bar.n)
                return status

            ready = ("active", "paused", "archived", "failed")
            status = self._until(look, ready, timeout)
            bar.update(1.0 - bar.n)
        if status["state"] == "failed":
            raise NotReadyError(
                f"{self.name} could not be prepared: {status['error']} {way_out(self.name)}"
            )
        return self

    def pause(self) -> None:
        """Give out no more samples until `resume`."""
        self._json("PATCH", "", {"state": "paused"})

    def resume(self) -> None:
        """Go on after `pause`."""
        self._json("PATCH", "", {"state": "active"})

    def change(self, **settings: Any) -> None:
        """Change settings: title, classes, strategy, estimator, retrain_every, check_share, …."""
        self._json("PATCH", "", settings_of(self._http, settings))

    def delete(self, *, confirm: str) -> None:
        """Delete the project with all its labels; `confirm` repeats its name.

        Raises
        ------
        RefusedError
            If `confirm` is another name.
        """
        try:
            self._http.content("DELETE", self._path(""), confirm=confirm)
        except RefusedError as error:
            if error.word != "confirm_needed":
                raise
            raise RefusedError(
                f"Deleting {self.name!r} loses its labels for good; say so with "
                f"project.delete(confirm={self.name!r}).",
                word=error.word,
                status=error.status,
            ) from None

    # --- how it shows itself --------------------------------------------------------------

    def __repr__(self) -> str:
        """Return the project in one line."""
        return f"<Project {self.name} at {self._http.address.url}>"

    def _repr_mimebundle_(self, **_options: Any) -> dict[str, str]:
        status, curve = self.status, self.metrics()["curve"]
        return {"text/plain": reprs.as_text(status), "text/html": reprs.as_html(status, curve)}

    # --- inside -----------------------------------------------------------------------------

    def _asked_for_round(self) -> dict[str, Any]:
        asked: dict[str, Any] = self._json("POST", "/rounds")
        return asked

    def _ended(self, asked: Mapping[str, Any], timeout: float) -> dict[str, Any]:
        path = f"/rounds/{asked['id']}"
        ends = ("finished", "failed", "cancelled")
        done = self._until(lambda: self._json("GET", path), ends, timeout)
        if done["state"] != "finished":
            why = done["error"] or "nobody said why"
            raise NotReadyError(f"The round was {done['state']}: {why}")
        return done

    def _path(self, rest: str) -> str:
        return f"projects/{self.name}{rest}"

    def _json(self, method: str, rest: str, body: Any = None, **query: object) -> Any:
        return self._http.json(method, self._path(rest), body, **query)

    def _exported(self, what: str, status: Mapping[str, Any]) -> pd.DataFrame:
        import pandas as pd
        import pyarrow as pa

        content = self._http.content("GET", self._path("/export"), format="parquet", what=what)
        # Not a file of Python's: a thread of pyarrow's that still held it when a script ended
        # would abort the process.
        table = pd.read_parquet(pa.BufferReader(content))
        if status["multi_label"]:
            for column in {"label", "predicted"}.intersection(table.columns):
                table[column] = table[column].map(list, na_action="ignore")
        return table

    def _by_key(self, table: pd.DataFrame, status: Mapping[str, Any]) -> pd.DataFrame:
        """Return an export indexed as the frame was."""
        dataset = status["dataset"]
        column = dataset.get("key_column")
        index: Any = table["sample_id"].rename(None)
        if column is not None or dataset["kind"] in WORDS:
            index = index_of(table["sample_key"].tolist(), dataset.get("key_type"), column)
        return table.set_axis(index)

    def _samples(self, keys: Sequence[Hashable]) -> list[int]:
        texts = meant(keys, self.status["dataset"].get("key_type"))
        ids: list[int | None] = []
        for start in range(0, len(texts), BATCH):
            part = {"keys": texts[start : start + BATCH]}
            ids += self._json("POST", "/samples/find", part)["sample_ids"]
        found = [sample_id for sample_id in ids if sample_id is not None]
        if len(found) < len(keys):
            unknown = [key for key, sample_id in zip(keys, ids, strict=True) if sample_id is None]
            raise InvalidInputError(
                f"{len(unknown)} keys are no sample's, the first is {unknown[0]!r}. Keys are the "
                "values of the frame's index; nothing was stored."
            )
        return found

    def _until(
        self, look: Callable[[], dict[str, Any]], states: tuple[str, ...], timeout: float
    ) -> dict[str, Any]:
        began = time.monotonic()
        while (seen := look())["state"] not in states:
            waited = time.monotonic() - began
            if waited > timeout:
                raise NotReadyError(
                    f"After {timeout:g} seconds {self.name} is still {seen['state']}; it goes on."
                )
            time.sleep(min(max(FIRST_LOOK, IN_VAIN * waited), LOOK_EVERY))
        return seen


_BAR = "{desc}: {percentage:3.0f}%|{bar}| {postfix}"


def _names(label: Any) -> list[Any]:
    return label if isinstance(label, list) else [label]


def way_out(name: str) -> str:
    """Return what to do about a project whose data can't be used."""
    return f"Remove it before you make it anew: al.open({name!r}).delete(confirm={name!r})."


def settings_of(http: Http, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as the server reads them: a strategy by its name, an estimator sent."""
    settings = dict(given)
    if isinstance(settings.get("strategy"), str):
        settings["strategy"] = {"name": settings["strategy"], "params": {}}
    if "estimator" in settings:
        settings["estimator"] = estimators.described(http, settings["estimator"])
    if isinstance(settings.get("classes"), str):
        raise InvalidInputError(f"classes is a list of names: classes=[{settings['classes']!r}].")
    if "classes" in settings and settings["classes"] is not None:
        settings["classes"] = [str(name) for name in settings["classes"]]
    return settings
