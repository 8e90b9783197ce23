"""Random checks: their share of the stream, and that they never train and are never queried."""

from __future__ import annotations

import pytest

from jupyterlab_al.domain.errors import InvalidSettingError
from jupyterlab_al.domain.models import Annotation, Project
from jupyterlab_al.services import labeling, ordering, projects, queue, rounds, training
from jupyterlab_al.store import queue as queue_store
from jupyterlab_al.store.database import Database
from tests.factories import (
    ANN,
    BOB,
    LEASE,
    NOON,
    OLGA,
    WORKER,
    a_claimed_batch,
    a_labeled_sample,
    a_project,
    a_running_round,
    an_annotation,
    the_project,
)


def reserved(project: Project) -> set[int]:
    """Return the samples that are kept for checks."""
    return set(ordering.reserved_samples(project).tolist())


def a_round(database: Database, *, best: list[int] | None = None) -> training.Labeled | None:
    """Run the round that waits, if one does; the estimator likes `best`, or the largest ids."""
    job = database.write(training.take, WORKER, lease_ms=LEASE, at=NOON)
    if job is None:
        return None
    labeled = database.write(training.begin, job)
    assert labeled is not None
    candidates = set(range(labeled.project.n_samples)) - set(labeled.excluded)
    order = sorted(candidates, reverse=True) if best is None else best
    picks = [(sample_id, 1.0, 1.0) for sample_id in order]
    assert database.write(
        training.publish, job, WORKER, training.Ranking(picks=picks, result={}), at=NOON
    )
    return labeled


def a_session(database: Database, n: int) -> list[Annotation]:
    """Return `n` labels of one person, both classes by turns, rounds running as they are due."""
    made = []
    for turn in range(n):
        label = ("negative", "positive")[turn // 2 % 2]
        made.append(a_labeled_sample(database, ANN, label=label))
        a_round(database)
    return made


@pytest.mark.parametrize("share", [0.1, 0.25])
def test_the_share_holds_however_often_an_order_is_published(
    database: Database, share: float
) -> None:
    """In each block of 1/share labels exactly one is a check, with rounds every few labels."""
    a_project(database, n=400, queue_size=50, check_share=share, retrain_every=7)

    made = a_session(database, 100)

    block = round(1 / share)
    sources = [annotation.source for annotation in made]
    assert [sources[start : start + block].count("check") for start in range(0, 100, block)] == [
        1
    ] * (100 // block)
    assert "query" in sources


def test_no_checks_where_none_are_wanted(database: Database) -> None:
    """With a share of zero nothing is kept back."""
    project = a_project(database, n=300, check_share=0.0)

    made = a_session(database, 30)

    assert reserved(project) == set()
    assert "check" not in {annotation.source for annotation in made}


def test_reserved_samples_are_never_queried(database: Database) -> None:
    """What the estimator chooses and what is kept for checks don't overlap."""
    project = a_project(database, n=300, check_share=0.2, retrain_every=5)

    made = a_session(database, 100)

    kept = reserved(project)
    assert {a.sample_id for a in made if a.source == "check"} <= kept
    assert not {a.sample_id for a in made if a.source != "check"} & kept


def test_an_estimator_can_not_query_what_is_reserved(database: Database) -> None:
    """Reserved and labeled samples are excluded from what a round scores."""
    project = a_project(database, n=300, check_share=0.2)
    made = [a_labeled_sample(database) for _ in range(20)]
    an_annotation(database, OLGA, made[0].sample_id, "negative")

    labeled = a_round(database)

    assert labeled is not None
    assert reserved(project) <= set(labeled.excluded)
    assert {annotation.sample_id for annotation in made} <= set(labeled.excluded)


def test_checks_never_train(database: Database) -> None:
    """Labels of checks evaluate; they are in no training set of any round."""
    a_project(database, n=300, check_share=0.3, retrain_every=10)
    seen = []
    for turn in range(60):
        a_labeled_sample(database, label=("negative", "positive")[turn // 2 % 2])
        labeled = a_round(database)
        if labeled is not None:
            seen.append(labeled)
    facts = database.read(labeling.page, "reviews", OLGA, after=0, size=1000)[1]
    checks = {fact.sample_id for fact in facts if fact.source == "check"}

    assert len(seen) >= 4
    for labeled in seen:
        assert not checks & set(labeled.train_ids)
        assert set(labeled.check_ids) <= checks
        assert labeled.n_labels == len(labeled.train_ids) + len(labeled.check_ids)


def test_a_check_with_a_second_opinion_still_never_trains(database: Database) -> None:
    """A label by hand of a check's sample does not bring it into the training set."""
    a_project(database, n=50, check_share=1.0)
    check = a_labeled_sample(database, ANN, label="positive")
    an_annotation(database, BOB, check.sample_id, "positive")
    for sample_id, label in ((0, "negative"), (1, "positive")):
        if sample_id != check.sample_id:
            an_annotation(database, OLGA, sample_id, label)
    an_annotation(database, OLGA, 2, "negative")
    database.write(rounds.request, "reviews", OLGA)

    job = a_running_round(database)
    labeled = database.write(training.begin, job)

    assert labeled is not None
    assert check.sample_id in labeled.check_ids
    assert check.sample_id not in labeled.train_ids


def test_a_skipped_check_does_not_end_the_checks(database: Database) -> None:
    """Who skips one check still gets the others, at the same share."""
    a_project(database, n=900, queue_size=50, check_share=0.1, retrain_every=10)
    skipped = None
    sources = []
    for turn in range(80):
        [lease] = a_claimed_batch(database)
        if lease.source == "check" and skipped is None:
            skipped = lease.sample_id
            database.write(queue.skip, "reviews", ANN, [(lease.sample_id, lease.token)], at=NOON)
            [lease] = a_claimed_batch(database)
        label = ("negative", "positive")[turn // 2 % 2]
        sources.append(
            an_annotation(database, ANN, lease.sample_id, label, token=lease.token).source
        )
        a_round(database)

    assert skipped is not None
    assert 7 <= sources.count("check") <= 8
    assert skipped in [
        lease.sample_id
        for lease in a_claimed_batch(database, BOB, size=20)
        if lease.source == "check"
    ]


def test_a_whole_pool_of_checks(database: Database) -> None:
    """With a share of one every sample is a check."""
    a_project(database, n=30, check_share=1.0, queue_size=7)

    made = [a_labeled_sample(database) for _ in range(30)]

    assert {annotation.source for annotation in made} == {"check"}
    assert sorted(annotation.sample_id for annotation in made) == list(range(30))


@pytest.mark.parametrize(("before", "after", "n"), [(0.0, 0.2, 20), (0.1, 0.3, 30)])
def test_checks_set_before_the_first_label_are_fair(
    database: Database, before: float, after: float, n: int
) -> None:
    """Turned on or raised before labeling, the share is kept back, also from the present order."""
    a_project(database, n=100, check_share=before)
    database.write(projects.change, "reviews", OLGA, config={"check_share": after})

    made = [a_labeled_sample(database) for _ in range(100)]

    kept = reserved(the_project(database))
    assert len(kept) == n
    assert {a.sample_id for a in made if a.source == "check"} == kept


def test_a_larger_share_after_the_first_label_says_what_it_cannot(database: Database) -> None:
    """It brings the checks that were set aside sooner, sets none aside, and the project says so."""
    a_project(database, n=100, check_share=0.1)
    a_labeled_sample(database)

    view = database.write(projects.change, "reviews", OLGA, config={"check_share": 0.5})
    [said] = projects.problems(view.project)
    view = database.write(projects.change, "reviews", OLGA, config={"check_share": 0.1})

    assert view.project.n_reserved == 10
    assert said.startswith("10 samples were set aside for random checks")
    assert projects.problems(view.project) == []


def test_checks_can_not_begin_late(database: Database) -> None:
    """Turned on after the first label, checks would not be a fair sample: refused."""
    a_project(database, n=100, check_share=0.0)
    a_labeled_sample(database)

    with pytest.raises(InvalidSettingError, match="fair"):
        database.write(projects.change, "reviews", OLGA, config={"check_share": 0.2})


def test_checks_are_drawn_in_the_seeded_order(database: Database) -> None:
    """Which samples are checks, and in which order, is fixed before the first label."""
    project = a_project(database, n=200, check_share=0.2)

    made = a_session(database, 60)

    drawn = [annotation.sample_id for annotation in made if annotation.source == "check"]
    assert drawn == ordering.reserved_samples(project).tolist()[: len(drawn)]
    assert len(drawn) == 12


def test_imported_labels_train(database: Database) -> None:
    """Labels that existed before train the estimator, whichever sample they are of."""
    imported = [(sample_id, ("negative", "positive")[sample_id % 2]) for sample_id in range(40)]
    a_project(database, n=100, check_share=0.1, imported=imported)

    labeled = database.write(training.begin, a_running_round(database))

    assert labeled is not None
    assert sorted(labeled.train_ids) == list(range(40))
    assert labeled.check_ids == []


def test_a_queue_entry_tells_checks_apart_for_the_server_only(database: Database) -> None:
    """Checks stand among the others by rank; nothing but their source tells them apart."""
    project = a_project(database, n=300, check_share=0.2)

    leases = a_claimed_batch(database, size=50)
    rows = database.read(queue_store.entries, project.id, [lease.sample_id for lease in leases])

    assert [lease.rank for lease in leases] == list(range(50))
    assert sum(lease.source == "check" for lease in leases) == 10
    assert {len(slots) for slots in rows.values()} == {1}
