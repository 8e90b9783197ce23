"""Random sequences of everything people and workers do, against a small model of what must hold.

Each rule does something through the use cases and notes in the model what is true from then on;
the invariants compare the whole database with the model. `crash` opens the database anew, as a
server does that was killed.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, event

from jupyterlab_al.domain.models import Annotation, Lease, NewAnnotation, Person
from jupyterlab_al.services import labeling, queue
from jupyterlab_al.services.places import DRAWN
from jupyterlab_al.store import projects as project_store
from jupyterlab_al.store import queue as queue_store
from jupyterlab_al.store.database import Database, open_engine
from tests.factories import ANN, BOB, LEASE, NOON, OLGA, a_pool, an_answer, an_order

N = 8
CLASSES = ("negative", "positive")
#: Samples that are random checks.
CHECKS = (0, 1)
#: What they say in review decides.
REX = Person(id="rex", name="Rex", default_role="reviewer")
EVERYBODY = (ANN, BOB, REX)
PEOPLE = st.sampled_from(EVERYBODY)
CLIENTS = st.sampled_from([None, "left", "right"])
_names = itertools.count()


@dataclass
class Hold:
    """A lease as the model knows it."""

    person: str
    lease: Lease
    #: When it ends, in milliseconds.
    until: int


@dataclass
class Model:
    """What must be true, in plain dictionaries."""

    #: Every annotation that was acknowledged, by id.
    facts: dict[int, Annotation] = field(default_factory=dict)
    requests: dict[str, tuple[Person, NewAnnotation]] = field(default_factory=dict)
    undone: set[int] = field(default_factory=set)
    skipped: set[tuple[str, int]] = field(default_factory=set)
    #: Samples that whoever labeled them was asked to look at again.
    again: set[int] = field(default_factory=set)
    #: Live and past leases; one person's hold of one sample.
    holds: dict[tuple[str, int], Hold] = field(default_factory=dict)

    def standing(self) -> list[Annotation]:
        """Return the annotations that were not undone."""
        return [fact for fact in self.facts.values() if fact.id not in self.undone]

    def labels_of(self, sample_id: int) -> list[Annotation]:
        """Return what stands of a sample."""
        return [fact for fact in self.standing() if fact.sample_id == sample_id]

    def holders(self, sample_id: int, now: int) -> set[str]:
        """Return who holds a sample."""
        return {
            hold.person
            for (_person, held), hold in self.holds.items()
            if held == sample_id and hold.until > now and hold.lease.source != "review"
        }


class Labeling(RuleBasedStateMachine):
    """People at work on one project."""

    #: Set by the tests: where the database is, and how many people label each sample.
    url: str
    overlap: int = 1

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.model = Model()
        self.database = Database(open_engine(self.url))
        self.name = f"project-{next(_names)}"
        self.project = a_pool(
            self.database, self.name, n=N, overlap=self.overlap, retrain_every=10**6
        )

    def teardown(self) -> None:
        """Close the database."""
        self.database.dispose()

    @initialize(order=st.permutations(range(N)))
    def begin(self, order: list[int]) -> None:
        """Start from any order."""
        self._publish(order)

    def _publish(self, order: list[int]) -> None:
        draws = [
            replace(draw, source="check") if draw.sample_id in CHECKS else draw
            for draw in an_order(order)
        ]
        self.database.write(queue_store.publish, self.project, draws, at=self.now)

    @rule(person=PEOPLE, client=CLIENTS, size=st.integers(1, 4))
    def claim(self, person: Person, client: str | None, size: int) -> None:
        """Nobody gets what another holds, what they skipped or did, or more than they asked."""
        claimed = self.database.write(
            queue.claim,
            self.name,
            person,
            client=client,
            size=size,
            lease_ms=LEASE,
            at=self.now,
        )[1]

        samples = [lease.sample_id for lease in claimed.leases]
        assert len(samples) == len(set(samples)) <= size
        assert bool(samples) == (claimed.empty_because is None)
        for lease in claimed.leases:
            self._check_handed_out(person, lease)

    def _check_handed_out(self, person: Person, lease: Lease) -> None:
        sample_id = lease.sample_id
        others = self.model.holders(sample_id, self.now) - {person.id}
        facts = self.model.labels_of(sample_id)
        done = {fact.annotator for fact in facts}
        mine = self.model.holds.get((person.id, sample_id))
        if mine is None or mine.until <= self.now:
            assert (person.id, sample_id) not in self.model.skipped
            if lease.source == "review":
                assert facts
                assert person.id not in done or sample_id in self.model.again
            else:
                assert person.id not in done
                labeled = {fact.annotator for fact in facts if fact.source != "review"}
                assert len(others | labeled) < self.overlap
        until = round(lease.expires_at.timestamp() * 1000)
        assert until > self.now
        self.model.holds[person.id, sample_id] = Hold(person=person.id, lease=lease, until=until)

    @rule(person=PEOPLE, data=st.data(), late=st.booleans())
    def annotate(self, person: Person, data: st.DataObject, *, late: bool) -> None:
        """Every label is stored, under a live lease, a lost one or none."""
        tokens = [
            (sample_id, hold.lease.token)
            for (who, sample_id), hold in sorted(self.model.holds.items())
            if who == person.id and (late or hold.until > self.now)
        ]
        by_hand = [(sample_id, None) for sample_id in range(N)]
        sample_id, token = data.draw(st.sampled_from(tokens or by_hand))
        self._store(person, sample_id, token, data.draw(st.sampled_from(CLASSES)))

    @rule(person=PEOPLE, sample_id=st.integers(0, N - 1), label=st.sampled_from(CLASSES))
    def annotate_by_hand(self, person: Person, sample_id: int, label: str) -> None:
        """Label without a lease; it is stored, too."""
        self._store(person, sample_id, None, label)

    def _store(self, person: Person, sample_id: int, token: str | None, label: str) -> None:
        item = an_answer(sample_id, label, token=token)
        [fact] = self.database.write(
            labeling.annotate, self.name, person, [item], at=self.now
        ).annotations
        assert (fact.key, fact.sample_id, fact.label) == (item.key, sample_id, label)
        assert (fact.annotator, fact.undone_at) == (person.id, None)
        self.model.requests[item.key] = (person, item)
        self.model.facts[fact.id] = fact
        self.model.holds.pop((person.id, sample_id), None)

    @precondition(lambda self: self.model.requests)
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        """Send the same request again; the reply is the same."""
        key = data.draw(st.sampled_from(sorted(self.model.requests)))
        person, item = self.model.requests[key]

        [fact] = self.database.write(
            labeling.annotate, self.name, person, [item], at=self.now
        ).annotations

        known = self.model.facts[fact.id]
        assert (fact.id, fact.key, fact.label) == (known.id, key, known.label)

    @precondition(lambda self: self.model.facts)
    @rule(data=st.data(), as_owner=st.booleans())
    def undo(self, data: st.DataObject, *, as_owner: bool) -> None:
        """Undo a label; its sample comes first for who undid it."""
        fact = self.model.facts[data.draw(st.sampled_from(sorted(self.model.facts)))]
        author = next(person for person in EVERYBODY if person.id == fact.annotator)
        person = OLGA if as_owner else author

        undone = self.database.write(
            labeling.undo, self.name, person, fact.id, lease_ms=LEASE, at=self.now
        )[1]

        assert undone.undone_at is not None
        if fact.id in self.model.undone:
            return
        self.model.undone.add(fact.id)
        [lease] = self.database.write(
            queue.claim, self.name, person, client="tab", size=1, lease_ms=LEASE, at=self.now
        )[1].leases
        assert lease.sample_id == fact.sample_id
        self.model.holds[person.id, fact.sample_id] = Hold(
            person=person.id, lease=lease, until=self.now + LEASE
        )

    @rule(person=PEOPLE, data=st.data())
    def skip(self, person: Person, data: st.DataObject) -> None:
        """Skip a sample; it leaves one person's stream."""
        held = self._live(person)
        if not held:
            return
        sample_id = data.draw(st.sampled_from(sorted(held)))
        token = held[sample_id].lease.token

        self.database.write(queue.skip, self.name, person, [(sample_id, token)], at=self.now)

        self.model.skipped.add((person.id, sample_id))
        del self.model.holds[person.id, sample_id]

    @rule(person=PEOPLE, data=st.data())
    def release(self, person: Person, data: st.DataObject) -> None:
        """Give a sample back."""
        held = self._live(person)
        if not held:
            return
        sample_id = data.draw(st.sampled_from(sorted(held)))
        token = held[sample_id].lease.token

        self.database.write(queue.release, self.name, person, [(sample_id, token)], at=self.now)

        del self.model.holds[person.id, sample_id]

    def _live(self, person: Person) -> dict[int, Hold]:
        return {
            sample_id: hold
            for (who, sample_id), hold in self.model.holds.items()
            if who == person.id and hold.until > self.now
        }

    @rule(samples=st.lists(st.integers(0, N - 1), unique=True))
    def publish(self, samples: list[int]) -> None:
        """Publish an order of anything, by a worker that knew older labels."""
        self._publish(samples)

    @rule(samples=st.lists(st.integers(0, N - 1), unique=True), again=st.booleans())
    def review(self, samples: list[int], *, again: bool) -> None:
        """Have some samples looked at again, whether they are labeled or not."""
        reviews = [
            replace(draw, source="review", again=again, draw_probability=None)
            for draw in an_order(samples)
        ]
        self.database.write(queue_store.add_in_front, self.project, reviews)
        if again:
            self.model.again.update(samples)

    @rule(part=st.sampled_from([0.5, 1.0, 20.0]))
    def time_passes(self, part: float) -> None:
        """Leases run out, some of them long ago."""
        self.now += round(LEASE * part)

    @rule()
    def crash(self) -> None:
        """End the server and start it again."""
        self.database.dispose()
        self.database = Database(open_engine(self.url))

    @invariant()
    def the_database_says_what_the_model_says(self) -> None:
        """Compare everything that is stored with what must be."""
        self.database.read(self._compare)

    def _compare(self, tx: Any) -> None:
        self._nothing_is_lost(labeling.page(tx, self.name, OLGA, after=0, size=10_000)[1])
        self._the_counters_are_exact(project_store.tallies(tx, self.project.id))
        everything = list(range(N))
        self._done_means_labeled(queue_store.entries(tx, self.project.id, everything, at=self.now))

    def _nothing_is_lost(self, stored: list[Annotation]) -> None:
        """Check that the annotations are those that were acknowledged."""
        assert [fact.id for fact in stored] == sorted(self.model.facts)
        for fact in stored:
            known = self.model.facts[fact.id]
            assert (fact.key, fact.sample_id, fact.label, fact.annotator) == (
                known.key,
                known.sample_id,
                known.label,
                known.annotator,
            )
            assert (fact.undone_at is not None) == (fact.id in self.model.undone)

    def _the_counters_are_exact(self, kept: project_store.Tallies) -> None:
        """Kept counters say what a count of the facts says."""
        standing = self.model.standing()
        expected: dict[str, Counter[int]] = {
            "annotations": Counter({0: len(standing)}),
            "samples": Counter({0: len({fact.sample_id for fact in standing})}),
            "class": Counter(CLASSES.index(str(fact.label)) for fact in standing),
            "drawn": Counter({0: sum(fact.source in DRAWN for fact in standing)}),
            "skips": Counter({0: len(self.model.skipped)}),
            "train": Counter(
                CLASSES.index(str(fact.label)) for fact in standing if not self._is_of_check(fact)
            ),
            "checks": Counter({0: len({f.sample_id for f in standing if f.source == "check"})}),
            "disputed": Counter({0: sum(self._is_disputed(of) for of in range(N))}),
        }
        for kind, counts in expected.items():
            assert +Counter(kept.get(kind, {})) == +counts, kind

    def _is_of_check(self, fact: Annotation) -> bool:
        """Return whether a label is of a random check: as one, or as a later review of one."""
        if fact.source != "review":
            return fact.source == "check"
        return any(
            each.sample_id == fact.sample_id and each.source == "check" and each.id < fact.id
            for each in self.model.facts.values()
        )

    def _is_disputed(self, sample_id: int) -> bool:
        """Return whether nobody decided, and each person's newest labels have no majority."""
        facts = self.model.labels_of(sample_id)
        if any(fact.annotator == REX.id and fact.source == "review" for fact in facts):
            return False
        newest = {fact.annotator: fact.label for fact in facts}
        counts = Counter(newest.values())
        return bool(counts) and max(counts.values()) * 2 <= len(newest)

    def _done_means_labeled(self, entries: dict[int, list[Any]]) -> None:
        """Check that a sample has done places exactly while a label of it stands."""
        for sample_id in range(N):
            slots = entries.get(sample_id, [])
            done = [row for row in slots if row["done_at"] is not None]
            labels = self.model.labels_of(sample_id)
            assert bool(done) == bool(labels)
            assert len(done) <= len(labels)
            holders = [row["lease_annotator"] for row in slots if row["is_held"]]
            assert len(holders) == len(set(holders))


def run(url: str, *, overlap: int = 1, examples: int = 6, steps: int = 40) -> None:
    """Run the machine on a database; the same steps every time."""
    machine: Any = type("Machine", (Labeling,), {"url": url, "overlap": overlap})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("overlap", [1, 2])
def test_every_label_is_accounted_for(db_url: str, overlap: int) -> None:
    """Whatever people do in whatever order, no label is lost and no hold is given twice."""
    run(db_url, overlap=overlap)


def rewritten(pattern: str, by: str, *, where: str) -> Callable[..., tuple[str, Any]]:
    """Return a listener that changes the SQL of the statements that contain a text."""

    def rewrite(_connection: Any, _cursor: Any, sql: str, parameters: Any, *_: Any) -> Any:
        return (sql.replace(pattern, by) if where in sql else sql), parameters

    return rewrite


class TestTheMachineFindsBugs:
    """A check that finds nothing proves nothing: each of these bugs must be found."""

    @pytest.mark.parametrize(
        "bug",
        [
            pytest.param(
                ("al_queue_entry.done_at IS NULL AND", "", "WITH free"),
                id="claim does not look at done_at",
            ),
            pytest.param(
                ("al_queue_entry.lease_expires_at <= ", "0 <= ", "WITH free"),
                id="claim does not look at leases",
            ),
            pytest.param(
                ("al_queue_entry.done_at IS NULL AND", "", "DELETE FROM al_queue_entry WHERE"),
                id="publish drops the tombstones",
            ),
            pytest.param(
                ("al_undo.created_at IS NULL", "1 = 1", "al_annotation"),
                id="undone labels stand",
            ),
        ],
    )
    def test_in_a_statement(self, sqlite_url: str, bug: tuple[str, str, str]) -> None:
        """A condition that is missing in a statement is found."""
        pattern, by, where = bug
        listener = rewritten(pattern, by, where=where)
        event.listen(Engine, "before_cursor_execute", listener, retval=True)
        try:
            with pytest.raises(AssertionError):
                run(sqlite_url, examples=40)
        finally:
            event.remove(Engine, "before_cursor_execute", listener)

    @pytest.mark.parametrize("function", ["add_skip", "reopen", "finish"])
    def test_in_the_store(
        self, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, function: str
    ) -> None:
        """A step that is left out is found."""
        monkeypatch.setattr(queue_store, function, lambda *_args, **_kwargs: True)

        with pytest.raises((AssertionError, ValueError)):
            run(sqlite_url, examples=40)

    def test_in_what_decides(self, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """A reviewer whose word is one vote among others is found."""
        monkeypatch.setattr(labeling, "may", lambda _role, _act: False)

        with pytest.raises(AssertionError):
            run(sqlite_url, examples=40)

    def test_in_the_counters(self, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """A repeat that is counted again is found."""
        count = project_store.count

        def count_twice(tx: Any, project: Any, changes: Any, **more: Any) -> Any:
            return count(tx, project, changes, **more) and count(tx, project, changes, **more)

        monkeypatch.setattr(project_store, "count", count_twice)

        with pytest.raises(AssertionError):
            run(sqlite_url, examples=40)
