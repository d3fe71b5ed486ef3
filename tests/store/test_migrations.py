from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from newsletter.store import migrations, upgrade
from newsletter.store.database import Store
from newsletter.store.tables import metadata


def test_the_migrations_make_exactly_our_tables(empty_database: str) -> None:
    store = Store(empty_database)
    with store.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, metadata)
    store.close()
    assert differences == []


def test_a_database_that_is_current_is_opened_as_it_is(database_url: str) -> None:
    for _ in range(2):
        store = Store(database_url)
        with store.read() as connection:
            assert upgrade.current_revision(connection.engine) == upgrade.HEAD
        store.close()


def test_the_head_that_the_code_names_is_the_newest_migration() -> None:
    scripts = ScriptDirectory.from_config(upgrade.alembic_config())
    newest = max((Path(migrations.__file__).parent / "versions").glob("[0-9]*.py"))
    assert scripts.get_heads() == [upgrade.HEAD]
    assert newest.name.startswith(f"{upgrade.HEAD}_")
