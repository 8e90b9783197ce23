"""How texts became numbers is written down, so that other texts can take the same way."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from jupyterlab_al.client.vectorizers import vectorizer
from jupyterlab_al.datasets.description import DatasetSpec, FeaturesSpec
from jupyterlab_al.datasets.features import open_features
from jupyterlab_al.datasets.preparation import PrepareTask
from jupyterlab_al.datasets.prepare import prepare
from jupyterlab_al.datasets.record import vectorizer_path


@pytest.mark.parametrize(
    "texts",
    [
        [f"the {word} came late, number {i}" for i, word in enumerate(["box", "bag", "pen"] * 20)],
        ["猫が好きです", "犬が好きです", "鳥は飛ぶ"] * 10,
        ["1", "2", "3"] * 10,
    ],
    ids=["words", "no spaces", "single signs"],
)
def test_it_gives_the_very_features_of_the_pool(tmp_path: Path, texts: list[str]) -> None:
    """Made again from its JSON, the vectorizer gives the stored numbers bit for bit."""
    (tmp_path / "texts.jsonl").write_text("\n".join(json.dumps({"text": t}) for t in texts))
    task = PrepareTask(
        folder=tmp_path / "project",
        root=tmp_path,
        dataset=DatasetSpec(kind="table", path="texts.jsonl"),
        features=FeaturesSpec(kind="text", column="text"),
    )
    prepare(task, lambda _phase, _done: None)

    again = vectorizer(json.loads(vectorizer_path(task.folder).read_text(encoding="utf-8")))

    stored = open_features(task.folder).take(np.arange(len(texts)))
    assert np.array_equal(again.transform(texts).toarray(), stored.toarray())
