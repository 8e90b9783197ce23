from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from jupyterlab_al.datasets.profile import profile
from jupyterlab_al.datasets.proposal import Proposal, propose

REVIEWS = [f"This is review number {n} and I liked thing {n % 7} a lot" for n in range(40)]
STARS = [n % 5 + 1 for n in range(40)]
MOODS = ["good", "bad"] * 20


def proposal(key_column: str | None = None, **columns: Any) -> Proposal:
    """Return what is proposed for a table."""
    return propose(profile(pa.table(columns)), key_column=key_column, label_column=None)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, 2, 3], "number"),
        ([0.5, None], "number"),
        ([True, None], "boolean"),
        ([date(2024, 1, 1)], "date"),
        (MOODS, "category"),
        ([f"item {n}" for n in range(50)], "category"),
        (
            [f"https://example.org/a/long/path/to/{n}.jpg?x=a b c d e" for n in range(50)],
            "category",
        ),
        (REVIEWS, "text"),
        (["とても良い商品でした。また買います。", "壊れていました。返品したいです。"] * 2, "text"),
        ([["a"], ["b"]], "other"),
        ([b"\x00"], "other"),
        (["", None], "category"),
        (["word " * 300, "text " * 300] * 20, "text"),
        (["the same note on every row " * 20] * 40, "category"),
    ],
)
def test_the_type_of_a_column_is_what_a_person_would_say(values: list[Any], kind: str) -> None:
    """Numbers, dates, lists to pick from and texts to read are told apart."""
    assert profile(pa.table({"x": values}))[0].type == kind


def test_missing_and_distinct_values_are_counted() -> None:
    """Empty texts and NaN are missing; what comes twice counts once."""
    texts, numbers = profile(
        pa.table({"t": ["a", " ", "", None, "a", "b"], "n": [1.0, float("nan"), None, 1, 2, 2]})
    )

    assert (texts.missing, texts.distinct, texts.values) == (3, 2, ("a", "b"))
    assert (numbers.missing, numbers.distinct, numbers.values) == (2, 2, ("1", "2"))


def test_a_long_text_is_shown_and_learned_from() -> None:
    """A table with a long text column is shown as that text; TF-IDF learns from it."""
    found = proposal(stars=STARS, review=REVIEWS, title=["Nice product here"] * 40)

    assert (found.display.kind, found.display.column) == ("text", "review")
    assert (found.features.kind, found.features.column) == ("text", "review")


@pytest.mark.parametrize(
    "cells",
    [
        [f'{{"text/html": "<b>Card {n}</b>", "text/plain": "Card {n}"}}' for n in range(40)],
        [{"text/markdown": f"# Card {n}"} for n in range(40)],
    ],
)
def test_a_column_of_mime_bundles_is_shown_as_what_they_hold(cells: list[Any]) -> None:
    """Nobody wants to read a bundle's JSON: it is drawn, where no column of plain text stands."""
    found = proposal(id=range(40), sample=cells)

    assert (found.display.kind, found.display.column) == ("mime", "sample")
    assert proposal(sample=cells, review=REVIEWS).display.column == "review"


@pytest.mark.parametrize(
    "cells",
    [
        [f"<p>Card {n}</p>" for n in range(40)],
        [f"\n<!DOCTYPE html><html><body>Card <b>{n}</b></body></html>\n" for n in range(40)],
        [f"<table><tr><td>{n}</td></tr></table>" for n in range(40)],
    ],
)
def test_a_column_of_html_is_drawn(cells: list[Any]) -> None:
    """Nobody wants to read tags, and the words between them are learned from."""
    found = proposal(id=range(40), page=cells, stars=STARS)

    assert (found.display.kind, found.display.column) == ("mime", "page")
    assert (found.features.kind, found.features.column) == ("text", "page")
    assert proposal(page=cells, review=REVIEWS).display.column == "review"


@pytest.mark.parametrize(
    "cells",
    [
        [f"<unk> is the word number {n} of this text <unk>" for n in range(40)],
        [f"The film <br /> number {n} was <b>good</b>, said all" for n in range(40)],
        [f"<b>{n}</b> is how the text of this review begins" for n in range(40)],
        [f"<p>number {n} of the pages</p>" for n in range(39)] + ["a text that is no page at all"],
    ],
)
def test_text_with_tags_in_it_stays_text(cells: list[Any]) -> None:
    """Only what is HTML from end to end, in every row, is taken for a page."""
    assert proposal(review=cells).display.kind == "text"


WAVES = [[float(n + i) for i in range(8 + n % 3)] for n in range(40)]


@pytest.mark.parametrize(
    "cells",
    [WAVES, list(map(str, WAVES)), [None, *WAVES[1:]], [[1, None, *range(8)]] * 40],
    ids=["lists", "JSON", "gaps", "missing numbers"],
)
def test_lists_of_numbers_are_drawn_as_lines(cells: list[Any]) -> None:
    """They are no words to learn from, and no classes, in Parquet and in files of text alike."""
    found = proposal(id=range(40), signal=cells, stars=STARS, label=MOODS)

    assert (found.display.kind, found.display.column) == ("series", "signal")
    assert (found.features.kind, found.features.columns) == ("columns", ("stars",))
    assert (found.classes, found.multi_label) == (("bad", "good"), False)
    assert proposal(signal=cells, review=REVIEWS).display.column == "review"


@pytest.mark.parametrize("cells", [[[1.5, 2.5]] * 40, [["a"] * 9] * 40, [[[1.0] * 9]] * 40])
def test_other_lists_are_no_lines(cells: list[Any]) -> None:
    """A pair of numbers, words and nested lists stand in the row as they are."""
    found = proposal(place=cells, stars=STARS)

    assert (found.display.kind, found.display.columns) == ("row", ("place", "stars"))


def test_lists_of_numbers_beside_a_text_are_no_answer() -> None:
    """Places and sizes come again and again, too, and are no classes."""
    assert proposal(review=REVIEWS, size=[[1, 2], [2, 3]] * 20).label_column is None


@pytest.mark.parametrize("cells", [[["a", "b"], ["b"], ["c"], []] * 10])
def test_lists_of_names_beside_a_text_are_the_answer(cells: list[Any]) -> None:
    """Several classes a sample are proposed, whatever the column is called; not in a row."""
    found = proposal(review=REVIEWS, about=cells)

    assert (found.label_column, found.classes, found.multi_label) == (
        "about",
        ("a", "b", "c"),
        True,
    )
    assert found.display.column == found.features.column == "review"
    beside = proposal(about=cells, stars=STARS)
    assert (beside.label_column, beside.display.columns) == (None, ("about", "stars"))


def test_json_without_mime_types_is_no_bundle() -> None:
    """An object of other fields stays the text that it is."""
    found = proposal(sample=[f'{{"name": "Card number {n}", "price": {n}}}' for n in range(40)])

    assert (found.display.kind, found.display.column) == ("text", "sample")


def test_numbers_and_categories_are_shown_as_a_row() -> None:
    """A table without text is shown as a row and learned from by columns."""
    found = proposal(age=STARS, color=["red", "blue"] * 20, blob=[b"x"] * 40)

    assert (found.display.kind, found.display.columns) == ("row", ("age", "color", "blob"))
    assert (found.features.kind, found.features.columns) == ("columns", ("age", "color"))


@pytest.mark.parametrize(
    "name", ["label", "Label", " target", "sentiment", "y", "true_label", "is-Class", "category"]
)
def test_the_answer_is_found_and_kept_out_of_sight(name: str) -> None:
    """A column named like the answer is proposed as labels, and neither shown nor learned from."""
    found = proposal(**{"age": STARS, "color": ["r", "b"] * 20, name: MOODS})

    assert (found.label_column, found.classes) == (name, ("bad", "good"))
    assert found.display.columns == found.features.columns == ("age", "color")


@pytest.mark.parametrize(
    "values", [REVIEWS, [n + 0.5 for n in range(40)], [f"v{n}" for n in range(40)], [None] * 40]
)
def test_a_column_without_classes_is_no_answer(values: list[Any]) -> None:
    """A name alone is not enough: texts, fractions, unique values and nothing are no classes."""
    assert proposal(x=STARS, label=values).label_column is None


def test_all_forms_of_the_answer_are_hidden() -> None:
    """When numbers and names of the classes stand side by side, names are taken, both hidden."""
    found = proposal(text=REVIEWS, label=[0, 1] * 20, label_text=MOODS, age=STARS)

    assert (found.label_column, found.classes) == ("label_text", ("bad", "good"))
    assert set(found.hidden) == {"label", "label_text"}


def test_numbered_classes_are_in_order_of_number() -> None:
    """Ten comes after nine."""
    assert proposal(label=[n % 11 for n in range(44)]).classes == tuple(map(str, range(11)))


@pytest.mark.parametrize("name", ["id", "review_id", "reviewId", "UUID", "Unnamed: 0", "key"])
def test_a_column_of_ids_is_the_key(name: str) -> None:
    """A column named like an id whose values differ is what samples are known by."""
    found = proposal(**{name: range(40), "color": ["r", "b"] * 20})

    assert found.key_column == name
    assert found.display.columns == found.features.columns == ("color",)


def test_an_id_that_repeats_is_no_key() -> None:
    """Values that come twice tell no samples apart."""
    assert proposal(user_id=STARS, color=MOODS).key_column is None


def test_a_chosen_key_is_neither_shown_nor_learned_from() -> None:
    """The key that a person named stays out of the row."""
    found = proposal("code", code=[f"c{n}" for n in range(40)], color=["r", "b"] * 20)

    assert (found.key_column, found.display.columns) == ("code", ("color",))


def test_three_short_reviews_are_text() -> None:
    """In a tiny table a column named like a text is one."""
    found = proposal(review=["good", "very bad", "so so"], sentiment=["+", "-", "+"])

    assert (found.display.kind, found.display.column) == ("text", "review")
    assert found.label_column == "sentiment"


def test_a_column_without_values_is_left_out() -> None:
    """Nothing is shown of, or learned from, a column in which nothing stands."""
    assert proposal(a=STARS, b=[None] * 40).features.columns == ("a",)
