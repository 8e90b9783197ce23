"""Projects: making, changing and deleting them, and labels that existed before."""

from __future__ import annotations

import pytest

from jupyterlab_al.domain.errors import (
    ConflictError,
    InvalidSettingError,
    MalformedError,
    NotAllowedError,
    UnknownError,
)
from jupyterlab_al.services import labeling, metrics, preparing, projects
from jupyterlab_al.services.classes import ClassChanges
from jupyterlab_al.store import projects as project_store
from jupyterlab_al.store.database import Database
from tests.factories import (
    ANN,
    BOB,
    CONFIG,
    LEASE,
    NOON,
    OLGA,
    a_claimed_batch,
    a_labeled_sample,
    a_new_project,
    a_pool,
    a_project,
    an_annotation,
    the_project,
)


class TestCreate:
    def test_a_new_project_is_prepared_by_the_worker(self, database: Database) -> None:
        """A project begins in state `preparing`; its creator is its owner."""
        project = a_new_project(database)

        assert (project.state, project.created_by, project.role) == ("preparing", "olga", "owner")

    def test_a_name_is_given_once(self, database: Database) -> None:
        """A second project of the same name is a conflict and changes nothing."""
        a_pool(database)

        with pytest.raises(ConflictError) as caught:
            a_new_project(database)

        assert caught.value.word == "name_taken"
        assert the_project(database).state == "active"

    def test_classes_come_once(self, database: Database) -> None:
        """A class named twice is refused before anything is stored."""
        with pytest.raises(InvalidSettingError, match="twice"):
            database.write(
                projects.create, OLGA, name="x", title=None, config=CONFIG, classes=["a", "a"]
            )
        with pytest.raises(UnknownError):
            the_project(database, "x")


class TestClasses:
    def test_classes_are_added(self, database: Database) -> None:
        """A class that is added can be used at once; the others keep their places."""
        a_pool(database)

        database.write(
            projects.change,
            "reviews",
            OLGA,
            classes=ClassChanges(wanted=["neutral", "negative", "positive"]),
        )

        assert the_project(database).classes == ["negative", "positive", "neutral"]
        assert an_annotation(database, ANN, 0, "neutral").label == "neutral"

    def test_a_rename_reaches_all_labels(self, database: Database) -> None:
        """Labels given under the old name are read under the new one; the old one is gone."""
        a_pool(database)
        an_annotation(database, ANN, 0, "positive")

        database.write(
            projects.change, "reviews", OLGA, classes=ClassChanges(renames={"positive": "good"})
        )

        [fact] = database.read(labeling.page, "reviews", OLGA, after=0, size=10)[1]
        figures = database.read(metrics.get, "reviews", OLGA)
        assert fact.label == "good"
        assert figures.labels_per_class == {"negative": 0, "good": 1}

    def test_two_classes_can_swap_their_names(self, database: Database) -> None:
        """Renaming is all at once, so that names can be exchanged."""
        a_pool(database)
        an_annotation(database, ANN, 0, "positive")

        database.write(
            projects.change,
            "reviews",
            OLGA,
            classes=ClassChanges(renames={"positive": "negative", "negative": "positive"}),
        )

        [fact] = database.read(labeling.page, "reviews", OLGA, after=0, size=10)[1]
        assert fact.label == "negative"

    @pytest.mark.parametrize(
        "change",
        [
            ClassChanges(wanted=["positive"]),
            ClassChanges(wanted=["negative", "positive", "positive"]),
            ClassChanges(renames={"unheard of": "x"}),
            ClassChanges(renames={"positive": "negative"}),
            ClassChanges(wanted=["negative", "positive", " "]),
        ],
        ids=["removed", "twice", "unknown", "merged", "blank"],
    )
    def test_what_would_lose_labels_is_refused(
        self, database: Database, change: ClassChanges
    ) -> None:
        """A rename can't remove or merge classes; a refused change changes nothing else."""
        a_pool(database)

        with pytest.raises(InvalidSettingError):
            database.write(projects.change, "reviews", OLGA, title="New", classes=change)

        project = the_project(database)
        assert (project.title, project.classes) == ("reviews", ["negative", "positive"])

    def test_only_the_owner_changes_a_project(self, database: Database) -> None:
        """Annotators neither change nor delete a project."""
        a_pool(database)

        with pytest.raises(NotAllowedError):
            database.write(projects.change, "reviews", ANN, title="Mine")
        with pytest.raises(NotAllowedError):
            database.write(projects.delete, "reviews", ANN, confirm="reviews")


class TestDelete:
    def test_it_must_be_meant(self, database: Database) -> None:
        """Without the project's name as confirmation nothing is deleted."""
        a_pool(database)

        for confirm in (None, "", "review"):
            with pytest.raises(MalformedError, match="confirm=reviews"):
                database.write(projects.delete, "reviews", OLGA, confirm=confirm)

        assert the_project(database).state == "active"

    def test_the_name_is_free_again(self, database: Database) -> None:
        """A new project of the same name begins without any label of the old one."""
        a_pool(database)
        a_labeled_sample(database)
        database.write(projects.delete, "reviews", OLGA, confirm="reviews")

        with pytest.raises(UnknownError):
            the_project(database)
        a_pool(database)
        assert the_project(database).n_annotations == 0
        assert len(a_claimed_batch(database, size=10)) == 10


class TestImport:
    def test_imported_labels_are_labels(self, database: Database) -> None:
        """They count, have the source `import`, and their samples are not asked again."""
        a_project(database, n=6, imported=[(0, "positive"), (3, "negative")])

        facts = database.read(labeling.page, "reviews", OLGA, after=0, size=10)[1]
        kept = database.read(project_store.tallies, the_project(database).id)

        assert [(fact.sample_id, fact.label, fact.source) for fact in facts] == [
            (0, "positive", "import"),
            (3, "negative", "import"),
        ]
        assert (kept["annotations"][0], kept["samples"][0]) == (2, 2)
        leases = a_claimed_batch(database, size=10)
        assert sorted(lease.sample_id for lease in leases) == [1, 2, 4, 5]

    def test_importing_twice_adds_nothing(self, database: Database) -> None:
        """The same labels again are known; a different label of a sample is a new fact."""
        a_project(database, n=6, imported=[(0, "positive"), (3, "negative")])
        again = [(0, "positive"), (3, "positive")]

        def add(times: int) -> list[int]:
            return [
                database.write(
                    preparing.add_imported, the_project(database), again, annotator="olga"
                )
                for _ in range(times)
            ]

        assert add(2) == [1, 0]
        kept = database.read(project_store.tallies, the_project(database).id)
        assert (kept["annotations"][0], kept["samples"][0]) == (3, 2)

    def test_two_labels_of_one_sample_are_one_sample(self, database: Database) -> None:
        """A file that names a sample twice adds two facts about one sample."""
        a_project(database, n=6)

        database.write(
            preparing.add_imported,
            the_project(database),
            [(2, "positive"), (2, "negative")],
            annotator="olga",
        )

        kept = database.read(project_store.tallies, the_project(database).id)
        assert (kept["annotations"][0], kept["samples"][0]) == (2, 1)

    def test_an_imported_label_ends_a_lease(self, database: Database) -> None:
        """Importing the label of a sample that waits or is held takes it out of the queue."""
        a_pool(database, n=3, overlap=2)
        an_annotation(database, BOB, 1)
        a_claimed_batch(database, ANN)

        database.write(
            preparing.add_imported,
            the_project(database),
            [(0, "positive"), (1, "positive")],
            annotator="olga",
            at=NOON,
        )

        kept = database.read(project_store.tallies, the_project(database).id)
        assert kept["samples"][0] == 2
        leases = a_claimed_batch(database, ANN, size=5, at=NOON + LEASE)
        assert [lease.sample_id for lease in leases] == [2]

    def test_an_imported_label_can_be_undone(self, database: Database) -> None:
        """Taking an imported label back opens its sample, also where it needs several people."""
        a_pool(database, n=1, overlap=3)
        database.write(
            preparing.add_imported,
            the_project(database),
            [(0, "positive")],
            annotator="olga",
            at=NOON,
        )
        [fact] = database.read(labeling.page, "reviews", OLGA, after=0, size=10)[1]

        database.write(labeling.undo, "reviews", OLGA, fact.id, lease_ms=LEASE, at=NOON)

        kept = database.read(project_store.tallies, the_project(database).id)
        assert kept["samples"][0] == 0
        assert [lease.sample_id for lease in a_claimed_batch(database, OLGA)] == [0]
