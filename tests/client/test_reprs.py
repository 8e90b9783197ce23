"""What a notebook shows of a project."""

from __future__ import annotations

from typing import Any

from jupyterlab_al.client.reprs import as_html, as_text


def a_project(**change: Any) -> dict[str, Any]:
    """Return what the server says of a project."""
    return {
        "name": "reviews",
        "title": "Product reviews",
        "state": "active",
        "error": None,
        "classes": ["negative", "positive"],
        "n_labeled": 1_200,
        "n_samples": 20_000,
        "accuracy": {"value": 0.871, "low": 0.83, "high": 0.904, "n": 120},
    } | change


def a_curve(*accuracies: float | None) -> list[dict[str, Any]]:
    """Return a learning curve of rounds every 100 labels."""
    return [
        {
            "n_labels": 100 * n,
            "accuracy": value,
            "low": value and value - 0.1,
            "high": value and value + 0.05,
        }
        for n, value in enumerate(accuracies, 1)
    ]


def test_accuracy_stands_with_its_interval_and_once() -> None:
    """A figure is never without what it knows, and an unknown one is said once."""
    known = as_html(a_project(), [])
    unknown = as_html(a_project(accuracy=None), [])

    assert "1,200 of 20,000 labeled · accuracy 87 % (83–90), 120 checks" in known
    assert unknown.count("accuracy") == 1
    assert "accuracy unknown so far" in unknown
    assert as_text(a_project()) == (
        "<Project reviews: 1,200 of 20,000 labeled, accuracy 87 % (83–90), 120 checks>"
    )


def test_many_classes_are_not_all_listed() -> None:
    """A project of hundreds of classes stays a few lines."""
    said = as_html(a_project(classes=[f"class {n}" for n in range(300)]), [])

    assert "class 11" in said
    assert "class 12" not in said
    assert "and 288 more" in said


def test_the_curve_is_drawn_below_and_says_what_it_is() -> None:
    """It needs two points, takes the colors of the page, and has words for who can't see it."""
    drawn = as_html(a_project(), a_curve(None, 0.5, 0.75, 0.9))

    assert "<svg" not in as_html(a_project(), a_curve(None, 0.9))
    assert 'aria-label="accuracy from 200 to 400 labels, with its 95 % interval"' in drawn
    assert "display: block" in drawn
    assert "currentColor" in drawn
    assert "#" not in drawn


def test_texts_of_people_are_inert() -> None:
    """Title, classes and errors can't bring markup along."""
    evil = "<img src=x onerror=alert(1)>"

    said = as_html(a_project(title=evil, classes=[evil], error=evil), [])

    assert "<img" not in said
    assert said.count("&lt;img") == 3
