"""Shared by all tests: stores on SQLite and PostgreSQL, and the rule that a skip fails where everything is installed."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from newsletter.store.database import Store
from newsletter.store.tables import metadata
from tests.support.memory import use_memory_for_temporary_files
from tests.support.postgresql import running_server
from tests.support.readers import Desk

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from tests.support.postgresql import Server

#: no test may fail because the machine is slow; where everything must pass, examples are the same at every run
settings.register_profile(
    "newsletter", deadline=None, max_examples=60, derandomize=os.environ.get("NEWSLETTER_TEST_ALL") == "1"
)
settings.load_profile("newsletter")

BACKENDS = ("sqlite", "postgresql")

use_memory_for_temporary_files()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A plain `make test` stays short; CI runs all, and so does whoever names a file or a folder."""
    if os.environ.get("NEWSLETTER_TEST_ALL") == "1" or config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return
    thorough = [item for item in items if item.get_closest_marker("thorough")]
    items[:] = [item for item in items if not item.get_closest_marker("thorough")]
    config.hook.pytest_deselected(items=thorough)


def pytest_collection_finish() -> None:
    """Thousands of collected tests stay to the end: the garbage collector need not look through them again and again.

    Nor need it begin at each seven hundred things that a test makes.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """The browser stays open from test to test, but beside a test that knows nothing of it."""
    if not {"chromium", "beside_chromium"} & {*getattr(item, "fixturenames", ())}:
        _close_the_browser()


def pytest_sessionfinish() -> None:
    _close_the_browser()


def _close_the_browser() -> None:
    """If a test has opened it; playwright is imported only where it is used."""
    if support := sys.modules.get("tests.support.chromium"):
        support.ONE_BROWSER.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if not hasattr(report, "wasxfail"):
        _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse_skip(report)
    return report


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """With NEWSLETTER_TEST_ALL=1 everything must be installed, and a skip is a failure."""
    if report.skipped and os.environ.get("NEWSLETTER_TEST_ALL") == "1":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"NEWSLETTER_TEST_ALL=1 allows no skip. {reason}"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    with running_server() as server:
        yield server


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of database: whoever asks for it runs once on each."""
    name: str = request.param
    return name


@pytest.fixture
def empty_database(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database without any table, gone after the test."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        server: Server = request.getfixturevalue("postgresql_server")
        server.command("CREATE DATABASE empty")
        yield server.url("empty")
        server.command("DROP DATABASE empty WITH (FORCE)")


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "newsletter.db"
    Store(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: Server) -> str:
    """The name of a database that is used again and again: making one for each test would take most of the time."""
    postgresql_server.command("CREATE DATABASE migrated")
    Store(postgresql_server.url("migrated")).close()
    return "migrated"


@pytest.fixture
def database_url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The URL of a database with our tables and no rows."""
    if backend == "sqlite":
        path = tmp_path / "newsletter.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        return f"sqlite:///{path}"
    name: str = request.getfixturevalue("migrated_postgresql")
    server: Server = request.getfixturevalue("postgresql_server")
    server.clear(name, (table.name for table in metadata.sorted_tables))
    return server.url(name)


@pytest.fixture(scope="session")
def stores() -> Iterator[dict[str, Store]]:
    """By backend; each test finds its store without rows. What was compiled for the statements is kept with it."""
    opened: dict[str, Store] = {}
    yield opened
    for one in opened.values():
        one.close()


@pytest.fixture
def store(backend: str, stores: dict[str, Store], request: pytest.FixtureRequest) -> Iterator[Store]:
    """An open store, on SQLite and on PostgreSQL in turn."""
    url: str = request.getfixturevalue("emptied_sqlite" if backend == "sqlite" else "database_url")
    if backend not in stores:
        stores[backend] = Store(url)
    yield stores[backend]
    stores[backend].close()  # its connections; it makes new ones for the next test


@pytest.fixture
def emptied_sqlite(migrated_sqlite: Path) -> str:
    """The URL of a file that is the same in each test, without rows again."""
    path = migrated_sqlite.with_name("emptied.db")
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm", f"{path.name}.witness"):
        path.with_name(name).unlink(missing_ok=True)
    shutil.copy(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    return Desk(store, tmp_path)
