"""An operator at a workspace of their own; cron at a machine."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.support.due import Machine, make
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


@pytest.fixture(scope="session")
def due_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a scheduled mailing; to be copied."""
    folder = tmp_path_factory.mktemp("due") / "made"
    make(folder)
    return folder


@pytest.fixture
def machine(due_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    folder = tmp_path / "workspace"
    shutil.copytree(due_workspace, folder)
    at = Machine(folder, monkeypatch)
    yield at
    at.store.close()
