"""One fresh mailing per test."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.store.database import Store
from tests.web.hostile_site import hostile_site
from tests.web.sample_mailing import client, copy_database, sample_mailing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.web.hostile_site import HostileSite
    from tests.web.sample_mailing import SampleMailing


@pytest.fixture(scope="session")
def finished_database(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mailing")
    shutil.copy(migrated_sqlite, folder)
    sample_mailing(folder).store.close()
    return folder / "newsletter.db"


@pytest.fixture
def mailing(tmp_path: Path, finished_database: Path) -> Iterator[SampleMailing]:
    copy_database(finished_database, tmp_path)
    made = sample_mailing(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def web(mailing: SampleMailing) -> Any:
    return client(mailing.app)


@pytest.fixture
def quick_store(emptied_sqlite: str, stores: dict[str, Store]) -> Iterator[Store]:
    """An open store without rows, on SQLite alone: where the database makes no difference."""
    if "sqlite" not in stores:
        stores["sqlite"] = Store(emptied_sqlite)
    yield stores["sqlite"]
    stores["sqlite"].close()


@pytest.fixture(scope="session")
def hostile_database(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copy(migrated_sqlite, folder)
    hostile_site(folder).store.close()
    return folder / "newsletter.db"


@pytest.fixture
def hostile(tmp_path: Path, hostile_database: Path) -> Iterator[HostileSite]:
    copy_database(hostile_database, tmp_path)
    made = hostile_site(tmp_path)
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory, hostile_database: Path) -> Iterator[HostileSite]:
    """One for all tests of a file, which must not mind what others have changed."""
    folder = tmp_path_factory.mktemp("attacked")
    copy_database(hostile_database, folder)
    made = hostile_site(folder)
    yield made
    made.store.close()
