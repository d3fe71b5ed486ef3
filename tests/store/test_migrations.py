from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, create_engine, insert

from newsletter.store import mailings, migrations, upgrade
from newsletter.store.database import Store
from newsletter.store.tables import metadata


def test_the_migrations_make_exactly_our_tables(empty_database: str) -> None:
    store = Store(empty_database)
    with store.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, metadata)
    store.close()
    assert differences == []


def test_mailings_from_before_there_were_variants_keep_what_they_sent(empty_database: str) -> None:
    engine = create_engine(empty_database)
    upgrade.upgrade(engine, "0001")
    now = datetime(2026, 11, 1, tzinfo=UTC)
    then = MetaData()
    then.reflect(engine)
    with engine.begin() as connection:
        old = {"fingerprint": "f" * 64, "issue": "walking", "content": "{}", "sources_digest": ""}
        connection.execute(insert(then.tables["rendered"]).values(**old, variant="", created_at=now))
        facts = {"link_number": 7, "issue": "walking", "fingerprint": "f" * 64, "state": "finished", "sender": "outbox"}
        rest = {"reason": "", "again": "", "again_serial": 0, "audience": 0, "lease_owner": "", "lease_generation": 0}
        connection.execute(insert(then.tables["mailings"]).values(**facts, **rest, created_at=now))
    engine.dispose()
    store = Store(empty_database)
    with store.read() as connection:
        assert mailings.get(connection, 1).variants == {"": "f" * 64}
    store.close()


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
