"""Features from a model that a person names by its import path."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from jupyterlab_al.datasets import embedding_features
from jupyterlab_al.datasets.description import DatasetSpec, FeaturesSpec
from jupyterlab_al.datasets.embedding_models import check_model
from jupyterlab_al.datasets.encoders import open_encoder
from jupyterlab_al.datasets.features import open_features
from jupyterlab_al.datasets.preparation import Prepared, PrepareTask
from jupyterlab_al.datasets.prepare import prepare
from jupyterlab_al.datasets.record import RECORD
from jupyterlab_al.domain.errors import InvalidSettingError
from tests.datasets import toy_models

TEXTS = ["the box came late", "a bag", "hole", "", "one more text here"]
MODELS = "tests.datasets.toy_models"
ALLOWED = ("tests.",)


def embedded(root: Path, model: str | None, allowed: tuple[str, ...] = ALLOWED) -> Prepared:
    """Import a table of texts with a model's features into `root / "project"`."""
    rows = [json.dumps({"review": text, "n": n}) for n, text in enumerate(TEXTS)]
    (root / "texts.jsonl").write_text("\n".join(rows))
    task = PrepareTask(
        folder=root / "project",
        root=root,
        dataset=DatasetSpec(kind="table", path="texts.jsonl"),
        features=FeaturesSpec(kind="embedding", column="review", model=model),
        allowed_models=allowed,
    )
    return prepare(task, lambda _phase, _done: None)


@pytest.mark.parametrize(
    ("model", "wanted"),
    [
        (f"{MODELS}:Encoder", toy_models.Encoder().encode(TEXTS)),
        (f"{MODELS}.encoder", toy_models.Encoder().encode(TEXTS)),
        (f"{MODELS}:hashed", toy_models.hashed(TEXTS).toarray()),
        (f"{MODELS}:make_vectorizer", toy_models.hashed(TEXTS).toarray()),
    ],
    ids=["class with encode", "object", "function of texts", "function that makes it"],
)
def test_a_model_gives_the_features(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str, wanted: np.ndarray
) -> None:
    """A class, an object, a function of texts or one that makes the model: each text is a row."""
    monkeypatch.setattr(embedding_features, "BATCH_TEXTS", 2)

    prepared = embedded(tmp_path, model)

    features = open_features(tmp_path / "project")
    assert (len(TEXTS), wanted.shape[1]) == features.shape
    assert prepared.features.to_json() == {
        "kind": "embedding",
        "column": "review",
        "model": model,
    }
    np.testing.assert_array_equal(wanted.astype(np.float32), features.chunk(0, len(TEXTS)))


def test_a_folder_of_texts_can_be_embedded(tmp_path: Path) -> None:
    """Files of texts go through the model as cells of a table do."""
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "1.txt").write_text("two words")
    task = PrepareTask(
        folder=tmp_path / "project",
        root=tmp_path,
        dataset=DatasetSpec(kind="texts", path="texts"),
        features=FeaturesSpec(kind="embedding", model=f"{MODELS}:Encoder"),
        allowed_models=ALLOWED,
    )

    prepare(task, lambda _phase, _done: None)

    np.testing.assert_array_equal([[9, 2]], open_features(task.folder).chunk(0, 1))


def test_further_texts_go_through_the_same_model(tmp_path: Path) -> None:
    """Appended rows are embedded by the model that the first ones were."""
    import pyarrow as pa

    embedded(tmp_path, f"{MODELS}:Encoder")
    encode = open_encoder(tmp_path / "project", allowed=ALLOWED)

    rows = encode(pa.RecordBatch.from_pydict({"review": ["two words", None]}))

    np.testing.assert_array_equal([[9, 2], [0, 0]], rows)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("flat", r"shape \(1,\) for 1 texts; it must give one row"),
        ("too_few", r"shape \(4, 2\) for 5 texts"),
        ("holes", "NaN or infinity for sample 2"),
        ("growing", "rows of 1 numbers first, and of 5"),
        ("failing", "failed at the texts from sample 0 on: RuntimeError: no GPU here"),
        ("NeedsArguments", "can't be made without arguments"),
        ("number", "is no model"),
        ("missing", "can't be imported"),
        ("join", "is defined in posixpath"),
    ],
)
def test_a_wrong_model_is_refused_in_words(tmp_path: Path, name: str, said: str) -> None:
    """Whatever a model gives but finite rows of one width ends the import, and nothing is kept."""
    with pytest.raises(InvalidSettingError, match=said):
        embedded(tmp_path, f"{MODELS}:{name}")

    assert not (tmp_path / "project" / RECORD).exists()


@pytest.mark.parametrize(
    ("features", "said"),
    [
        (FeaturesSpec(kind="embedding"), "need a model"),
        (FeaturesSpec(kind="embedding", model="os:system"), "not an allowed model"),
        (FeaturesSpec(kind="embedding", model=f"{MODELS}:_private"), "not an allowed model"),
        (FeaturesSpec(kind="embedding", model=f"{MODELS}:encoder:encode"), "not an allowed model"),
        (FeaturesSpec(kind="text", model=f"{MODELS}:encoder"), "use no model"),
    ],
)
def test_a_path_is_judged_before_anything_is_imported(features: FeaturesSpec, said: str) -> None:
    """A model outside the allowed modules is refused by its name alone."""
    with pytest.raises(InvalidSettingError, match=said):
        check_model(features, ALLOWED)
