from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import workspace as workspaces

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def workspace(tmp_path: Path) -> workspaces.Workspace:
    """A workspace with one good issue, `walking`."""
    return workspaces.make(tmp_path / "workspace")
