"""What becomes of uploads that an import has copied."""

from __future__ import annotations

import numpy as np

from jupyterlab_al.domain.settings import Settings
from jupyterlab_al.store.database import Database
from jupyterlab_al.worker.loop import Worker
from tests.factories import a_new_project, the_project
from tests.worker.conftest import do_next

DATA, GIVEN = f"{0:032x}.npy", f"{1:032x}.npy"


def a_project_of_uploads(database: Database, name: str, upload: str = DATA) -> None:
    """Make a project whose samples and features were uploaded."""
    a_new_project(
        database,
        name,
        dataset={"kind": "upload", "upload_id": upload},
        display={"kind": "auto"},
        features={"kind": "precomputed", "upload_id": GIVEN},
    )


def put(settings: Settings, n: int = 20) -> None:
    """Write the uploads."""
    settings.uploads_folder.mkdir(parents=True)
    for name in (DATA, GIVEN):
        np.save(settings.uploads_folder / name, np.eye(n, 4, dtype=np.float32))


def left(settings: Settings) -> set[str]:
    """Return the uploads that are there."""
    return {path.name for path in settings.uploads_folder.iterdir()}


def test_they_go_when_the_project_has_its_own_copy(
    settings: Settings, sqlite: Database, worker: Worker
) -> None:
    """The disk holds the data once."""
    put(settings)
    a_project_of_uploads(sqlite, "one")

    ending = do_next(worker)

    assert ending == "finished"
    assert the_project(sqlite, "one").n_samples == 20
    assert left(settings) == set()


def test_they_stay_for_another_project(
    settings: Settings, sqlite: Database, worker: Worker
) -> None:
    """What two projects were made of goes with the second import."""
    put(settings)
    a_project_of_uploads(sqlite, "one")
    a_project_of_uploads(sqlite, "two")

    do_next(worker)
    between = left(settings)
    do_next(worker)

    assert between == {DATA, GIVEN}
    assert the_project(sqlite, "two").n_samples == 20
    assert left(settings) == set()


def test_they_stay_when_the_import_fails(
    settings: Settings, sqlite: Database, worker: Worker
) -> None:
    """A person can mend the rest and try again without sending all once more."""
    put(settings)
    np.save(settings.uploads_folder / GIVEN, np.eye(3, 4, dtype=np.float32))
    a_project_of_uploads(sqlite, "one")

    ending = do_next(worker)

    assert ending == "failed"
    assert left(settings) == {DATA, GIVEN}
