"""The schema and how a database comes to it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from jupyterlab_al.domain.errors import UnavailableError
from jupyterlab_al.store import migrations
from jupyterlab_al.store.database import Database, open_engine
from jupyterlab_al.store.migrate import HEAD, migrate, schema_version
from jupyterlab_al.store.tables import metadata
from tests.factories import a_labeled_sample, a_project

PROCESS = """
import sys
from jupyterlab_al.store.database import open_engine
from jupyterlab_al.store.migrate import migrate
print(migrate(open_engine(sys.argv[1])))
"""


def test_a_migrated_database_has_the_tables_of_the_code(database: Database) -> None:
    """Migrating gives exactly the tables, columns and indexes that the statements are built on."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "version_table": "al_schema"}
        )

        assert compare_metadata(context, metadata) == []


def test_partial_indexes_keep_their_conditions(database: Database) -> None:
    """The conditions of partial indexes, which comparison leaves out, are the code's, too."""
    with database.engine.connect() as connection:
        found = inspect(connection)
        partial = {
            str(index["name"]): str(index["dialect_options"][f"{database.kind}_where"])
            for table in metadata.tables
            for index in found.get_indexes(table)
            if f"{database.kind}_where" in index.get("dialect_options", {})
        }

    expected = {
        str(index.name)
        for table in metadata.tables.values()
        for index in table.indexes
        if index.dialect_options[database.kind]["where"] is not None
    }
    assert set(partial) == expected
    assert "done_at IS NULL" in partial["ix_queue_open"]
    assert "lease_annotator IS NOT NULL" in partial["ix_queue_holder"]


def test_head_is_the_newest_file() -> None:
    """The version that the code expects is the newest migration's."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")

    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_a_fresh_database_is_migrated_once(empty_url: str) -> None:
    """The first call makes the schema, the next finds it there."""
    engine = open_engine(empty_url)

    before = schema_version(engine)
    changed = [migrate(engine), migrate(engine)]

    assert (before, changed, schema_version(engine)) == (None, [True, False], HEAD)
    engine.dispose()


def test_an_up_to_date_database_keeps_its_rows(database: Database) -> None:
    """Migrating again touches nothing."""
    a_project(database)
    made = a_labeled_sample(database)

    assert not migrate(database.engine)
    assert a_labeled_sample(database).sample_id != made.sample_id


def test_eight_processes_migrate_at_once(empty_url: str) -> None:
    """However many processes start together, one migrates and none fails."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, empty_url],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(8)
    ]
    ended = [(*process.communicate(timeout=120), process.returncode) for process in processes]

    assert [error for _said, error, code in ended if code] == []
    engine = open_engine(empty_url)
    assert schema_version(engine) == HEAD
    engine.dispose()


def test_a_newer_schema_is_refused(database: Database) -> None:
    """A database that a newer version wrote is left alone; the message says what to do."""
    database.write(lambda tx: tx.execute(text("UPDATE al_schema SET version_num = '9999'")))

    with pytest.raises(UnavailableError, match="Upgrade the package") as caught:
        migrate(database.engine)

    assert caught.value.word == "newer_schema"
    assert schema_version(database.engine) == "9999"


def test_a_migration_that_fails_changes_nothing(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a schema is never left behind: the next try begins anew."""
    from alembic import op

    create, made = op.create_table, []

    def fail_at_the_third(name: str, *columns: object, **options: object) -> object:
        made.append(name)
        if len(made) == 3:
            raise RuntimeError("the power went off")
        return create(name, *columns, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(op, "create_table", fail_at_the_third)
    engine = open_engine(empty_url)
    with pytest.raises(RuntimeError):
        migrate(engine)
    monkeypatch.undo()

    assert inspect(engine).get_table_names() == []
    assert migrate(engine)
    engine.dispose()
