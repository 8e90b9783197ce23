"""Undo: a new fact that opens the sample again."""

from __future__ import annotations

import pytest

from jupyterlab_al.domain.errors import NotAllowedError, UnknownError
from jupyterlab_al.domain.models import Annotation, AnnotationId, Person
from jupyterlab_al.services import labeling
from jupyterlab_al.store import projects
from jupyterlab_al.store.database import Database
from tests.factories import (
    ANN,
    BOB,
    LEASE,
    NOON,
    OLGA,
    VIC,
    a_claimed_batch,
    a_labeled_sample,
    a_pool,
    a_project,
    an_annotation,
    the_project,
)


def undo(
    database: Database, person: Person, annotation: Annotation, *, at: int = NOON
) -> Annotation:
    """Return an annotation that was taken back."""
    return database.write(labeling.undo, "reviews", person, annotation.id, lease_ms=LEASE, at=at)[1]


def counters(database: Database) -> projects.Tallies:
    """Return the kept counters that are not zero."""
    kept = database.read(projects.tallies, the_project(database).id)
    return {
        kind: {value: n for value, n in values.items() if n}
        for kind, values in kept.items()
        if any(values.values())
    }


def test_an_undo_erases_nothing(database: Database) -> None:
    """The annotation stays in the list, with the time when it was taken back."""
    a_pool(database)
    made = a_labeled_sample(database)

    undone = undo(database, ANN, made, at=NOON + 1000)
    [listed] = database.read(labeling.page, "reviews", ANN, after=0, size=10)[1]

    assert undone == listed
    assert listed.undone_at is not None
    assert (listed.undone_at - made.created_at).total_seconds() == 1.0
    assert (listed.id, listed.key, listed.label) == (made.id, made.key, made.label)


def test_an_undo_again_gives_the_same_reply(database: Database) -> None:
    """Undoing twice changes nothing the second time."""
    a_pool(database)
    made = a_labeled_sample(database)

    first = undo(database, ANN, made)
    second = undo(database, ANN, made, at=NOON + LEASE)

    assert first == second
    assert counters(database) == {}


def test_the_undone_sample_comes_first_in_any_tab(database: Database) -> None:
    """The next claim begins with it, whichever of the caller's tabs asks, and nobody else's."""
    a_pool(database)
    a_claimed_batch(database, size=3, client="left")
    made = an_annotation(database, ANN, 1)
    a_claimed_batch(database, size=2, client="right")

    undo(database, ANN, made)

    assert 1 not in [lease.sample_id for lease in a_claimed_batch(database, BOB, size=20)]
    assert [lease.sample_id for lease in a_claimed_batch(database, size=2, client="right")] == [
        1,
        3,
    ]


def test_a_sample_labeled_by_hand_comes_back_too(database: Database) -> None:
    """Undoing a label of a sample that was never in the queue brings it up as well."""
    a_project(database, n=1000, queue_size=5)
    taken = {lease.sample_id for lease in a_claimed_batch(database, size=5)}
    outside = next(sample_id for sample_id in range(1000) if sample_id not in taken)
    made = an_annotation(database, ANN, outside)

    undo(database, ANN, made)

    assert a_claimed_batch(database, size=1)[0].sample_id == outside


def test_the_counters_go_back(database: Database) -> None:
    """Labels, labeled samples, checks and drawn samples count as before the label."""
    a_project(database, n=50, check_share=0.3)
    for _ in range(6):
        a_labeled_sample(database)
    before = counters(database)
    made = [a_labeled_sample(database) for _ in range(6)]

    for annotation in made:
        undo(database, ANN, annotation)

    assert counters(database) == before


def test_a_relabel_counts_once(database: Database) -> None:
    """Undo and label again: one label, one sample."""
    a_pool(database)
    undo(database, ANN, a_labeled_sample(database, label="positive"))

    a_labeled_sample(database, label="negative")

    assert counters(database) == {
        "annotations": {0: 1},
        "samples": {0: 1},
        "drawn": {0: 1},
        "class": {0: 1},
        "train": {0: 1},
    }


def test_another_persons_label_can_not_be_undone(database: Database) -> None:
    """An annotator undoes their own labels only."""
    a_pool(database)
    made = a_labeled_sample(database, ANN)

    with pytest.raises(NotAllowedError):
        undo(database, BOB, made)

    assert counters(database)["annotations"] == {0: 1}


def test_an_owner_may_undo_and_gets_the_sample(database: Database) -> None:
    """The owner can take any label back; the sample comes up for the owner."""
    a_pool(database)
    made = a_labeled_sample(database, ANN)

    undo(database, OLGA, made)

    assert a_claimed_batch(database, OLGA)[0].sample_id == made.sample_id
    assert a_claimed_batch(database, ANN)[0].sample_id != made.sample_id


def test_an_unknown_annotation_is_named(database: Database) -> None:
    """There is nothing to undo under an id that was never given, or is another project's."""
    a_pool(database)
    a_pool(database, "other")
    foreign = an_annotation(database, OLGA, 0, name="other")

    for annotation_id in (AnnotationId(4711), foreign.id):
        with pytest.raises(UnknownError, match=str(annotation_id)):
            database.write(labeling.undo, "reviews", OLGA, annotation_id, lease_ms=LEASE)


class TestWithSecondOpinions:
    def test_the_sample_stays_labeled(self, database: Database) -> None:
        """While another person's label stands, the sample is labeled and nobody is given it."""
        a_pool(database, n=2)
        made = a_labeled_sample(database, ANN)
        an_annotation(database, BOB, made.sample_id, "negative")

        undo(database, ANN, made)

        assert counters(database)["samples"] == {0: 1}
        assert [lease.sample_id for lease in a_claimed_batch(database, OLGA, size=5)] == [1]

    def test_it_comes_first_for_who_undid_it(self, database: Database) -> None:
        """Who takes back one of several labels gets the sample again, and can label it anew."""
        a_pool(database, n=5)
        made = a_labeled_sample(database, ANN, label="positive")
        an_annotation(database, BOB, made.sample_id, "negative")
        undo(database, ANN, made)

        again = a_labeled_sample(database, ANN, label="negative")

        assert again.sample_id == made.sample_id
        assert counters(database) == {
            "annotations": {0: 2},
            "samples": {0: 1},
            "drawn": {0: 1},
            "class": {0: 2},
            "train": {0: 2},
        }
        assert a_claimed_batch(database, ANN)[0].sample_id != made.sample_id

    def test_a_second_opinion_taken_back_comes_first(self, database: Database) -> None:
        """Undoing a second opinion brings the sample to its author and leaves the first label."""
        a_pool(database, n=5)
        first = a_labeled_sample(database, ANN)
        second = an_annotation(database, BOB, first.sample_id, "negative")

        undo(database, BOB, second)

        assert a_claimed_batch(database, BOB)[0].sample_id == first.sample_id
        assert counters(database)["samples"] == {0: 1}
        assert first.sample_id not in [
            lease.sample_id for lease in a_claimed_batch(database, OLGA, size=9)
        ]

    def test_the_last_label_undone_opens_the_sample(self, database: Database) -> None:
        """Once no label stands, the sample counts as unlabeled and others may get it."""
        a_pool(database, n=1)
        first = a_labeled_sample(database, ANN)
        second = an_annotation(database, BOB, first.sample_id)

        undo(database, ANN, first)
        undo(database, BOB, second)

        assert counters(database) == {}
        assert [lease.sample_id for lease in a_claimed_batch(database, OLGA, at=NOON + LEASE)] == [
            0
        ]

    def test_two_labels_undone_are_one_lease(self, database: Database) -> None:
        """Who takes back two labels of one sample gets it once, and others get its other place."""
        a_pool(database, n=1, overlap=2)
        made = [a_labeled_sample(database, person) for person in (ANN, BOB)]

        for annotation in made:
            undo(database, OLGA, annotation)

        leases = a_claimed_batch(database, OLGA, size=5)
        assert [lease.sample_id for lease in leases] == [0]
        assert [lease.sample_id for lease in a_claimed_batch(database, ANN)] == [0]


def test_own_answers_newest_first_each_sample_once(database: Database) -> None:
    """People see what stands of their own answers, and of each sample the newest."""
    a_pool(database, n=9)
    for sample_id in (4, 2, 4, 7):
        an_annotation(database, ANN, sample_id, "positive")
    an_annotation(database, BOB, 1, "positive")

    _, answers = database.read(labeling.last_answers, "reviews", ANN, size=10)

    assert [each.sample_id for each in answers] == [7, 4, 2]
    assert answers[1].id > answers[2].id


def test_who_only_looks_has_no_answers(database: Database) -> None:
    """Own answers are for those who may answer."""
    a_pool(database, n=3)

    with pytest.raises(NotAllowedError):
        database.read(labeling.last_answers, "reviews", VIC, size=10)
