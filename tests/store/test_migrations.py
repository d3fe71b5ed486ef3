"""From the oldest state with something in every table to the newest, on both databases."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, select, text

from newsletter.errors import DatabaseTooNew, ServiceMissing
from newsletter.model.mailing import MailingState, Outcome
from newsletter.store import mailings, migrations, upgrade
from newsletter.store import tables as t
from newsletter.store.database import Store
from newsletter.store.people import subscribers
from newsletter.store.tables import keys_are_made, metadata
from tests.support.old_databases import AGREED, SHOWN, THEN, add_rows, contents, fill, reflected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.engine import Connection

    from tests.support.postgresql import Server

#: what a step changes on purpose: table -> columns
CHANGED = {"0004": {"consent_events": {"wording"}}}


@pytest.fixture(scope="module")
def oldest_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("oldest") / "newsletter.db"
    fill(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture(scope="module")
def oldest_on_server(postgresql_server: Server) -> str:
    """The name of a database to make copies of."""
    postgresql_server.command("CREATE DATABASE oldest")
    fill(postgresql_server.url("oldest")).dispose()
    return "oldest"


@pytest.fixture
def oldest(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database as the first version left it."""
    if backend == "sqlite":
        yield f"sqlite:///{shutil.copy(request.getfixturevalue('oldest_file'), tmp_path)}"
        return
    server: Server = request.getfixturevalue("postgresql_server")
    server.command(f"CREATE DATABASE old TEMPLATE {request.getfixturevalue('oldest_on_server')}")
    yield server.url("old")
    server.command("DROP DATABASE old WITH (FORCE)")


@pytest.fixture
def opened(oldest: str) -> Iterator[Store]:
    store = Store(oldest)
    yield store
    store.close()


def test_the_migrations_make_exactly_our_tables(empty_database: str) -> None:
    store = Store(empty_database)
    with store.read() as connection:
        how = {"compare_type": True, "compare_server_default": True, "include_object": _is_checked(connection)}
        context = MigrationContext.configure(connection, opts=how)
        differences = compare_metadata(context, metadata)
    store.close()
    assert differences == []


def _is_checked(connection: Connection) -> Callable[..., bool]:
    """Alembic looks for keys of ours that are not made on this database."""
    dialect = connection.dialect.name

    def is_checked(one: Any, _name: str, kind: str, reflected: bool, _other: object) -> bool:
        return kind != "foreign_key_constraint" or reflected or keys_are_made(one.table, dialect)

    return is_checked


def test_what_comparing_does_not_see_is_alike_too(tmp_path: Path) -> None:
    """In SQLite: numbers that are never given twice, and tables without a row number of their own."""

    def options(path: Path) -> dict[str, tuple[bool, bool]]:
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute("SELECT name, upper(sql) FROM sqlite_master WHERE type = 'table'").fetchall()
        made = {name: ("AUTOINCREMENT" in sql, "WITHOUT ROWID" in sql) for name, sql in rows}
        return {name: made[name] for name in metadata.tables}

    Store(f"sqlite:///{tmp_path / 'migrated.db'}").close()
    engine = create_engine(f"sqlite:///{tmp_path / 'made.db'}")
    metadata.create_all(engine)
    engine.dispose()
    assert options(tmp_path / "migrated.db") == options(tmp_path / "made.db")


def test_the_revisions_that_the_code_names_are_the_migrations() -> None:
    scripts = ScriptDirectory.from_config(upgrade.alembic_config())
    files = sorted((Path(migrations.__file__).parent / "versions").glob("[0-9]*.py"))
    assert scripts.get_heads() == [upgrade.HEAD]
    assert tuple(file.name[:4] for file in files) == upgrade.REVISIONS


def test_no_step_loses_or_changes_a_row(empty_database: str) -> None:
    engine = fill(empty_database)
    assert all(contents(engine).values()), "a table without a row proves nothing"
    for revision in upgrade.REVISIONS[1:]:
        before = contents(engine)
        upgrade.upgrade(engine, revision)
        after = contents(engine)
        for table, rows in before.items():
            changed = CHANGED.get(revision, {}).get(table, set())
            names = [name for name in rows[0] if name not in changed]
            assert [{name: row[name] for name in names} for row in after[table]] == [
                {name: row[name] for name in names} for row in rows
            ], (revision, table)
        add_rows(engine, revision)
    engine.dispose()


def test_words_of_an_import_become_the_ground_and_words_on_a_page_stay_what_was_shown(opened: Store) -> None:
    with opened.read() as connection:
        imported, page = subscribers.history_of(connection, 1)
    assert (imported.ground, imported.wording) == (AGREED, "")
    assert (page.ground, page.wording) == ("", SHOWN)
    assert (imported.at, imported.recorded_at) == (THEN, None)
    assert not imported.ip


def test_readers_and_lists_get_the_careful_defaults(opened: Store) -> None:
    with opened.read() as connection:
        people = connection.execute(select(t.subscribers).order_by(t.subscribers.c.number)).all()
        lists = connection.execute(select(t.lists)).all()
    assert [person.tracking for person in people] == [False] * 4
    assert [person.joined_at for person in people] == [*(person.created_at for person in people[:3]), None]
    assert {(entry.opt_in, entry.description, entry.archived_at) for entry in lists} == {("double", "", None)}


def test_suppressions_keep_their_reason_and_begin_their_history_with_it(opened: Store) -> None:
    with opened.read() as connection:
        now = connection.execute(select(t.suppressions).order_by(t.suppressions.c.at)).all()
        events = connection.execute(select(t.suppression_events).order_by(t.suppression_events.c.number)).all()
    assert [(row.reason, row.identity) for row in now] == [("complaint", "reader2@example.org"), ("erased", None)]
    assert [(event.identity_hash, event.action, event.reason, event.source, event.at) for event in events] == [
        (row.identity_hash, "added", row.reason, row.source, row.at) for row in now
    ]


def test_mailings_stand_as_they_stood(opened: Store) -> None:
    with opened.read() as connection:
        newest, first = mailings.every(connection)
        tallies = [mailings.tally(connection, mailing.number) for mailing in (first, newest)]
    assert (first.state, first.variants, first.lists) == (MailingState.FINISHED, {"": "f" * 64}, ("friends",))
    assert (first.segments, first.excepted) == ((), ())
    assert (newest.state, newest.lists) == (MailingState.SENDING, ("friends", "runners"))
    assert [tally.holds for tally in tallies] == [True, True]
    assert tallies[0].outcomes == {Outcome.ACCEPTED: 2, Outcome.EXCLUDED: 1}
    assert tallies[1].outcomes == {Outcome.IN_FLIGHT: 1, Outcome.PLANNED: 2}


def test_a_failure_in_the_middle_leaves_the_old_state(oldest: str) -> None:
    engine = create_engine(oldest)
    with engine.begin() as connection:  # the last thing that the last migration makes
        connection.execute(text("CREATE INDEX ix_issue_readers_subscriber ON issue_readers (n)"))
    before = contents(engine)
    with pytest.raises(ServiceMissing, match="ix_issue_readers_subscriber"):
        Store(oldest)
    assert upgrade.current_revision(engine) == "0001"
    assert contents(engine) == before
    with engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_issue_readers_subscriber"))
    engine.dispose()
    store = Store(oldest)
    assert store.upgraded
    assert (store.upgraded.before, store.revision()) == ("0001", upgrade.HEAD)
    store.close()


def test_of_processes_that_upgrade_at_once_one_does_it_and_the_others_wait(oldest: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(Store, [oldest] * 4))
    assert {store.revision() for store in stores} == {upgrade.HEAD}
    assert [store.upgraded.before for store in stores if store.upgraded].count("0001") == 1
    for store in stores:
        store.close()


def test_a_database_that_is_current_is_opened_as_it_is(database_url: str) -> None:
    for _ in range(2):
        store = Store(database_url)
        assert (store.revision(), store.upgraded, store.replaced) == (upgrade.HEAD, None, False)
        store.close()


def test_opening_a_current_database_imports_no_alembic(migrated_sqlite: Path, tmp_path: Path) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "newsletter.db")
    program = "import sys; from newsletter.store.database import Store; Store(sys.argv[1]); sys.exit('alembic' in sys.modules)"
    url = f"sqlite:///{tmp_path / 'newsletter.db'}"
    assert subprocess.run([sys.executable, "-c", program, url], check=False).returncode == 0


def test_a_database_of_a_newer_program_is_refused_untouched(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9876'"))
    with pytest.raises(DatabaseTooNew, match="9876"):
        Store(database_url)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{upgrade.HEAD}'"))
    engine.dispose()


def test_a_database_of_another_program_is_refused_untouched(empty_database: str) -> None:
    engine = create_engine(empty_database)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE lists (id INTEGER)"))
    with pytest.raises(ServiceMissing, match="another program"):
        Store(empty_database)
    assert set(reflected(engine).tables) == {"lists"}
    engine.dispose()


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


@pytest.mark.parametrize(
    "spoil",
    [lambda path: path.write_text("These are not the readers you are looking for." * 40), _cut],
    ids=["a text", "half a database"],
)
def test_a_file_that_is_no_database_is_refused_in_words(migrated_sqlite: Path, tmp_path: Path, spoil: Any) -> None:
    path = tmp_path / "newsletter.db"
    shutil.copy(migrated_sqlite, path)
    spoil(path)
    with pytest.raises(ServiceMissing, match=r"not a database, or it is damaged.*newsletter db restore"):
        Store(f"sqlite:///{path}")


def test_a_file_is_copied_before_it_is_upgraded_for_its_owner_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'newsletter.db'}"
    engine = fill(url)
    before = contents(engine)
    engine.dispose()
    (tmp_path / "newsletter.db.before-0002").write_text("an older copy")
    store = Store(url)
    store.close()
    copy = tmp_path / f"newsletter.db.before-{upgrade.HEAD}"
    assert store.upgraded
    assert (store.upgraded.copy, copy.stat().st_mode & 0o777) == (copy, 0o600)
    assert sorted(path.name for path in tmp_path.glob("*before*")) == [copy.name]
    engine = create_engine(f"sqlite:///{copy}")
    assert (upgrade.current_revision(engine), contents(engine)) == ("0001", before)
    engine.dispose()


def test_of_a_database_without_rows_no_copy_is_kept(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'newsletter.db'}"
    engine = create_engine(url)
    upgrade.upgrade(engine, "0001")
    engine.dispose()
    Store(url).close()
    assert not list(tmp_path.glob("*before*"))


def test_without_room_for_the_copy_nothing_is_upgraded_unless_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'newsletter.db'}"
    fill(url).dispose()
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=4096))
    with pytest.raises(ServiceMissing, match="newsletter db upgrade --no-copy"):
        Store(url)
    store = Store(url, as_it_is=True)
    assert store.revision() == "0001"
    store.upgrade(keep_copy=False)
    assert store.revision() == upgrade.HEAD
    store.close()
    assert not list(tmp_path.glob("*before*"))
