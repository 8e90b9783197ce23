"""When to stop: each rule's vote and the advice made of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from jupyterlab_al.domain.stopping import (
    DECISIVE,
    Effort,
    Vote,
    advises_stop,
    expected_changes,
    vote,
)

LEFT = Effort(n_labeled=100, n_samples=1000)


def rounds(n: int = 6, **changes: Any) -> list[dict[str, Any]]:
    """Return rounds of a project that has learned all it will; each test spoils one figure."""
    of_each: dict[str, Any] = {
        "agreement": 1.0,
        "changed_share": 0.0,
        "uncertainty": 0.02,
        "accuracy": {"value": 0.9, "low": 0.88, "high": 0.92},
    } | changes
    return [{**of_each, "n_labels": 50 + 10 * i} for i in range(n)]


def said(votes: list[Vote]) -> dict[str, str]:
    """Return what each rule says."""
    return {each.rule: each.says for each in votes}


def test_a_project_that_learns_nothing_more_should_stop() -> None:
    """All rules that know agree, so that is the advice."""
    votes = vote(rounds(), LEFT)

    assert said(votes) == {
        "settled_predictions": "stop",
        "classification_change": "stop",
        "overall_uncertainty": "stop",
        "flat_curve": "stop",
        "expected_improvement": "stop",
        "known_accuracy": "stop",
        "pool_labeled": "continue",
    }
    assert advises_stop(votes)


@pytest.mark.parametrize(
    ("spoilt", "rule"),
    [
        ({"agreement": 0.95}, "settled_predictions"),
        ({"changed_share": 0.05}, "classification_change"),
    ],
)
def test_one_rule_against_it_is_enough_to_go_on(spoilt: dict[str, Any], rule: str) -> None:
    """Each rule looks at its own figure, and says why in a sentence."""
    votes = vote(rounds(**spoilt), LEFT)

    assert said(votes)[rule] == "continue"
    assert not advises_stop(votes)
    assert all(each.because.endswith(".") for each in votes)


def test_the_rules_that_decide_come_first() -> None:
    """People read from the top, and the panel says that the first three make the advice."""
    votes = vote(rounds(), LEFT)

    assert tuple(each.rule for each in votes[:3]) == DECISIVE


def test_of_several_classes_a_sample_all_are_meant() -> None:
    """Reasons say that a sample with one wrong class counts as wrong."""
    votes = vote(rounds(), replace(LEFT, multi_label=True))

    about = [each.because for each in votes if each.rule in ("flat_curve", "known_accuracy")]
    assert [text[:33] for text in about] == ["The share with all classes right "] * 2


def test_without_rounds_nothing_is_advised() -> None:
    """Nobody knows anything yet."""
    votes = vote([], LEFT)

    assert set(said(votes).values()) == {"unknown", "continue"}
    assert not advises_stop(votes)


@pytest.mark.parametrize(
    ("spoilt", "rule"),
    [
        ({"uncertainty": 0.4}, "overall_uncertainty"),
        ({"accuracy": {"value": 0.9, "low": 0.8, "high": 0.95}}, "known_accuracy"),
    ],
)
def test_some_rules_only_inform(spoilt: dict[str, Any], rule: str) -> None:
    """A class of samples that stay unsure, and few checks, are told and don't decide."""
    votes = vote(rounds(**spoilt), LEFT)

    assert said(votes)[rule] == "continue"
    assert advises_stop(votes)


def test_a_curve_that_is_seen_rising_is_a_veto() -> None:
    """Where enough checks show that accuracy still rises, nobody is told to stop."""
    curve = rounds()
    for i, each in enumerate(curve):
        value = 0.7 + 0.04 * i
        each["accuracy"] = {"value": value, "low": value - 0.02, "high": value + 0.02}

    votes = vote(curve, LEFT)

    assert said(votes)["flat_curve"] == "continue"
    assert not advises_stop(votes)


def test_without_checks_nothing_is_known_of_accuracy() -> None:
    """Two rules go without random checks; how answers change is known all the same."""
    votes = vote(rounds(accuracy=None), LEFT)

    assert [rule for rule, says in said(votes).items() if says == "unknown"] == [
        "flat_curve",
        "known_accuracy",
    ]
    assert advises_stop(votes)


@pytest.mark.parametrize(("cost", "says"), [(0.1, "stop"), (1.0, "stop"), (100.0, "continue")])
def test_dear_errors_are_worth_more_labels(cost: float, says: str) -> None:
    """The same changes say stop where errors are cheap and go on where they are dear."""
    votes = vote(
        rounds(changed_share=0.004), Effort(n_labeled=100, n_samples=2000, error_cost=cost)
    )

    assert said(votes)["expected_improvement"] == says


def test_changes_that_follow_a_power_law_are_followed() -> None:
    """A power law is followed exactly; one that seems to rise is read as flat."""
    points = [(n, 3 * n**-1.5) for n in range(20, 200, 10)]

    found = expected_changes(points, ahead=50)

    assert found == pytest.approx(sum(3 * n**-1.5 for n in range(191, 241)))
    rising = [(n, n / 1e5) for n in range(20, 200, 10)]
    assert expected_changes(rising, ahead=50) < 50 * 200 / 1e5


def test_nothing_changing_at_all_is_no_infinity() -> None:
    """A stop set on which nothing changed leaves a change too small to be seen."""
    assert 0 < expected_changes([(10.0, 0.0), (20.0, 0.0)], ahead=50) < 0.01


def test_a_labeled_pool_and_a_spent_budget_end_it() -> None:
    """With nothing left to label or to spend, the other rules don't matter."""
    going_on = rounds(agreement=0.5)

    assert advises_stop(vote(going_on, Effort(n_labeled=1000, n_samples=1000)))
    assert advises_stop(vote(going_on, Effort(n_labeled=100, n_samples=1000, budget=100)))
    assert not advises_stop(vote(going_on, Effort(n_labeled=99, n_samples=1000, budget=100)))


def because(rule: str, **changes: Any) -> str:
    """Return the reason of a rule."""
    [found] = [each for each in vote(rounds(**changes), LEFT) if each.rule == rule]
    return found.because


@pytest.mark.parametrize(
    ("rule", "changes", "words"),
    [
        ("classification_change", {"changed_share": 0.0}, "None of the model's answers changed"),
        ("classification_change", {"changed_share": 0.0005}, "hardly change any more: fewer than"),
        ("classification_change", {"changed_share": 0.0123}, "up to 2 % of them"),
        ("settled_predictions", {"agreement": 0.9899}, "answers to 98 %"),
        ("settled_predictions", {"agreement": -0.01}, "answers to 0 %"),
        ("expected_improvement", {"changed_share": 0.0}, "about at most 2 of the 900"),
        ("overall_uncertainty", {"uncertainty": 0.0004}, "its doubt is below 0.1 on"),
        ("overall_uncertainty", {"uncertainty": 0.1004}, "its doubt is about 0.1 on"),
        (
            "known_accuracy",
            {"accuracy": {"value": 0.9, "low": 0.8699, "high": 0.9301}},
            "within 4 percentage points; more",
        ),
        ("known_accuracy", {}, "within 2 percentage points; that is close enough"),
        ("flat_curve", {}, "Accuracy hardly changed in the last 3 rounds; it is known to within 2"),
    ],
)
def test_reasons_are_said_as_a_person_would(rule: str, changes: dict[str, Any], words: str) -> None:
    """Figures are rounded to what is known, and none contradicts what follows from it."""
    said_by_rule = because(rule, **changes)

    assert words in said_by_rule
    assert "0.0" not in said_by_rule


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (0.88, "rose by 2 percentage points in the last 3 rounds, which can be chance"),
        (0.892, "rose by 1 percentage point in"),
        (0.85, "rose by 5 percentage points in the last 3 rounds, more than chance explains."),
        (0.95, "fell by 5 percentage points in the last 3 rounds, more than chance explains."),
    ],
)
def test_what_became_of_the_accuracy_is_said_with_what_chance_can_do(
    before: float, words: str
) -> None:
    """A fall that chance does not explain is not called chance either."""
    curve = rounds()
    for each in curve[:3]:
        each["accuracy"] = {"value": before, "low": before - 0.02, "high": before + 0.02}

    [found] = [each for each in vote(curve, LEFT) if each.rule == "flat_curve"]

    assert words in found.because
