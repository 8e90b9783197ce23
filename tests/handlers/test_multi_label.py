"""A project whose samples have any number of classes, over HTTP."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from jupyterlab_al.handlers.context import Context
from tests.factories import ANN, BOB, OLGA, an_annotation
from tests.handlers.conftest import Api, Work

WORDS = ("guitar", "piano", "drums")


@pytest.fixture
def songs(api: Api, work: Work, root_dir: Path, jp_asyncio_loop: asyncio.AbstractEventLoop) -> str:
    """Return a project of texts that name instruments, none labeled."""
    rows = [" and ".join(_tags(n)) or "silence" for n in range(40)]
    (root_dir / "songs.csv").write_text("\n".join(["text", *rows]))
    body = {
        "name": "songs",
        "dataset": {"kind": "table", "path": "songs.csv"},
        "display": {"kind": "text", "column": "text"},
        "classes": list(WORDS),
        "multi_label": True,
    }

    async def make() -> None:
        made = await api("POST", "projects", body)
        assert made.status == 201, made.body
        await work()

    jp_asyncio_loop.run_until_complete(make())
    return "songs"


def _tags(n: int) -> list[str]:
    return [word for place, word in enumerate(WORDS) if n >> place & 1]


async def test_sets_of_classes_go_in_teach_and_come_out(api: Api, work: Work, songs: str) -> None:
    """Lists are labels; each class has precision and recall; the export holds the lists."""
    for n in range(32):
        await api.annotate(songs, n, _tags(n))
    await work()

    metrics = (await api("GET", f"projects/{songs}/metrics")).body
    lines = (await api("GET", f"projects/{songs}/export?format=jsonl&what=labels")).body
    rows = [json.loads(line) for line in lines.decode().splitlines()]

    assert metrics["n_labeled"] == 32
    assert metrics["labels_per_class"] == dict.fromkeys(WORDS, 16)
    assert metrics["last_round"]["state"] == "finished"
    assert [row["label"] for row in rows] == [_tags(n) for n in range(32)]


async def test_checks_say_how_well_each_class_is_known(api: Api, work: Work, songs: str) -> None:
    """Beside the share of samples with all classes right stands the mean F1 of the classes."""
    leases = (await api.claim(songs, size=50)).body["leases"]
    for lease in leases:
        sample_id = lease["sample_id"]
        await api.annotate(songs, sample_id, _tags(sample_id), token=lease["token"])
    await work()

    metrics = (await api("GET", f"projects/{songs}/metrics")).body

    f1 = metrics["macro_f1"]
    assert f1["n"] == metrics["checks"] == metrics["accuracy"]["n"] > 0
    assert 0 <= f1["low"] <= f1["value"] <= f1["high"] <= 1


async def test_several_opinions_give_the_set_that_is_nearest_to_all(
    api: Api, context: Context, songs: str
) -> None:
    """Of the sets that people gave, the consensus is the one that differs least from the others."""
    opinions = ((ANN, ["guitar", "piano"]), (BOB, ["guitar"]), (OLGA, ["guitar", "drums"]))
    for person, opinion in opinions:
        an_annotation(context.database, person, 3, opinion, name=songs)

    lines = (await api("GET", f"projects/{songs}/export?format=jsonl&what=labels")).body

    assert json.loads(lines)["label"] == ["guitar"]


async def test_a_strategy_for_one_label_is_refused_and_changes_nothing(
    api: Api, songs: str
) -> None:
    """What can't score several labels a sample is refused at once, not by the next round."""
    strategy = {"name": "scikit_activeml", "params": {}}

    changed = await api("PATCH", f"projects/{songs}", {"strategy": strategy})
    after = (await api("GET", f"projects/{songs}")).body

    assert (changed.status, changed.body["error"]) == (422, "invalid_setting")
    assert after["strategy"]["name"] == "default"
