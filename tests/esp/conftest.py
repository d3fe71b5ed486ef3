from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.esp.smtp_bench import Smtp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def smtp(tmp_path: Path) -> Iterator[Smtp]:
    made = Smtp(tmp_path)
    yield made
    made.close()
