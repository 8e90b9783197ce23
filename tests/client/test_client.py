"""The Python client against a real server: arrays and frames in, labels and estimator out."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from PIL import Image
from scipy.sparse import csr_matrix
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import jupyterlab_al as al
from benchmarks.servers import Place, RunningServer

pytestmark = pytest.mark.usefixtures("connected")

REVIEWS = pd.DataFrame(
    {"review": [f"{'good' if i % 2 else 'bad'} thing {i}" for i in range(40)], "stars": range(40)},
    index=pd.Index([f"r-{i}" for i in range(40)], name="review_id"),
)
CLASSES = ["negative", "positive"]


def truth(key: str) -> str:
    """Return the true label of a review."""
    return CLASSES[int(key.removeprefix("r-")) % 2]


def reviews(name: str, **settings: Any) -> al.Project:
    """Return a project of the reviews."""
    return al.create(name, REVIEWS, text="review", classes=CLASSES, **settings)


class TestExport:
    def test_a_folder_for_datasets(self, tmp_path: Path) -> None:
        """A path without an ending becomes a folder that `datasets` reads, texts and labels."""
        from datasets import load_from_disk

        project = reviews("to-a-folder")
        project.label({"r-3": "positive"})

        path = project.export(tmp_path / "folder")

        [sample] = load_from_disk(str(path))["train"]
        assert (sample["review"], sample["label"]) == ("good thing 3", 1)

    def test_a_table_with_the_samples(self, tmp_path: Path) -> None:
        """The ending tells the format; the samples' own columns come where they are asked for."""
        project = reviews("to-a-table")
        project.label({"r-3": "positive"})

        path = project.export(tmp_path / "labels.csv", with_data=True)

        [row] = pd.read_csv(path).to_dict(orient="records")
        assert (row["sample_key"], row["label"], row["review"]) == (
            "r-3",
            "positive",
            "good thing 3",
        )

    def test_an_ending_that_tells_nothing(self, tmp_path: Path) -> None:
        """It is refused before anything is asked for or written."""
        with pytest.raises(al.InvalidInputError, match=r"\.csv"):
            al.open(reviews("to-nowhere").name).export(tmp_path / "labels.docx")

        assert not list(tmp_path.iterdir())


class TestFramesIn:
    def test_a_frame_becomes_a_project(self) -> None:
        """One call: texts are shown and learned from, classes and index are there."""
        project = reviews("frame")

        status = project.status
        assert (status["state"], status["n_samples"], status["classes"]) == ("active", 40, CLASSES)
        assert status["display"]["column"] == "review"
        assert status["features"]["kind"] == "text"

    @pytest.mark.parametrize(
        "index",
        [
            pd.Index([100 + i for i in range(6)]),
            pd.date_range("2026-01-01", periods=6, name="day"),
            pd.Index([f"00{i}" for i in range(6)]),
            pd.RangeIndex(6),
            pd.Index([0.5 + i for i in range(6)]),
        ],
        ids=["integers", "dates", "texts", "positions", "numbers"],
    )
    def test_labels_come_back_with_the_frames_own_index(
        self, index: pd.Index[Any], request: pytest.FixtureRequest
    ) -> None:
        """Keys keep value and type, also for who opens the project anew."""
        frame = pd.DataFrame({"text": list("abcdef")}, index=index)
        project = al.create(request.node.callspec.id, frame, text="text", classes=["x", "y"])

        project.label({index[4]: "x", index[1]: "y"})

        for seen in (project, al.open(project.name)):
            labels = seen.labels().sort_index()
            assert {index[1]: "y", index[4]: "x"} == labels.to_dict()
            assert labels.index.dtype == index.dtype or index.dtype == object
            assert frame.join(labels)["label"].notna().sum() == 2

    @pytest.mark.parametrize(
        "data",
        [
            ["one text", "another text", "a third"],
            pd.Series(["one text", "another text", "a third"]),
            pa.table({"text": ["one text", "another text", "a third"]}),
            np.array(["one text", "another text", "a third"]),
            [{"text": "one"}, {"text": "two"}, {"text": "three"}],
        ],
        ids=["list", "series", "arrow", "texts-array", "records"],
    )
    def test_other_forms_of_texts(self, data: Any, request: pytest.FixtureRequest) -> None:
        """Lists, Series, Arrow tables and records work as frames do."""
        project = al.create(request.node.callspec.id, data, classes=["x", "y"])

        assert project.status["n_samples"] == 3

    def test_sets_of_classes_come_back_as_lists(self) -> None:
        """In a multi-label project a label is a list, on the way in and on the way out."""
        texts = ["one", "two", "three"]
        project = al.create("several", texts, classes=["x", "y"], multi_label=True)

        project.label({0: ["y", "x"], 2: []})

        assert project.labels().to_dict() == {0: ["x", "y"], 2: []}
        assert project.annotations()["label"].to_list() == [["x", "y"], []]

    def test_arrays_of_numbers_and_of_images(self) -> None:
        """Two dimensions are rows, three are images."""
        digits = load_digits()

        rows = al.create("rows", digits.data[:50, :8], classes=["a", "b"])
        images = al.create("images", digits.images[:50], classes=["a", "b"])

        assert rows.status["display"]["kind"] == "row"
        assert images.status["display"]["kind"] == "image"

    def test_series_are_lines(self) -> None:
        """Rows of an array are drawn as lines where asked; so is a column with lists."""
        signals = np.sin(np.arange(200.0)).reshape(4, 50)
        frame = pd.DataFrame({"signal": list(signals), "level": range(4)})

        rows = al.create("rows-as-lines", signals, series=True)
        cells = al.create("cells-as-lines", frame, series="signal")
        alone = al.create("alone", frame["signal"], series=True, features=signals)

        assert rows.status["display"] == {"kind": "series"}
        assert cells.status["display"] == {"kind": "series", "column": "signal"}
        assert cells.status["features"]["columns"] == ["level"]
        assert alone.status["display"] == {"kind": "series", "column": "signal"}

    def test_long_rows_are_lines_unless_refused(self) -> None:
        """Nobody reads 32 numbers a sample and more; who wants to says so."""
        signals = np.sin(np.arange(200.0)).reshape(4, 50)

        lines = al.create("long-rows", signals)
        numbers = al.create("long-numbers", signals, series=False)

        assert lines.status["display"] == {"kind": "series"}
        assert numbers.status["display"] == {"kind": "row"}

    @pytest.mark.parametrize("make", [np.asarray, csr_matrix], ids=["dense", "sparse"])
    def test_own_features(self, make: Any, request: pytest.FixtureRequest) -> None:
        """Features that a person computed are what the estimator learns from."""
        X = make(np.eye(40, 7))

        project = reviews(f"features-{request.node.callspec.id}", features=X)
        project.label({key: truth(key) for key in REVIEWS.index[:12]})
        project.retrain()

        assert project.status["features"]["kind"] == "precomputed"
        assert project.estimator().n_features_in_ == 7

    def test_texts_go_through_a_pipeline_of_ones_own(self) -> None:
        """The pipeline makes of texts what the server made of them, and takes other texts."""
        project = reviews("pipeline")
        project.label({key: truth(key) for key in REVIEWS.index[:12]})
        project.retrain()

        pipeline = project.pipeline()

        proba = pipeline.predict_proba(REVIEWS["review"])
        assert proba.shape == (len(REVIEWS), 2)
        assert pipeline[-1].n_features_in_ == len(pipeline[0].vocabulary_)
        assert pipeline.predict(["a good thing", "a bad thing"]).tolist() == [
            "positive",
            "negative",
        ]

    def test_predictions_of_every_sample(self) -> None:
        """What the model says comes back with the frame's index, beside what people said."""
        project = reviews("predictions")
        project.label({key: truth(key) for key in REVIEWS.index[:12]})
        project.retrain()

        said = project.predictions()

        assert said.index.equals(REVIEWS.index)
        assert said["predicted"].tolist() == [truth(key) for key in REVIEWS.index]
        assert said["probability"].between(0.5, 1).all()
        assert said["label"].dropna().to_dict() == {key: truth(key) for key in REVIEWS.index[:12]}

    def test_no_predictions_before_a_round(self) -> None:
        """Without a model the refusal says what is missing."""
        project = reviews("no-predictions")

        with pytest.raises(al.RefusedError, match="first finished round"):
            project.predictions()

    def test_without_texts_there_is_no_pipeline(self) -> None:
        """Features of one's own need no vectorizer, and the message says so."""
        project = al.create("no-texts", np.eye(30, 5), classes=["a", "b"])

        with pytest.raises(al.RefusedError, match="no vectorizer"):
            project.pipeline()

    def test_labels_that_exist_already(self) -> None:
        """A Series of labels, with gaps, comes along."""
        known = pd.Series({"r-1": "positive", "r-2": "negative"})

        project = reviews("known", labels=known)

        assert known.to_dict() == project.labels().to_dict()

    def test_a_path_is_read_by_the_server(self, place: Place) -> None:
        """A path names a file below the server's root; nothing is uploaded."""
        REVIEWS.to_csv(place.root / "reviews.csv", index=False)

        project = al.create("path", "reviews.csv", text="review", classes=CLASSES)

        assert project.status["dataset"]["path"] == "reviews.csv"

    @pytest.mark.parametrize("path", ["pictures", "pictures.old/", "pictures.v2"])
    def test_a_folder_of_pictures(self, place: Place, path: str) -> None:
        """Whatever the folder is called, what it holds says what it is."""
        folder = place.root / path
        for number in range(3):
            (folder / "zero").mkdir(parents=True, exist_ok=True)
            Image.new("L", (8, 8), number).save(folder / "zero" / f"{number}.png")

        project = al.create(path.strip("/"), path, labels="folder", classes=["zero", "one"])

        assert project.status["dataset"]["kind"] == "images"
        names = [f"zero/{number}.png" for number in range(3)]
        assert project.labels().to_dict() == dict.fromkeys(names, "zero")

        project.label({names[1]: "one"})
        assert project.annotations()["sample_key"].to_list() == [*names, names[1]]

    @pytest.mark.parametrize(
        ("data", "settings", "says"),
        [
            (42, {}, "can't become a dataset"),
            (pd.DataFrame({"a": [1, 2]}, index=[7, 7]), {}, "twice"),
            (pd.DataFrame({"a": [1, 2]}), {"labels": ["x"]}, "2 samples and 1 labels"),
            (pd.DataFrame({"a": ["x", "y"]}), {"features": ["no"]}, "must be numbers"),
            (["a", "b"], {"estimator": LogisticRegression}, "make one"),
        ],
    )
    def test_what_cant_be_sent_says_why(
        self, data: Any, settings: dict[str, Any], says: str
    ) -> None:
        """Rubbish never reaches the server, and no project is made."""
        with pytest.raises(al.InvalidInputError, match=says):
            al.create("rubbish", data, **settings)

        assert "rubbish" not in [project.name for project in al.projects()]

    def test_data_that_cant_be_used_fail_with_the_reason(self) -> None:
        """What the server finds out while preparing is raised here."""
        with pytest.raises(al.ActiveLearningError, match="can't learn from it"):
            al.create("nan", np.full((10, 3), np.nan), classes=["a", "b"])


class TestLabelsOut:
    def test_annotations_are_every_fact(self) -> None:
        """A second opinion and its source are there; labels give the consensus."""
        project = reviews("facts")
        project.label({"r-3": "positive"})
        project.label({"r-3": "positive", "r-4": "negative"})

        facts = project.annotations()

        assert sorted(facts["sample_key"]) == ["r-3", "r-3", "r-4"]
        assert {"manual"} == set(facts["source"])
        assert project.labels().to_dict() == {"r-3": "positive", "r-4": "negative"}
        assert project.labels().index.name == "review_id"

    def test_unknown_keys_store_nothing(self) -> None:
        """One wrong key refuses the whole call."""
        project = reviews("typo")

        with pytest.raises(al.InvalidInputError, match="'r-99'"):
            project.label({"r-1": "positive", "r-99": "positive"})

        assert project.labels().empty

    def test_a_class_that_is_none_is_refused_with_the_servers_words(self) -> None:
        """The message names the class and says what to do."""
        with pytest.raises(al.RefusedError, match="mixed") as caught:
            reviews("classes").label({"r-1": "mixed"})

        assert caught.value.status == 422

    @pytest.mark.parametrize("multi_label", [False, True])
    def test_many_labels_are_stored_all_or_none(self, multi_label: bool) -> None:
        """Also where they are more than one request holds, and the last one is wrong."""
        name = f"many-{multi_label}"
        texts = [f"text number {i}" for i in range(2_100)]
        project = al.create(name, texts, classes=CLASSES, multi_label=multi_label)
        labels: dict[int, Any] = dict.fromkeys(range(2_100), "positive")
        if multi_label:
            labels = {key: ["negative", "positive"] for key in labels}
        wrong = {**labels, 2_099: ["mixed"] if multi_label else "mixed"}

        with pytest.raises(al.RefusedError, match="mixed"):
            project.label(wrong)
        refused = len(project.annotations())
        project.label(labels)

        assert (refused, len(project.annotations())) == (0, 2_100)

    def test_the_estimator_predicts_as_in_the_server(self) -> None:
        """What comes back predicts, also after a journey through a file; metrics tell of it."""
        X, y = load_digits(return_X_y=True)
        estimator = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500))
        project = al.create(
            "digits", X[:300], classes=[str(i) for i in range(10)], estimator=estimator
        )
        project.label({i: str(y[i]) for i in range(150)})

        done = project.retrain()
        fitted = project.estimator()

        assert done["state"] == "finished"
        assert fitted.get_params()["logisticregression__C"] == 0.1
        assert np.mean(fitted.predict(X[150:300]) == y[150:300].astype(str)) > 0.8
        assert project.metrics()["labels"] == 150

    def test_no_estimator_yet(self) -> None:
        """Before the first round there is none, and the error says so."""
        with pytest.raises(al.RefusedError) as caught:
            reviews("untrained").estimator()

        assert caught.value.word == "no_estimator"

    def test_too_few_classes(self) -> None:
        """A round of one class is refused with the server's words."""
        project = reviews("one-class")
        project.label({"r-1": "positive"})

        with pytest.raises(al.RefusedError, match="class") as caught:
            project.retrain()

        assert caught.value.word == "too_few_classes"


class TestLiving:
    def test_a_waiting_call_sees_a_label_within_a_second(
        self, connected: RunningServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A label made elsewhere ends the wait."""
        project = reviews("waiting")
        client = connected.client()

        def label_meanwhile(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 3:
                [lease] = client.claim("waiting", size=1)
                client.annotate("waiting", lease, "positive")

        pauses: list[float] = []
        clock = SimpleNamespace(sleep=label_meanwhile, monotonic=time.monotonic)
        monkeypatch.setattr("jupyterlab_al.client.project.time", clock)
        n = project.wait(1, timeout=60)

        assert (n, len(pauses)) == (1, 3)
        assert max(pauses) < 1

    def test_a_wait_ends(self) -> None:
        """Who waits in vain is told how many labels there are."""
        with pytest.raises(al.NotReadyError, match="there are 0 labels"):
            reviews("vain").wait(1, timeout=0.1)

    def test_open_projects_and_the_view(self) -> None:
        """Projects are found again by name; a wrong name says which there are."""
        reviews("findable")

        assert "findable" in [project.name for project in al.projects()]
        assert al.open("findable").open().endswith("/lab?al=findable")
        with pytest.raises(al.RefusedError, match="findable"):
            al.open("nowhere")

    def test_a_taken_name(self) -> None:
        """The same name twice, as when a notebook runs again, is refused with a way on."""
        reviews("taken")

        with pytest.raises(al.RefusedError, match=r"al\.open\('taken'\)") as caught:
            reviews("taken")

        assert (caught.value.word, caught.value.status) == ("name_taken", 409)

    def test_a_project_that_failed_can_be_made_anew(self) -> None:
        """Both messages say how: the one of the failure, and the one of the next attempt."""
        remove = r"al\.open\('broken'\)\.delete\(confirm='broken'\)"
        holes = np.full((len(REVIEWS), 2), np.nan)
        with pytest.raises(al.NotReadyError, match=remove):
            reviews("broken", features=holes)
        with pytest.raises(al.RefusedError, match=remove):
            reviews("broken")

        al.open("broken").delete(confirm="broken")

        assert reviews("broken").status["state"] == "active"

    def test_classes_are_a_list(self) -> None:
        """One name is not taken for a class of each of its letters."""
        with pytest.raises(al.InvalidInputError, match=r"classes=\['spam'\]"):
            al.create("letters", ["a b", "c d"], classes="spam")  # type: ignore[arg-type]

    def test_settings_change_and_projects_go(self) -> None:
        """Pausing, changing and deleting work from here, deleting only by name."""
        project = reviews("changing")
        project.pause()
        paused = project.status["state"]
        project.resume()
        project.change(strategy="random", retrain_every=5)

        with pytest.raises(al.RefusedError, match=r"project\.delete\(confirm='changing'\)"):
            project.delete(confirm="other")
        status = project.status
        project.delete(confirm="changing")

        assert paused == "paused"
        assert (status["strategy"]["name"], status["retrain_every"]) == ("random", 5)
        assert "changing" not in [one.name for one in al.projects()]

    def test_a_project_shows_itself(self) -> None:
        """A notebook gets words and a small inert page; texts of people are escaped."""
        project = reviews("shown", title="<script>alert(1)</script>")
        project.label({key: truth(key) for key in REVIEWS.index[:4]})

        bundle = project._repr_mimebundle_()

        assert bundle["text/plain"].startswith("<Project shown: 4 of 40 labeled")
        assert "&lt;script&gt;" in bundle["text/html"]
        assert "<script>" not in bundle["text/html"]
        assert connected_token() not in repr(project)

    def test_the_curve_is_drawn(self) -> None:
        """`plot` gives axes with a title."""
        import matplotlib as mpl

        mpl.use("Agg")
        assert reviews("drawn").plot().get_title() == "drawn"


def connected_token() -> str:
    """Return the secret that must not be shown."""
    from jupyterlab_al.client.api import _connected

    return _connected["server"].token


def test_a_plain_script_works(server: RunningServer) -> None:
    """Without a notebook, in a process of its own."""
    script = f"""
import jupyterlab_al as al
al.connect("http://127.0.0.1:{server.address.port}", "{server.address.token}")
project = al.create("script", ["a b", "c d", "e f"], classes=["x", "y"])
project.label({{0: "x", 2: "y"}})
print(project.labels().to_dict())
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False
    )

    assert done.stdout.strip() == "{0: 'x', 2: 'y'}", done.stderr


def test_importing_is_quick() -> None:
    """The import, and naming what it offers, load nothing heavy; each call loads what it needs."""
    heavy = ("sklearn", "pandas", "pyarrow", "scipy", "numpy", "tornado", "jupyter_server")
    script = f"""
import sys
import jupyterlab_al as al
al.create, al.open, al.projects, al.connect, al.Project, al.RefusedError
print([name for name in {heavy} if name in sys.modules])
"""

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True
    )

    assert done.stdout.strip() == "[]"


def test_a_notebook_without_ipywidgets_gets_a_bar_of_text_and_no_warning() -> None:
    """JupyterLab brings no ipywidgets; who waits for their data is not told to install them."""
    script = """
import sys, types
sys.modules["ipykernel.zmqshell"] = types.ModuleType("zmqshell")
sys.modules["IPython"] = types.SimpleNamespace(get_ipython=lambda: None)
sys.modules["ipywidgets"] = None
from jupyterlab_al.progress import progress_bar
with progress_bar(total=1.0, desc="reviews") as bar:
    bar.update(1.0)
"""

    done = subprocess.run(
        [sys.executable, "-W", "always", "-c", script],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip

    assert "reviews" in done.stderr
    assert "Warning" not in done.stderr
