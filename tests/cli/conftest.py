"""An operator at a workspace of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.operator import operator_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.operator import Operator


@pytest.fixture
def operator(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Operator]:
    made = operator_at(tmp_path, migrated_sqlite, monkeypatch)
    yield made
    made.store.close()
