"""Annotating: what is stored, under which source, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jupyterlab_al.domain.errors import (
    ActiveLearningError,
    ConflictError,
    InvalidLabelError,
    InvalidSampleError,
    MalformedError,
    NotAllowedError,
    UnknownError,
)
from jupyterlab_al.domain.models import Annotation, NewAnnotation, Person
from jupyterlab_al.services import labeling
from jupyterlab_al.store import projects, queue
from jupyterlab_al.store.database import Database
from tests.factories import (
    ANN,
    BOB,
    CAT,
    LEASE,
    NOON,
    OLGA,
    VIC,
    a_claimed_batch,
    a_pool,
    a_project,
    an_annotation,
    an_answer,
    an_order,
    the_project,
)


def annotate(
    database: Database, person: Person, *items: NewAnnotation, at: int = NOON
) -> list[Annotation]:
    """Return annotations that were stored together."""
    return database.write(labeling.annotate, "reviews", person, items, at=at).annotations


def facts(database: Database, person: Person = OLGA) -> list[Annotation]:
    """Return what a person sees of all annotations."""
    return database.read(labeling.page, "reviews", person, after=0, size=1000)[1]


def tallies(database: Database) -> projects.Tallies:
    """Return the kept counters, those that are zero left out."""
    kept = database.read(projects.tallies, the_project(database).id)
    return {
        kind: {value: n for value, n in values.items() if n}
        for kind, values in kept.items()
        if any(values.values())
    }


class TestSource:
    def test_a_held_sample_keeps_how_it_was_drawn(self, database: Database) -> None:
        """The annotation of a leased sample tells source, utility, probability and round."""
        project = a_project(database, n=3)
        [draw] = an_order([2], round_id=9)
        database.write(queue.publish, project, [draw])
        [lease] = a_claimed_batch(database)

        [stored] = annotate(database, ANN, an_answer(2, token=lease.token))

        drawn = (stored.source, stored.utility, stored.draw_probability, stored.round_id)
        assert drawn == ("query", draw.utility, draw.draw_probability, 9)

    def test_no_token_means_by_hand(self, database: Database) -> None:
        """A label without a token is manual and says nothing of a draw."""
        a_pool(database)

        [stored] = annotate(database, ANN, an_answer(3))

        assert (stored.source, stored.utility, stored.draw_probability) == ("manual", None, None)

    def test_an_expired_lease_is_still_accepted(self, database: Database) -> None:
        """A late answer to a sample that is still open counts like one in time."""
        a_pool(database)
        [lease] = a_claimed_batch(database)

        [stored] = annotate(database, ANN, an_answer(0, token=lease.token), at=NOON + 10 * LEASE)

        assert stored.source == "query"
        assert 0 not in [lease.sample_id for lease in a_claimed_batch(database, BOB, size=20)]

    def test_a_foreign_lease_ends_with_a_label(self, database: Database) -> None:
        """Who labels a sample that another person holds ends that lease."""
        a_pool(database, n=2)
        [held] = a_claimed_batch(database, BOB)

        annotate(database, ANN, an_answer(0))

        assert [lease.sample_id for lease in a_claimed_batch(database, BOB, size=5)] == [1]
        [late] = annotate(database, BOB, an_answer(0, token=held.token))
        assert late.source == "query"

    def test_a_lease_lost_to_another_person_is_accepted(self, database: Database) -> None:
        """An answer under an expired token, while another person holds the sample, is the label."""
        a_pool(database, n=1)
        [lost] = a_claimed_batch(database, ANN)
        a_claimed_batch(database, BOB, at=NOON + LEASE)

        [stored] = annotate(database, ANN, an_answer(0, token=lost.token), at=NOON + LEASE)

        assert stored.source == "query"
        assert a_claimed_batch(database, BOB, at=NOON + LEASE + 1) == []

    def test_a_check_answered_late_is_still_a_check(self, database: Database) -> None:
        """Whether a sample is a check is known even when its place has left the queue."""
        project = a_project(database, n=20, check_share=1.0)
        [lease] = a_claimed_batch(database)
        database.write(queue.publish, project, [], at=NOON + 10**8)

        [stored] = annotate(
            database, ANN, an_answer(lease.sample_id, token=lease.token), at=NOON + 10**8
        )

        assert stored.source == "check"


class TestSecondOpinion:
    def test_a_label_of_a_done_sample_is_kept(self, database: Database) -> None:
        """Labeling what is labeled already is stored and counted, but not as another sample."""
        a_pool(database)
        annotate(database, ANN, an_answer(0, "positive"))

        annotate(database, BOB, an_answer(0, "negative"))

        assert [fact.annotator for fact in facts(database)] == ["ann", "bob"]
        assert tallies(database) == {
            "annotations": {0: 2},
            "samples": {0: 1},
            "class": {0: 1, 1: 1},
            "train": {0: 1, 1: 1},
            "disputed": {0: 1},
        }

    def test_a_second_opinion_in_one_batch(self, database: Database) -> None:
        """Two labels of one sample in one request are two facts about one sample."""
        a_pool(database)

        annotate(database, ANN, an_answer(0), an_answer(0, "negative"))

        assert tallies(database)["annotations"] == {0: 2}
        assert tallies(database)["samples"] == {0: 1}


class TestOverlap:
    def test_one_person_fills_one_place(self, database: Database) -> None:
        """The same person's second label of a sample leaves the place of the other people open."""
        a_pool(database, n=1, overlap=2)

        annotate(database, ANN, an_answer(0))
        annotate(database, ANN, an_answer(0, "negative"))

        assert [lease.sample_id for lease in a_claimed_batch(database, BOB)] == [0]

    def test_a_free_place_is_taken_before_a_held_one(self, database: Database) -> None:
        """A label without a lease fills a free place and leaves another person's lease alone."""
        a_pool(database, n=1, overlap=2)
        [held] = a_claimed_batch(database, BOB)

        annotate(database, ANN, an_answer(0))

        assert a_claimed_batch(database, BOB) == [held]

    def test_ones_own_place_is_taken_first(self, database: Database) -> None:
        """A label without a token, of a sample that its author holds, ends the author's lease."""
        a_pool(database, n=1, overlap=2)
        a_claimed_batch(database, ANN)
        [held] = a_claimed_batch(database, BOB)

        annotate(database, ANN, an_answer(0))
        annotate(database, CAT, an_answer(0, token="lost"))

        assert a_claimed_batch(database, ANN) == []
        assert a_claimed_batch(database, BOB) == []
        assert held.sample_id == 0


class TestKeys:
    def test_a_repeat_gives_the_same_reply(self, database: Database) -> None:
        """The same key with the same content again: same reply, no second row."""
        a_pool(database)
        item = an_answer(0, flagged=True, comment="odd", seconds=1.25)

        first = annotate(database, ANN, item)
        again = annotate(database, ANN, item, at=NOON + LEASE)

        assert first == again
        assert len(facts(database)) == 1
        assert tallies(database)["annotations"] == {0: 1}

    def test_a_repeat_after_an_undo_stays_undone(self, database: Database) -> None:
        """Sending an annotation again does not bring back what was taken back."""
        a_pool(database)
        item = an_answer(0)
        [stored] = annotate(database, ANN, item)
        database.write(labeling.undo, "reviews", ANN, stored.id, lease_ms=LEASE, at=NOON)

        [again] = annotate(database, ANN, item)

        assert again.undone_at is not None
        assert tallies(database) == {}

    @pytest.mark.parametrize(
        "change",
        [
            {"label": "negative"},
            {"sample_id": 1},
            {"flagged": True},
            {"comment": "other"},
            {"seconds": 2.0},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_a_key_stands_for_one_content(
        self, database: Database, change: dict[str, object]
    ) -> None:
        """The same key with other content is refused and changes nothing."""
        a_pool(database)
        item = an_answer(0)
        annotate(database, ANN, item)

        with pytest.raises(ConflictError, match=item.key) as caught:
            annotate(database, ANN, replace(item, **change))  # type: ignore[arg-type]

        assert caught.value.word == "key_reused"
        assert len(facts(database)) == 1

    def test_a_key_can_not_be_taken_from_another_person(self, database: Database) -> None:
        """A key that another person used is refused, whatever it stands for."""
        a_pool(database)
        item = an_answer(0)
        annotate(database, ANN, item)

        with pytest.raises(ConflictError):
            annotate(database, BOB, item)

    def test_a_key_twice_in_one_batch(self, database: Database) -> None:
        """One key twice in a request is one fact, or refused where the contents differ."""
        a_pool(database)
        item = an_answer(0)

        stored = annotate(database, ANN, item, item)

        assert stored[0] == stored[1]
        assert len(facts(database)) == 1
        with pytest.raises(ConflictError):
            annotate(database, ANN, an_answer(1, key="k"), an_answer(2, key="k"))


class TestRules:
    def test_a_batch_is_all_or_nothing(self, database: Database) -> None:
        """One wrong label in a batch, and none of it is stored."""
        a_pool(database)

        with pytest.raises(InvalidLabelError):
            annotate(database, ANN, an_answer(0), an_answer(1, "unheard of"))

        assert facts(database) == []
        assert tallies(database) == {}
        assert a_claimed_batch(database)[0].sample_id == 0

    def test_a_batch_with_a_reused_key_is_not_stored(self, database: Database) -> None:
        """A reused key in a batch undoes the whole batch."""
        a_pool(database)
        used = an_answer(0)
        annotate(database, ANN, used)

        with pytest.raises(ConflictError):
            annotate(database, ANN, an_answer(1), replace(used, label="negative"))

        assert [fact.sample_id for fact in facts(database)] == [0]
        assert tallies(database)["samples"] == {0: 1}

    @pytest.mark.parametrize("sample_id", [-1, 10, 2**62])
    def test_a_sample_outside_the_pool_is_refused(self, database: Database, sample_id: int) -> None:
        """Samples go from 0 to n-1."""
        a_pool(database, n=10)

        with pytest.raises(InvalidSampleError, match="0 to 9"):
            annotate(database, ANN, an_answer(sample_id))

    def test_a_label_outside_the_classes_is_refused(self, database: Database) -> None:
        """The message names the classes that there are."""
        a_pool(database)

        with pytest.raises(InvalidLabelError, match="negative, positive"):
            annotate(database, ANN, an_answer(0, "neutral"))

    def test_a_list_is_no_label_of_a_single_label_project(self, database: Database) -> None:
        """Single-label projects take a string."""
        a_pool(database)

        with pytest.raises(MalformedError):
            annotate(database, ANN, an_answer(0, ["positive"]))

    def test_an_unknown_project_is_named(self, database: Database) -> None:
        """Labeling a project that does not exist is 404's error."""
        with pytest.raises(UnknownError, match="reviews"):
            annotate(database, ANN, an_answer(0))

    def test_a_viewer_can_not_label(self, database: Database) -> None:
        """Viewers look; they neither claim nor annotate."""
        a_pool(database)

        with pytest.raises(NotAllowedError):
            annotate(database, VIC, an_answer(0))
        with pytest.raises(NotAllowedError):
            a_claimed_batch(database, VIC)

    def test_errors_have_a_word_for_programs(self, database: Database) -> None:
        """Every refusal carries its machine word."""
        a_pool(database)
        words = []
        for item in (an_answer(0, "neutral"), an_answer(99), an_answer(0, ["positive"])):
            with pytest.raises(ActiveLearningError) as caught:
                annotate(database, ANN, item)
            words.append(caught.value.word)

        assert words == ["invalid_label", "invalid_sample", "malformed"]


class TestMultiLabel:
    def test_several_classes_are_one_label(self, database: Database) -> None:
        """A label is a list of classes, in the order of the classes, each once."""
        a_pool(database, classes=["a", "b", "c"], multi_label=True)

        [stored] = annotate(database, ANN, an_answer(0, ["c", "a", "c"]))

        assert stored.label == ["a", "c"]
        assert tallies(database)["class"] == {0: 1, 2: 1}

    def test_no_class_is_a_label_too(self, database: Database) -> None:
        """An empty list says that none of the classes fits."""
        a_pool(database, classes=["a", "b"], multi_label=True)

        [stored] = annotate(database, ANN, an_answer(0, []))

        assert stored.label == []
        assert tallies(database)["samples"] == {0: 1}

    def test_a_string_is_no_label(self, database: Database) -> None:
        """Multi-label projects take a list."""
        a_pool(database, classes=["a", "b"], multi_label=True)

        with pytest.raises(MalformedError):
            annotate(database, ANN, an_answer(0, "a"))


class TestPage:
    def test_pages_follow_the_order_of_arrival(self, database: Database) -> None:
        """Polling after the last id that was seen gives every annotation once, in order."""
        a_pool(database)
        made = [an_annotation(database, ANN, sample_id).id for sample_id in (3, 1, 2)]

        first = database.read(labeling.page, "reviews", OLGA, after=0, size=2)[1]
        second = database.read(labeling.page, "reviews", OLGA, after=first[-1].id, size=2)[1]

        assert [fact.id for fact in first + second] == made

    def test_annotators_see_their_own_only(self, database: Database) -> None:
        """Other people's labels would steer an annotator; owners and reviewers see them."""
        a_pool(database)
        mine = an_annotation(database, ANN, 0)
        other = an_annotation(database, BOB, 1)

        assert facts(database, ANN) == [mine]
        assert facts(database, BOB) == [other]
        assert facts(database, OLGA) == [mine, other]
        assert facts(database, replace(CAT, default_role="reviewer")) == [mine, other]
