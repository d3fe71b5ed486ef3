"""Reading files needs no second database: here `desk` stands on SQLite unless a test asks for the backends itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.store.database import Store
from tests.support.readers import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def reading_desk(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Desk]:
    """A desk on SQLite only, for what does not depend on the database."""
    path = tmp_path / "newsletter.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    store = Store(f"sqlite:///{path}")
    yield Desk(store, tmp_path)
    store.close()
