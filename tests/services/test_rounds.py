"""Rounds: when one is asked for, what it is based on, and which order stands."""

from __future__ import annotations

import pytest

from jupyterlab_al.domain.errors import ConflictError, NotAllowedError, UnknownError
from jupyterlab_al.domain.models import Job
from jupyterlab_al.services import labeling, ordering, projects, rounds, training
from jupyterlab_al.store import jobs, queue
from jupyterlab_al.store.database import Database
from tests.factories import (
    ANN,
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
    the_project,
)


def labels(database: Database, n: int, *, start: int = 0) -> None:
    """Label some samples by hand, both classes by turns."""
    for sample_id in range(start, start + n):
        an_annotation(database, ANN, sample_id, ("negative", "positive")[sample_id % 2])


def all_rounds(database: Database) -> list[Job]:
    """Return all rounds, newest first."""
    return database.read(rounds.page, "reviews", OLGA, before=2**62, size=100)


def publish(database: Database, job: Job, samples: list[int], *, worker: str = WORKER) -> bool:
    """Publish an order as a round's result."""
    picks = [(sample_id, 0.5, 1.0) for sample_id in samples]
    ranking = training.Ranking(picks=picks, result={"n_train": 4})
    return database.write(training.publish, job, worker, ranking, at=NOON)


class TestRequest:
    def test_a_round_waits_for_the_worker(self, database: Database) -> None:
        """Asking gives a queued round that counts the labels there are."""
        a_project(database)
        labels(database, 4)

        job = database.write(rounds.request, "reviews", OLGA)

        assert (job.kind, job.state, job.n_labels) == ("round", "queued", 4)
        assert all_rounds(database) == [job]

    def test_one_at_a_time(self, database: Database) -> None:
        """While a round waits or runs another can't be asked for."""
        a_project(database)
        labels(database, 4)
        database.write(rounds.request, "reviews", OLGA)

        for _state in ("queued", "running"):
            with pytest.raises(ConflictError) as caught:
                database.write(rounds.request, "reviews", OLGA)
            assert caught.value.word == "round_running"
            database.write(training.take, WORKER, lease_ms=LEASE, at=NOON)

    def test_a_cancelled_successor_does_not_hide_a_running_round(self, database: Database) -> None:
        """A round that runs is noticed also when the newest one was cancelled."""
        a_project(database, retrain_every=4)
        labels(database, 4)
        a_running_round(database)
        labels(database, 4, start=4)
        database.write(rounds.cancel, "reviews", OLGA, all_rounds(database)[0].id)

        with pytest.raises(ConflictError) as caught:
            database.write(rounds.request, "reviews", OLGA)

        assert caught.value.word == "round_running"

    @pytest.mark.parametrize(("n", "labeled"), [(0, []), (1, ["positive"])])
    def test_too_few_classes(self, database: Database, n: int, labeled: list[str]) -> None:
        """Two classes need labels; the message says which are labeled."""
        a_project(database)
        for sample_id in range(n):
            an_annotation(database, ANN, sample_id, "positive")

        with pytest.raises(ConflictError) as caught:
            database.write(rounds.request, "reviews", OLGA)

        assert caught.value.word == "too_few_classes"
        assert caught.value.facts == {"labeled": labeled}

    def test_checks_do_not_count_as_classes(self, database: Database) -> None:
        """Labels of checks don't train, so that they make no class either."""
        a_project(database, check_share=1.0)
        for label in ("positive", "negative"):
            a_labeled_sample(database, label=label)

        with pytest.raises(ConflictError) as caught:
            database.write(rounds.request, "reviews", OLGA)

        assert caught.value.word == "too_few_classes"

    def test_undone_labels_do_not_count_as_classes(self, database: Database) -> None:
        """A class whose only label was taken back is not labeled."""
        a_project(database)
        labels(database, 1)
        undone = an_annotation(database, ANN, 1, "positive")
        database.write(labeling.undo, "reviews", ANN, undone.id, lease_ms=LEASE, at=NOON)

        with pytest.raises(ConflictError, match="negative"):
            database.write(rounds.request, "reviews", OLGA)

    def test_a_paused_project_trains_not(self, database: Database) -> None:
        """A round needs an active project."""
        a_project(database)
        labels(database, 4)
        database.write(projects.change, "reviews", OLGA, state="paused")

        with pytest.raises(ConflictError) as caught:
            database.write(rounds.request, "reviews", OLGA)

        assert caught.value.word == "not_active"

    def test_annotators_may_not_ask(self, database: Database) -> None:
        """Rounds are the owner's to start and to cancel; everybody may look."""
        a_project(database)
        labels(database, 4)
        job = database.write(rounds.request, "reviews", OLGA)

        with pytest.raises(NotAllowedError):
            database.write(rounds.request, "reviews", ANN)
        with pytest.raises(NotAllowedError):
            database.write(rounds.cancel, "reviews", ANN, job.id)
        assert database.read(rounds.get, "reviews", ANN, job.id) == job


class TestRetrainEvery:
    def test_every_so_many_labels(self, database: Database) -> None:
        """A round is asked for with the label that makes it due, not before."""
        a_project(database, retrain_every=5)

        labels(database, 4)
        before = all_rounds(database)
        labels(database, 1, start=4)

        assert before == []
        assert [job.state for job in all_rounds(database)] == ["queued"]

    def test_a_batch_counts_each_of_its_labels(self, database: Database) -> None:
        """Labels that come together count one by one, and repeats don't."""
        from tests.factories import an_answer

        a_project(database, retrain_every=5)
        items = [an_answer(i, ("negative", "positive")[i % 2]) for i in range(4)]

        for _ in range(3):
            done = database.write(labeling.annotate, "reviews", ANN, items, at=NOON)
            assert not done.round_requested
        done = database.write(
            labeling.annotate, "reviews", ANN, [*items, an_answer(4, "negative")], at=NOON
        )

        assert done.round_requested

    def test_it_waits_for_a_second_class(self, database: Database) -> None:
        """With one class only no round is asked for; the first label of another one does it."""
        a_project(database, retrain_every=5)
        for sample_id in range(9):
            an_annotation(database, ANN, sample_id, "positive")
        before = all_rounds(database)

        an_annotation(database, ANN, 9, "negative")

        assert before == []
        assert len(all_rounds(database)) == 1

    def test_labels_coalesce_while_a_round_waits(self, database: Database) -> None:
        """However many labels come, one round waits; it is based on all of them."""
        a_project(database, retrain_every=2)
        labels(database, 9)

        labeled = database.write(training.begin, a_running_round(database))

        assert len(all_rounds(database)) == 1
        assert labeled is not None
        assert labeled.n_labels == 9
        assert len(labeled.train_ids) == 9

    def test_labels_during_a_round_start_the_next(self, database: Database) -> None:
        """Labels that arrive while a round runs are counted from its beginning."""
        a_project(database, retrain_every=4)
        labels(database, 6)
        job = a_running_round(database)
        database.write(training.begin, job)

        labels(database, 3, start=6)
        waiting = [job.state for job in all_rounds(database)]
        labels(database, 1, start=9)

        assert waiting == ["running"]
        assert [job.state for job in all_rounds(database)] == ["queued", "running"]
        assert database.write(training.take, "other", lease_ms=LEASE, at=NOON) is None

    def test_a_failed_round_is_tried_again_with_more_labels(self, database: Database) -> None:
        """After a failure the next round comes with the next labels, not at once."""
        a_project(database, retrain_every=4)
        labels(database, 4)
        job = a_running_round(database)
        database.write(training.begin, job)
        database.write(training.fail, job, WORKER, "NaN.")

        labels(database, 4, start=4)

        assert [job.state for job in all_rounds(database)] == ["queued", "failed"]


class TestBegin:
    def test_it_reads_what_stands(self, database: Database) -> None:
        """Undone labels are left out; of several the most frequent, then the earliest, counts."""
        a_project(database, retrain_every=1000)
        labels(database, 4)
        for person, label in (("bob", "positive"), ("cat", "positive")):
            an_annotation(
                database, ANN.__class__(id=person, name="", default_role="annotator"), 0, label
            )
        undone = an_annotation(database, ANN, 7, "positive")
        database.write(labeling.undo, "reviews", ANN, undone.id, lease_ms=LEASE, at=NOON)
        database.write(rounds.request, "reviews", OLGA)

        labeled = database.write(training.begin, a_running_round(database))

        assert labeled is not None
        assert dict(zip(labeled.train_ids, labeled.train_labels, strict=True)) == {
            0: 1,
            1: 1,
            2: 0,
            3: 1,
        }
        assert labeled.n_labels == 6

    def test_what_people_hold_is_no_candidate(self, database: Database) -> None:
        """Samples on somebody's screen are not ranked again."""
        a_project(database, n=20)
        labels(database, 4)
        database.write(rounds.request, "reviews", OLGA)
        held = {lease.sample_id for lease in a_claimed_batch(database, size=3, at=None)}

        labeled = database.write(training.begin, a_running_round(database, at=None))

        assert labeled is not None
        assert held | {0, 1, 2, 3} == set(labeled.excluded)

    def test_a_deleted_project_ends_its_round(self, database: Database) -> None:
        """A worker whose project is gone finds nothing to begin and publishes nothing."""
        a_project(database)
        labels(database, 4)
        database.write(rounds.request, "reviews", OLGA)
        job = a_running_round(database)
        database.write(projects.delete, "reviews", OLGA, confirm="reviews")

        assert database.write(training.begin, job) is None
        assert not publish(database, job, [5])


class TestPublish:
    def test_the_order_is_the_rounds(self, database: Database) -> None:
        """After publishing, claims follow the round's ranking and say which round it was."""
        a_project(database, n=20)
        labels(database, 4)
        database.write(rounds.request, "reviews", OLGA)
        job = a_running_round(database)
        database.write(training.begin, job)

        assert publish(database, job, [9, 5, 7])
        made = a_labeled_sample(database)

        assert (made.sample_id, made.source, made.round_id) == (9, "query", job.id)
        finished = all_rounds(database)[0]
        assert (finished.state, finished.progress, finished.n_labels) == ("finished", 1.0, 4)
        assert finished.result == {"n_train": 4}
        project = the_project(database)
        assert (project.order_round, project.order_labels) == (job.id, 4)

    def test_a_worker_that_was_given_up_publishes_nothing(self, database: Database) -> None:
        """Who lost a round's lease to another worker can't publish it any more."""
        a_project(database, n=20)
        labels(database, 4)
        database.write(rounds.request, "reviews", OLGA)
        job = a_running_round(database)
        again = database.write(training.take, "worker-2", lease_ms=LEASE, at=NOON + LEASE)
        assert again is not None

        assert not publish(database, job, [9, 5, 7])
        assert publish(database, again, [6], worker="worker-2")
        assert a_claimed_batch(database)[0].sample_id == 6

    def test_an_older_round_never_replaces_a_newer_order(self, database: Database) -> None:
        """A ranking based on older labels than the one that stands is thrown away."""
        a_project(database, n=20)
        labels(database, 4)
        database.write(rounds.request, "reviews", OLGA)
        job = a_running_round(database)
        database.write(training.begin, job)
        database.write(projects.store.change, the_project(database).id, order_high_water=10**9)
        before = a_claimed_batch(database, size=3)

        assert not publish(database, job, [19, 18, 17])
        assert a_claimed_batch(database, size=3) == before
        assert the_project(database).order_round is None

    def test_a_result_twice_is_published_once(self, database: Database) -> None:
        """Publishing a finished round again changes nothing."""
        a_project(database, n=20)
        labels(database, 4)
        database.write(rounds.request, "reviews", OLGA)
        job = a_running_round(database)
        assert publish(database, job, [9])

        assert not publish(database, job, [10])
        assert a_claimed_batch(database)[0].sample_id == 9

    def test_a_failed_round_keeps_the_order(self, database: Database) -> None:
        """A round that fails leaves the queue as it is and says why."""
        a_pool(database, n=20)
        labels(database, 4)
        database.write(rounds.request, "reviews", OLGA)
        job = a_running_round(database)

        database.write(training.fail, job, WORKER, "The scores were NaN.", at=NOON)

        assert a_claimed_batch(database)[0].sample_id == 4
        [failed] = all_rounds(database)
        assert (failed.state, failed.error) == ("failed", "The scores were NaN.")
        assert the_project(database).state == "active"

    def test_labels_that_came_meanwhile_are_not_asked_again(self, database: Database) -> None:
        """A ranking made before a label arrived does not bring its sample back."""
        a_project(database, n=20)
        labels(database, 4)
        database.write(rounds.request, "reviews", OLGA)
        job = a_running_round(database)
        database.write(training.begin, job)
        labels(database, 4, start=9)

        publish(database, job, [9, 10, 13, 11, 14])

        assert [lease.sample_id for lease in a_claimed_batch(database, size=2)] == [13, 14]


class TestLostWorkers:
    def test_a_lost_round_is_taken_over(self, database: Database) -> None:
        """When a worker goes silent, its round is another's once the lease ends."""
        a_project(database)
        labels(database, 4)
        database.write(rounds.request, "reviews", OLGA)
        job = a_running_round(database)

        early = database.write(training.take, "other", lease_ms=LEASE, at=NOON + LEASE - 1)
        late = database.write(training.take, "other", lease_ms=LEASE, at=NOON + LEASE)

        assert early is None
        assert late is not None
        assert (late.id, late.attempts) == (job.id, 2)

    def test_beats_keep_a_round(self, database: Database) -> None:
        """A worker that beats keeps its round; its progress is seen."""
        a_project(database)
        labels(database, 4)
        database.write(rounds.request, "reviews", OLGA)
        job = a_running_round(database)

        cancel = database.write(
            jobs.beat,
            job.id,
            WORKER,
            lease_ms=LEASE,
            phase="score",
            progress=0.5,
            at=NOON + LEASE - 1,
        )

        assert cancel is False
        assert database.write(training.take, "other", lease_ms=LEASE, at=NOON + LEASE) is None
        [seen] = all_rounds(database)
        assert (seen.phase, seen.progress) == ("score", 0.5)

    def test_a_round_that_kills_its_worker_fails(self, database: Database) -> None:
        """After three lost workers a round is not tried again, and says so."""
        a_project(database)
        labels(database, 4)
        database.write(rounds.request, "reviews", OLGA)

        taken = [
            database.write(training.take, f"w{i}", lease_ms=LEASE, at=NOON + i * LEASE)
            for i in range(4)
        ]

        assert [job is not None for job in taken] == [True, True, True, False]
        [failed] = all_rounds(database)
        assert failed.state == "failed"
        assert "lost 3 times" in (failed.error or "")

    def test_a_round_handed_back_is_not_a_lost_one(self, database: Database) -> None:
        """A worker that is told to stop gives its round to the next at once, without blame."""
        a_project(database)
        labels(database, 4)
        database.write(rounds.request, "reviews", OLGA)
        for turn in range(5):
            job = database.write(training.take, f"w{turn}", lease_ms=LEASE, at=NOON)
            assert job is not None
            database.write(jobs.hand_back, job.id, f"w{turn}", at=NOON)

        assert database.write(training.take, "last", lease_ms=LEASE, at=NOON) is not None


class TestCancel:
    def test_a_waiting_round_is_cancelled_at_once(self, database: Database) -> None:
        """No worker gets a round that was cancelled before it began."""
        a_project(database)
        labels(database, 4)
        job = database.write(rounds.request, "reviews", OLGA)

        cancelled = database.write(rounds.cancel, "reviews", OLGA, job.id)

        assert cancelled.state == "cancelled"
        assert cancelled.finished_at is not None
        assert database.write(training.take, WORKER, lease_ms=LEASE) is None

    def test_a_running_round_is_told(self, database: Database) -> None:
        """The worker hears of it with its next beat, and the order stays as it was."""
        a_pool(database)
        labels(database, 4)
        job = database.write(rounds.request, "reviews", OLGA)
        a_running_round(database)

        database.write(rounds.cancel, "reviews", OLGA, job.id)
        told = database.write(
            jobs.beat, job.id, WORKER, lease_ms=LEASE, phase="fit", progress=0.1, at=NOON
        )
        database.write(training.cancelled, job, WORKER, at=NOON)

        assert told is True
        assert all_rounds(database)[0].state == "cancelled"
        assert not publish(database, job, [9])

    def test_what_has_ended_stays_as_it_is(self, database: Database) -> None:
        """Cancelling a finished round changes nothing."""
        a_project(database)
        labels(database, 4)
        database.write(rounds.request, "reviews", OLGA)
        job = a_running_round(database)
        publish(database, job, [9])

        assert database.write(rounds.cancel, "reviews", OLGA, job.id).state == "finished"

    def test_other_projects_rounds_are_unknown(self, database: Database) -> None:
        """A round is found in its own project only, and preparing is no round."""
        a_project(database)
        a_project(database, "other")
        preparing = database.read(jobs.last, the_project(database).id, "prepare")
        labels(database, 4)
        job = database.write(rounds.request, "reviews", OLGA)
        assert preparing is not None

        with pytest.raises(UnknownError):
            database.read(rounds.get, "other", OLGA, job.id)
        with pytest.raises(UnknownError):
            database.read(rounds.get, "reviews", OLGA, preparing.id)


class TestPublishingInPieces:
    """A worker publishes an order piece by piece, so that labels find the database free."""

    PICKS = training.PIECE + 700

    def begun(self, database: Database) -> tuple[Job, training.Woven]:
        """Return a running round and the order that it gives a pool larger than a piece."""
        a_project(database, n=self.PICKS + 10, retrain_every=4, check_share=0.0)
        labels(database, 4)
        job = a_running_round(database)
        database.write(training.begin, job)
        picks = [(sample_id, 0.5, 1.0) for sample_id in reversed(range(10, self.PICKS + 10))]
        ranking = training.Ranking(picks=picks, result={})
        order = database.read(training.woven, job, ranking, at=NOON)
        assert order is not None
        return job, order

    def test_the_best_come_first(self, database: Database) -> None:
        """The first piece is the head of the new order, and the old one is gone."""
        job, order = self.begun(database)

        rest = database.write(training.publish_head, job, WORKER, order, at=NOON)
        first = a_claimed_batch(database, size=50)

        assert rest == order.draws[training.PIECE :]
        assert [draw.sample_id for draw in order.draws[:50]] == [x.sample_id for x in first]
        assert database.read(queue.count_open, the_project(database).id) == training.PIECE

    def test_all_pieces_make_the_order(self, database: Database) -> None:
        """Pieces give the same queue as all at once; what was labeled meanwhile stays labeled."""
        job, order = self.begun(database)
        rest = database.write(training.publish_head, job, WORKER, order, at=NOON)
        assert rest is not None
        an_annotation(database, ANN, rest[0].sample_id)

        for start in range(0, len(rest), training.PIECE):
            piece = rest[start : start + training.PIECE]
            assert database.write(training.publish_more, job, WORKER, piece)

        leases = []
        while batch := a_claimed_batch(database, size=50, client=str(len(leases))):
            leases += batch
        wanted = [draw.sample_id for draw in order.draws if draw.sample_id != rest[0].sample_id]
        assert wanted == [lease.sample_id for lease in leases][: len(wanted)]

    def test_the_stream_goes_on_where_it_is(self, database: Database) -> None:
        """Labels given while an order was woven do not move the checks to other places."""
        a_project(database, n=100, retrain_every=4, check_share=0.5, seed=3)
        labels(database, 4)
        job = a_running_round(database)
        database.write(training.begin, job)
        ranking = training.Ranking(picks=[], result={})
        early = database.read(training.woven, job, ranking, at=NOON)
        a_labeled_sample(database)
        late = database.read(training.woven, job, ranking, at=NOON)
        assert early is not None
        assert late is not None

        moved = ordering.moved_on(early.draws, late.position - early.position)

        assert late.position - early.position == 1
        assert list(range(len(moved))) == [draw.rank for draw in moved]
        assert [d.source for d in late.draws][:20] == [d.source for d in moved][:20]

    def test_a_worker_that_lost_the_round_stops(self, database: Database) -> None:
        """Once another worker has the round, no further piece of the first one's order goes in."""
        job, order = self.begun(database)
        rest = database.write(training.publish_head, job, WORKER, order, at=NOON)
        assert rest is not None
        late = NOON + 2 * LEASE
        database.write(training.take, "another", lease_ms=LEASE, at=late)

        assert not database.write(training.publish_more, job, WORKER, rest)
        assert database.read(queue.count_open, the_project(database).id) == training.PIECE
