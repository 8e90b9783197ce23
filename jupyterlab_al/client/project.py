"""A project of a running server, as a Python object."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Hashable, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jupyterlab_al.client import estimators, reprs
from jupyterlab_al.client.errors import InvalidInputError, NotReadyError, RefusedError
from jupyterlab_al.client.http import Http

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from jupyterlab_al.client.widget import LabelingWidget

#: Seconds between two looks at the server while waiting for it.
LOOK_EVERY = 0.25
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

        Several annotations of a sample give their consensus. In multi-label projects each value
        is a list.
        """
        table = self._exported("labels")
        index = self._index(table)
        return table["label"].set_axis(index).rename("label")

    def annotations(self) -> pd.DataFrame:
        """Return every annotation ever made, undone ones too, in order of arrival."""
        return self._exported("annotations")

    def estimator(self) -> Any:
        """Return the last fitted estimator.

        Raises
        ------
        RefusedError
            `no_estimator`: no round has finished so far.
        """
        return estimators.loaded(self._http.content("GET", self._path("/estimator")))

    def pipeline(self) -> Any:
        """Return a scikit-learn pipeline that takes texts, for a project that learns from texts.

        It is the TF-IDF that the server made of the pool, then the last fitted estimator: what
        `estimator` alone can't do. Where several columns are learned from, join them by a space.

        Raises
        ------
        RefusedError
            `no_estimator` before the first round, `no_vectorizer` where no texts are learned from.
        """
        from sklearn.pipeline import make_pipeline

        described = self._json("GET", "/vectorizer")
        return make_pipeline(estimators.vectorizer(described), self.estimator())

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
        path = self._json("POST", "/open")["path"]
        return f"{self._http.address.url}{path}"

    def widget(self) -> LabelingWidget:
        """Return the labeling view for the place below a cell, or for a page that Voilà serves.

        Labels go from the page to its server; `labels` of the widget is their number.

        >>> widget = project.widget()  # doctest: +SKIP
        >>> widget.observe(lambda change: print(change.new), "labels")  # doctest: +SKIP

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
            If a label is none of the classes; the message says what to do.
        """
        given = dict(labels.items())
        ids = self._samples(list(given))
        items = [
            {"key": str(uuid.uuid4()), "sample_id": sample_id, "label": _label(label)}
            for sample_id, label in zip(ids, given.values(), strict=True)
        ]
        for start in range(0, len(items), BATCH):
            self._json("POST", "/annotations", {"annotations": items[start : start + BATCH]})

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
        from tqdm.auto import tqdm

        with tqdm(total=1.0, desc=self.name, disable=not progress, bar_format=_BAR) as bar:

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
            raise NotReadyError(f"{self.name} could not be prepared: {status['error']}")
        return self

    def pause(self) -> None:
        """Give out no more samples until `resume`."""
        self._json("PATCH", "", {"state": "paused"})

    def resume(self) -> None:
        """Go on after `pause`."""
        self._json("PATCH", "", {"state": "active"})

    def change(self, **settings: Any) -> None:
        """Change settings: title, classes, strategy, estimator, retrain_every, check_share, …."""
        self._json("PATCH", "", settings_of(settings))

    def delete(self, *, confirm: str) -> None:
        """Delete the project with all its labels; `confirm` repeats its name.

        Raises
        ------
        RefusedError
            If `confirm` is another name.
        """
        self._http.content("DELETE", self._path(""), confirm=confirm)

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

    def _exported(self, what: str) -> pd.DataFrame:
        import pandas as pd

        content = self._http.content("GET", self._path("/export"), format="parquet", what=what)
        return pd.read_parquet(BytesIO(content))

    def _index(self, table: pd.DataFrame) -> pd.Index[Any]:
        """Return the samples' keys as the frame had them."""
        import pandas as pd

        dataset = self.status["dataset"]
        column, kind = dataset.get("key_column"), dataset.get("key_type")
        if column is None:
            positions: pd.Index[Any] = pd.Index(table["sample_id"])
            return positions
        index: pd.Index[Any] = pd.Index(
            table["sample_key"], name=None if column.rstrip("_") == "key" else column
        )
        if kind is not None:
            index = index.astype(kind)
        return index

    def _samples(self, keys: Sequence[Hashable]) -> list[int]:
        texts = [_key(key) for key in keys]
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
        end = time.monotonic() + timeout
        while (seen := look())["state"] not in states:
            if time.monotonic() > end:
                raise NotReadyError(
                    f"After {timeout:g} seconds {self.name} is still {seen['state']}; it goes on."
                )
            time.sleep(LOOK_EVERY)
        return seen


_BAR = "{desc}: {percentage:3.0f}%|{bar}| {postfix}"


def settings_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as the server reads them: a strategy by its name, an estimator described."""
    settings = dict(given)
    if isinstance(settings.get("strategy"), str):
        settings["strategy"] = {"name": settings["strategy"], "params": {}}
    if "estimator" in settings:
        settings["estimator"] = estimators.described(settings["estimator"])
    if "classes" in settings and settings["classes"] is not None:
        settings["classes"] = [str(name) for name in settings["classes"]]
    return settings


def _key(key: Hashable) -> str:
    isoformat = getattr(key, "isoformat", None)
    return str(isoformat()) if isoformat is not None else str(key)


def _label(label: Any) -> Any:
    if isinstance(label, str):
        return label
    if isinstance(label, list | tuple | set) or (hasattr(label, "tolist") and label.ndim):
        return [str(one) for one in label]
    return str(label)
