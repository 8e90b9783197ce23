"""Every benchmark runs, and counts exactly what it measures; how fast it is, is no test."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from benchmarks.__main__ import NAMES, main
from benchmarks.accounts import account
from benchmarks.annotators import Work
from benchmarks.report import Report

NEEDS_POSTGRESQL = {"concurrent", "publish", "export"}
#: What must come out of the figures of each benchmark at its tiny size.
FIGURES: dict[str, dict[str, float]] = {
    "labeling_loop": {"lost": 0, "transactions": 2},
    "concurrent": {"wrong": 0, "acknowledged": 120, "stored": 120},
    "during_fit": {"n_train": 60},
    "score_rank": {"same_1": 50, "same_2": 50},
    "scale": {"same_2000": 50, "same_8000": 50},
    "query_step": {"chosen": 10},
    "text_round": {"fits": 3},
    "publish": {"wrong_sqlite": 0, "wrong_postgresql": 0},
    "export": {"lost": 0},
    "new_order": {"by_model": 1, "rounds": 1},
    "freshness": {"measured": 30},
    "label_efficiency": {"points": 2, "seeds": 2},
    "over_rest": {"apart": 0, "points": 2},
    "strategies": {"points_logistic regression": 48},
    "stopping": {"rules": 8, "replays": 1},
    "quality": {"replays": 4, "lists": 2, "annotations": 320},
    "honest": {"projects": 1, "draws": 200},
    "anchor": {"rows": 3},
    "import_table": {"rows_parquet": 5_000, "rows_csv": 5_000},
    "data_in": {"rows_array": 2_000, "rows_table": 2_000, "active": 2},
    "labels_out": {
        f"{what}_{name}": 200
        for what in ("labels", "annotations", "bare")
        for name in ("position", "key")
    },
    "start_up": {"heavy": 0},
}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.postgresql] if name in NEEDS_POSTGRESQL else [])
        for name in NAMES
    ],
)
def test_it_runs_and_its_accounting_is_exact(name: str) -> None:
    """At its tiny size a benchmark ends with a report whose counts are as they must be."""
    module: Any = import_module(f"benchmarks.{name}")

    report: Report = module.run(module.TINY)

    assert {key: report.figures[key] for key in FIGURES[name]} == FIGURES[name]
    assert report.markdown().startswith(f"## {name}: ")


def test_every_benchmark_is_held_to_a_figure() -> None:
    """No benchmark can run without saying what came of it."""
    assert set(FIGURES) == set(NAMES)


def test_a_part_can_be_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Options say how many seeds, and which sets, where a benchmark has them."""
    monkeypatch.setattr("sys.argv", ["", "strategies", "--tiny", "--seeds=1", "--sets=wine"])

    main()

    said = capsys.readouterr().out
    assert "1 real sets, 1 seeds" in said
    assert "| wine |" in said
    assert "| iris |" not in said


class TestAccount:
    """What the server acknowledged against what it has."""

    def test_a_sound_server(self) -> None:
        """Two annotators whose labels are all there, once each."""
        works = [Work(acknowledged=[("k1", 1), ("k2", 2)]), Work(acknowledged=[("k3", 3)])]

        found = account(works, [stored("k1", 1), stored("k2", 2), stored("k3", 3)])

        assert found.is_exact
        assert (found.acknowledged, found.stored) == (3, 3)

    def test_a_sample_labeled_twice(self) -> None:
        """The second label of a sample is a duplicate, whoever gave it."""
        works = [Work(acknowledged=[("k1", 1)]), Work(acknowledged=[("k2", 1)])]

        found = account(works, [stored("k1", 1), stored("k2", 1)])

        assert (found.duplicates, found.lost, found.unasked) == (1, 0, 0)
        assert not found.is_exact

    def test_a_label_that_is_not_there(self) -> None:
        """What was acknowledged and is gone, or undone, is lost."""
        works = [Work(acknowledged=[("k1", 1), ("k2", 2)])]

        found = account(works, [stored("k1", 1, undone_at="2026-11-22T12:00:00Z")])

        assert (found.lost, found.stored) == (2, 0)

    def test_a_label_on_another_sample(self) -> None:
        """A key that stands for another sample than acknowledged is lost and unasked."""
        found = account([Work(acknowledged=[("k1", 1)])], [stored("k1", 2)])

        assert (found.lost, found.unasked) == (1, 1)

    def test_errors_are_counted(self) -> None:
        """A refused request is never passed over."""
        found = account([Work(errors=["503 …"])], [])

        assert found.errors == 1
        assert not found.is_exact


def stored(key: str, sample_id: int, *, undone_at: str | None = None) -> dict[str, Any]:
    """Return an annotation as `GET annotations` does."""
    return {"key": key, "sample_id": sample_id, "undone_at": undone_at}
