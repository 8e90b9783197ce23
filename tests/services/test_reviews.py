"""Reviews: what is looked at again, by whom, and what the answer means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from jupyterlab_al.domain.errors import ConflictError
from jupyterlab_al.domain.models import Person
from jupyterlab_al.services import (
    export_rows,
    labeling,
    metrics,
    ordering,
    projects,
    reviewing,
    rounds,
    training,
)
from jupyterlab_al.store import projects as project_store
from jupyterlab_al.store.database import Database
from tests.factories import (
    ANN,
    BOB,
    CAT,
    LEASE,
    NOON,
    OLGA,
    WORKER,
    a_claimed_batch,
    a_labeled_sample,
    a_pool,
    a_project,
    a_running_round,
    an_annotation,
    an_order,
    the_project,
)

#: Rounds come when a test asks for one.
NEVER = 10**6
REX = Person(id="rex", name="Rex", default_role="reviewer")


def a_round(database: Database, *, suspected: Sequence[int] | None = None) -> training.Labeled:
    """Run a round whose model doubts these labels, most of all first."""
    database.write(rounds.request, "reviews", OLGA)
    job = a_running_round(database)
    labeled = database.write(training.begin, job)
    assert labeled is not None
    candidates = sorted(set(range(labeled.project.n_samples)) - set(labeled.excluded))
    picks = [(sample_id, 1.0, 1.0) for sample_id in candidates]
    ranking = training.Ranking(picks=picks, result={}, suspected=suspected)
    assert database.write(training.publish, job, WORKER, ranking, at=NOON)
    return labeled


def a_review(database: Database, person: Person) -> Any:
    """Return the next sample of a person after asking for reviews, which is one."""
    database.write(reviewing.request, "reviews", OLGA, "all")
    [lease] = a_claimed_batch(database, person)
    assert lease.source == "review"
    return lease


def answered(database: Database, person: Person, lease: Any, label: str) -> Any:
    """Return the annotation of a leased sample."""
    return an_annotation(database, person, lease.sample_id, label, token=lease.token)


def exported(database: Database) -> dict[int, dict[str, Any]]:
    """Return what the export says of each sample."""
    project = the_project(database)
    [part] = database.read(lambda tx: list(export_rows.labels_of(tx, project, size=100)))
    rows = (dict(zip(part, values, strict=True)) for values in zip(*part.values(), strict=True))
    return {row["sample_id"]: row for row in rows}


def tally(database: Database, kind: str) -> int:
    """Return a counter."""
    project = the_project(database)
    return database.read(project_store.tallies, project.id).get(kind, {}).get(0, 0)


def a_disputed_sample(database: Database, **config: Any) -> int:
    """Return a sample that Ann and Bob disagree about, in a pool of ten with both classes."""
    a_pool(database, retrain_every=NEVER, **config)
    an_annotation(database, ANN, 0, "negative")
    an_annotation(database, BOB, 0, "positive")
    an_annotation(database, ANN, 1, "negative")
    an_annotation(database, BOB, 2, "positive")
    return 0


class TestStream:
    """Reviews among the samples that are handed out."""

    def test_the_share_of_the_stream_is_looked_at_again(self, database: Database) -> None:
        """With a share of a fifth, a fifth of what is handed out are reviews."""
        a_pool(database, n=200, review_share=0.2, retrain_every=NEVER)
        for sample_id in range(60):
            an_annotation(database, ANN, sample_id, ("negative", "positive")[sample_id % 2])
        a_round(database, suspected=range(30))

        sources = [a_labeled_sample(database, ANN).source for _ in range(50)]

        assert sources.count("review") == 10
        assert sources.count("query") == 40

    def test_reviews_take_no_place_of_a_check(self, database: Database) -> None:
        """The checks stand where they would stand without reviews."""
        places = []
        for name, share in (("with", 0.25), ("without", 0.0)):
            a_project(
                database, name, n=200, check_share=0.2, review_share=share, retrain_every=NEVER
            )
            for sample_id in range(60):
                label = ("negative", "positive")[sample_id % 2]
                an_annotation(database, ANN, sample_id, label, name=name)
            database.write(rounds.request, name, OLGA)
            job = a_running_round(database)
            labeled = database.write(training.begin, job)
            assert labeled is not None
            candidates = sorted(set(range(200)) - set(labeled.excluded))
            ranking = training.Ranking(
                picks=[(sample_id, 1.0, 1.0) for sample_id in candidates],
                result={},
                suspected=labeled.train_ids[:20],
            )
            database.write(training.publish, job, WORKER, ranking, at=NOON)
            leases = a_claimed_batch(database, BOB, name=name, size=40)
            places.append([at for at, each in enumerate(leases) if each.source == "check"])

        assert places[0] == places[1]
        assert len(places[0]) == 8

    def test_no_reviews_where_none_are_wanted(self, database: Database) -> None:
        """A share of zero switches them off, and the doubts are still counted."""
        a_pool(database, n=100, review_share=0.0, retrain_every=NEVER)
        for sample_id in range(20):
            an_annotation(database, ANN, sample_id, ("negative", "positive")[sample_id % 2])
        a_round(database, suspected=range(10))

        leases = a_claimed_batch(database, ANN, size=50)

        assert {lease.source for lease in leases} == {"query"}
        assert database.read(metrics.get, "reviews", OLGA).suspected == 10

    def test_others_are_asked_before_the_author(self, database: Database) -> None:
        """Who labeled a sample is not asked again while somebody else is there."""
        a_pool(database, n=20, review_share=0.5, retrain_every=NEVER)
        for sample_id in range(10):
            an_annotation(database, ANN, sample_id, ("negative", "positive")[sample_id % 2])
        an_annotation(database, BOB, 10, "negative")
        a_round(database, suspected=range(4))

        of_ann = {each.sample_id for each in a_claimed_batch(database, ANN, size=20)}
        of_bob = {each.sample_id for each in a_claimed_batch(database, BOB, size=20)}

        assert not of_ann & set(range(4))
        assert of_bob == set(range(4))

    def test_who_labels_alone_is_asked_again(self, database: Database) -> None:
        """In a project of one person the same person looks again."""
        a_pool(database, n=20, review_share=0.5, retrain_every=NEVER)
        for sample_id in range(10):
            an_annotation(database, ANN, sample_id, ("negative", "positive")[sample_id % 2])
        a_round(database, suspected=[3, 4])

        leases = a_claimed_batch(database, ANN, size=20)

        assert {each.sample_id for each in leases if each.source == "review"} == {3, 4}

    def test_none_comes_last_where_places_were_handed_out_meanwhile(self) -> None:
        """Of an order that others were quicker than, reviews wait for the next round."""
        order = an_order(range(5))
        woven = [
            replace(draw, source="review") if draw.sample_id in (1, 3) else draw for draw in order
        ]

        moved = ordering.moved_on(woven, 2)

        assert [draw.sample_id for draw in moved] == [2, 3, 4, 0]
        assert [draw.rank for draw in moved] == [0, 1, 2, 3]

    def test_a_confirmed_label_is_not_asked_for_again(self, database: Database) -> None:
        """A dispute that everybody there was asked about waits for somebody who decides."""
        sample_id = a_disputed_sample(database, review_share=0.5)
        for person, label in ((ANN, "negative"), (BOB, "positive")):
            answered(database, person, a_review(database, person), label)
        a_round(database)

        leases = [a_claimed_batch(database, each, size=10) for each in (ANN, BOB)]

        assert sample_id not in {lease.sample_id for batch in leases for lease in batch}
        assert tally(database, "disputed") == 1

    @pytest.mark.parametrize("seed", range(6))
    def test_reviews_are_left_out_when_all_is_labeled(self, database: Database, seed: int) -> None:
        """A stream without anything new ends; reviews then are a person's choice."""
        a_pool(database, n=6, review_share=0.5, retrain_every=NEVER, seed=seed)
        for sample_id in range(6):
            an_annotation(database, ANN, sample_id, ("negative", "positive")[sample_id % 2])
        a_round(database, suspected=range(6))

        leases = a_claimed_batch(database, ANN, size=5)

        assert leases == []
        assert a_review(database, ANN).sample_id == 0

    @pytest.mark.parametrize("seed", range(6))
    def test_the_last_sample_of_a_stream_is_a_new_one(self, database: Database, seed: int) -> None:
        """While something new is left reviews come before it, and none after it."""
        a_pool(database, n=8, review_share=0.5, retrain_every=NEVER, seed=seed)
        for sample_id in range(6):
            an_annotation(database, ANN, sample_id, ("negative", "positive")[sample_id % 2])
        a_round(database, suspected=range(6))

        leases = a_claimed_batch(database, ANN, size=10)

        assert [each.sample_id for each in leases if each.source == "query"] == [6, 7]
        assert leases[-1].sample_id == 7


class TestAnswers:
    """What a label that was given in review means."""

    def test_the_same_persons_newer_label_replaces_the_older(self, database: Database) -> None:
        """Both facts stay; the newer one counts, and the sample counts once."""
        a_pool(database, n=6, retrain_every=NEVER)
        an_annotation(database, ANN, 0, "negative")
        an_annotation(database, ANN, 1, "positive")
        a_round(database, suspected=[0])

        made = answered(database, ANN, a_review(database, ANN), "positive")

        assert (made.sample_id, made.source) == (0, "review")
        row = exported(database)[0]
        assert (row["label"], row["n_annotations"], row["agreement"]) == ("positive", 2, 1.0)
        assert tally(database, "samples") == 2
        assert database.read(metrics.get, "reviews", OLGA).suspected == 0

    def test_another_persons_label_is_a_vote(self, database: Database) -> None:
        """Two against one have the majority."""
        sample_id = a_disputed_sample(database)
        before = tally(database, "disputed")

        answered(database, CAT, a_review(database, CAT), "positive")

        row = exported(database)[sample_id]
        assert (row["label"], row["n_annotations"]) == ("positive", 3)
        assert row["agreement"] == pytest.approx(2 / 3)
        assert (before, tally(database, "disputed")) == (1, 0)

    @pytest.mark.parametrize("person", [OLGA, REX], ids=lambda person: person.default_role)
    def test_a_reviewer_decides(self, database: Database, person: Person) -> None:
        """One word of an owner or reviewer in review outweighs any number of votes."""
        sample_id = a_disputed_sample(database)
        an_annotation(database, CAT, sample_id, "positive")
        an_annotation(
            database, Person(id="dan", name="Dan", default_role="annotator"), 0, "negative"
        )

        made = answered(database, person, a_review(database, person), "negative")
        an_annotation(
            database, Person(id="eve", name="Eve", default_role="annotator"), 0, "positive"
        )

        assert exported(database)[sample_id]["label"] == "negative"
        assert tally(database, "disputed") == 0
        database.write(labeling.undo, "reviews", person, made.id, lease_ms=LEASE, at=NOON)
        assert exported(database)[sample_id]["label"] == "positive"

    def test_undoing_a_review_brings_the_dispute_back(self, database: Database) -> None:
        """The sample comes first for who undid it, again as a review, and counts as labeled."""
        sample_id = a_disputed_sample(database)
        labeled = tally(database, "samples")
        made = answered(database, CAT, a_review(database, CAT), "positive")

        database.write(labeling.undo, "reviews", CAT, made.id, lease_ms=LEASE, at=NOON)

        [lease] = a_claimed_batch(database, CAT)
        assert (lease.sample_id, lease.source) == (sample_id, "review")
        assert (tally(database, "disputed"), tally(database, "samples")) == (1, labeled)

    def test_nothing_is_reviewed_of_which_no_label_stands(self, database: Database) -> None:
        """When the last label is undone its review leaves the queue."""
        a_pool(database, n=4, retrain_every=NEVER)
        made = [an_annotation(database, ANN, at, "negative") for at in (0, 1)]
        an_annotation(database, ANN, 2, "positive")
        a_round(database, suspected=[0])
        database.write(reviewing.request, "reviews", OLGA, "all")

        database.write(labeling.undo, "reviews", ANN, made[0].id, lease_ms=LEASE, at=NOON)

        leases = a_claimed_batch(database, BOB, size=10)
        assert 0 not in {lease.sample_id for lease in leases}


class TestChecks:
    """Random checks that are looked at again."""

    @pytest.mark.parametrize("is_undone", [False, True])
    def test_a_reviewed_check_never_trains(self, database: Database, *, is_undone: bool) -> None:
        """Neither its own label nor that of the review fits, even where only the latter stands."""
        a_project(database, n=30, check_share=0.2, review_share=0.5, retrain_every=NEVER)
        checks = [
            made
            for made in (a_labeled_sample(database, ANN) for _ in range(25))
            if made.source == "check"
        ]
        check = checks[0]
        an_annotation(database, BOB, check.sample_id, "negative")
        for sample_id in set(range(30)) - {made.sample_id for made in checks}:
            an_annotation(database, ANN, sample_id, ("negative", "positive")[sample_id % 2])
        lease = a_review(database, CAT)
        made = answered(database, CAT, lease, "negative")
        if is_undone:
            database.write(labeling.undo, "reviews", ANN, check.id, lease_ms=LEASE, at=NOON)

        labeled = a_round(database)

        assert (made.sample_id, made.source) == (check.sample_id, "review")
        assert check.sample_id not in labeled.train_ids
        at = labeled.check_ids.index(check.sample_id)
        assert labeled.check_labels[at] == 0

    def test_a_review_of_what_trains_still_trains(self, database: Database) -> None:
        """Where a sample kept for checks was labeled by hand, its review trains as it did."""
        project = a_project(database, n=10, check_share=1.0, retrain_every=NEVER)
        an_annotation(database, ANN, 3, "negative")
        an_annotation(database, ANN, 4, "positive")
        a_round(database, suspected=[3])
        answered(database, BOB, a_review(database, BOB), "positive")
        an_annotation(database, OLGA, 5, "negative")

        labeled = a_round(database)

        assert project.n_reserved == 10
        assert {3, 4} <= set(labeled.train_ids)
        assert labeled.check_ids == []


class TestRequest:
    """Reviews that somebody asks for."""

    @pytest.mark.parametrize("person", [ANN, BOB, CAT], ids=lambda person: person.name)
    def test_they_come_first(self, database: Database, person: Person) -> None:
        """What was asked for stands before everything else, for who labeled it, too."""
        sample_id = a_disputed_sample(database)

        _project, queued = database.write(reviewing.request, "reviews", ANN, "disputed")

        assert queued == 1
        [lease] = a_claimed_batch(database, person)
        assert (lease.sample_id, lease.source) == (sample_id, "review")

    def test_a_round_in_between_keeps_them_first(self, database: Database) -> None:
        """The order of a new round does not push them back."""
        sample_id = a_disputed_sample(database)
        database.write(reviewing.request, "reviews", ANN, "disputed")

        a_round(database)

        assert a_claimed_batch(database, CAT)[0].sample_id == sample_id

    def test_asking_twice_asks_once(self, database: Database) -> None:
        """A second request changes nothing."""
        a_disputed_sample(database)

        for _ in range(2):
            database.write(reviewing.request, "reviews", ANN, "all")

        leases = a_claimed_batch(database, CAT, size=10)
        assert [lease.source for lease in leases].count("review") == 1

    def test_only_what_was_asked_for(self, database: Database) -> None:
        """Doubtful labels stay where they are when the disputed ones are asked for."""
        a_disputed_sample(database)
        a_round(database, suspected=[1])

        _project, queued = database.write(reviewing.request, "reviews", ANN, "suspected")

        assert queued == 1
        assert a_claimed_batch(database, CAT)[0].sample_id == 1

    def test_a_paused_project_hands_out_nothing(self, database: Database) -> None:
        """The refusal says why, and nothing is queued."""
        a_disputed_sample(database)
        database.write(projects.change, "reviews", OLGA, state="paused")

        with pytest.raises(ConflictError, match="paused"):
            database.write(reviewing.request, "reviews", ANN, "all")


def test_what_several_say_goes_to_the_round(database: Database) -> None:
    """The agreement of a round is that of each person's newest label."""
    sample_id = a_disputed_sample(database)
    answered(database, ANN, a_review(database, ANN), "positive")

    labeled = a_round(database)

    assert [[each.label for each in votes] for votes in labeled.several] == [[1, 1]]
    assert labeled.reviewed == [sample_id]
