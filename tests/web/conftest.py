"""One fresh mailing per test."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.sample_mailing import client, copy_database, sample_mailing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
