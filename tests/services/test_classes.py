"""Classes that are merged, and separated again."""

from __future__ import annotations

from typing import Any

import pytest

from jupyterlab_al.domain.errors import InvalidSettingError
from jupyterlab_al.services import labeling, metrics, projects, rounds, training
from jupyterlab_al.services.classes import ClassChanges
from jupyterlab_al.store.database import Database
from tests.factories import ANN, BOB, OLGA, a_pool, a_running_round, an_annotation, the_project

CLASSES = ("negative", "bad", "positive")


def a_project_of_three(database: Database, **config: Any) -> None:
    """Make a project in which two classes mean the same."""
    a_pool(database, classes=CLASSES, **config)


def change(database: Database, **changes: Any) -> None:
    """Change the classes as the owner."""
    database.write(projects.change, "reviews", OLGA, classes=ClassChanges(**changes))


def labels(database: Database) -> list[object]:
    """Return the labels as people read them, in order of arrival."""
    page = database.read(labeling.page, "reviews", OLGA, after=0, size=100)[1]
    return [fact.label for fact in page]


def disputed(database: Database) -> int:
    """Return how many samples people disagree about."""
    return database.read(metrics.get, "reviews", OLGA).disputed


class TestMerge:
    def test_labels_of_a_merged_class_are_the_others(self, database: Database) -> None:
        """From the merge on there is one class, with the labels of both."""
        a_project_of_three(database)
        for sample_id, label in enumerate(("bad", "negative", "bad", "positive")):
            an_annotation(database, ANN, sample_id, label)

        change(database, merges={"bad": "negative"})

        assert the_project(database).class_names == ["negative", "positive"]
        assert labels(database) == ["negative", "negative", "negative", "positive"]
        figures = database.read(metrics.get, "reviews", OLGA)
        assert figures.labels_per_class == {"negative": 3, "positive": 1}

    def test_the_model_learns_the_merged_class(self, database: Database) -> None:
        """A merge asks for a round, whose labels are of the classes that are left."""
        a_project_of_three(database)
        for sample_id, label in enumerate(("bad", "negative", "positive")):
            an_annotation(database, ANN, sample_id, label)

        change(database, merges={"bad": "negative"})

        based_on = database.write(training.begin, a_running_round(database, at=None))
        assert based_on is not None
        assert based_on.train_labels == [0, 0, 2]

    def test_annotators_who_said_either_agree(self, database: Database) -> None:
        """Two votes for merged classes outvote one for another."""
        a_project_of_three(database, overlap=3)
        for person, label in ((OLGA, "positive"), (ANN, "bad"), (BOB, "negative")):
            an_annotation(database, person, 0, label)
        an_annotation(database, ANN, 1, "positive")

        change(database, merges={"bad": "negative"})

        based_on = database.write(training.begin, a_running_round(database, at=None))
        assert based_on is not None
        assert based_on.train_labels == [0, 2]

    def test_a_merge_ends_disputes_and_a_split_brings_them_back(self, database: Database) -> None:
        """Who said either of the merged classes agrees, as long as they are merged."""
        a_project_of_three(database)
        for sample_id, other in ((0, "negative"), (1, "positive")):
            an_annotation(database, ANN, sample_id, "bad")
            an_annotation(database, BOB, sample_id, other)
        before = disputed(database)

        change(database, merges={"bad": "negative"})
        merged = disputed(database)
        change(database, splits=["bad"])

        assert (before, merged, disputed(database)) == (2, 1, 2)

    def test_two_names_of_one_class_are_not_enough_to_learn(self, database: Database) -> None:
        """When all labels are of merged classes there is one class, and no round."""
        a_project_of_three(database)
        an_annotation(database, ANN, 0, "bad")
        an_annotation(database, ANN, 1, "negative")

        change(database, merges={"bad": "negative"})

        assert database.read(rounds.page, "reviews", OLGA, before=2**62, size=9) == []
        assert database.read(metrics.get, "reviews", OLGA).needs == {"positive": 1}

    def test_an_answer_on_its_way_is_of_the_merged_class(self, database: Database) -> None:
        """A label by the earlier name counts as the class it went into."""
        a_project_of_three(database)
        change(database, merges={"bad": "negative"})

        made = an_annotation(database, ANN, 0, "bad")

        assert made.label == "negative"

    def test_several_classes_become_one(self, database: Database) -> None:
        """A set that names both keeps one of them."""
        a_project_of_three(database, multi_label=True)
        an_annotation(database, ANN, 0, ["bad", "negative", "positive"])

        change(database, merges={"bad": "negative"})

        assert labels(database) == [["negative", "positive"]]

    def test_a_merge_can_be_taken_back(self, database: Database) -> None:
        """Separated again, each label is what it was given as."""
        a_project_of_three(database)
        for sample_id, label in enumerate(("bad", "negative", "positive")):
            an_annotation(database, ANN, sample_id, label)
        change(database, merges={"bad": "negative"})
        an_annotation(database, ANN, 3, "negative")

        change(database, splits=["bad"])

        assert the_project(database).class_names == list(CLASSES)
        assert labels(database) == ["bad", "negative", "positive", "negative"]
        assert the_project(database).merged == {}

    def test_labels_given_after_a_merge_stay_with_the_class_that_was_named(
        self, database: Database
    ) -> None:
        """Whichever of two classes stands first, a new label is of the one that is left."""
        a_project_of_three(database)
        change(database, merges={"negative": "positive"})
        an_annotation(database, ANN, 0, "positive")
        assert the_project(database).class_names == ["bad", "positive"]

        change(database, splits=["negative"])

        assert labels(database) == ["positive"]

    def test_merged_classes_are_renamed_together(self, database: Database) -> None:
        """A new name holds for all labels of the merged class."""
        a_project_of_three(database)
        an_annotation(database, ANN, 0, "bad")
        change(database, merges={"bad": "negative"})

        change(database, renames={"negative": "no"})
        change(database, wanted=["no", "yes", "maybe"])

        assert labels(database) == ["no"]
        assert the_project(database).class_names == ["no", "yes", "maybe"]

    def test_places_in_the_list_are_those_that_people_see(self, database: Database) -> None:
        """A rename by position counts the classes that are left."""
        a_project_of_three(database)
        change(database, merges={"negative": "positive"})

        change(database, wanted=["poor", "positive"])

        assert the_project(database).class_names == ["poor", "positive"]

    @pytest.mark.parametrize(
        "impossible",
        [
            {"merges": {"bad": "bad"}},
            {"merges": {"worse": "negative"}},
            {"merges": {"bad": "worse"}},
            {"merges": {"bad": "negative", "negative": "bad"}},
            {"splits": ["bad"]},
            {"renames": {"bad": "negative"}},
        ],
        ids=str,
    )
    def test_what_is_impossible_changes_nothing(
        self, database: Database, impossible: dict[str, Any]
    ) -> None:
        """A class that is not there, or would be merged into itself, is refused."""
        a_project_of_three(database)

        with pytest.raises(InvalidSettingError):
            change(database, **impossible)

        assert the_project(database).classes == list(CLASSES)

    def test_a_name_taken_meanwhile_is_not_given_twice(self, database: Database) -> None:
        """A class can't be separated under the name of one that was added since."""
        a_project_of_three(database)
        change(database, merges={"bad": "negative"})
        change(database, wanted=["negative", "positive", "bad"])

        with pytest.raises(InvalidSettingError, match="rename it first"):
            change(database, splits=["bad"])
