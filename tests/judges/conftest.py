from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.judges.looked import open_desk
from tests.support.chromium import chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.judges.looked import Desk

__all__ = ["chromium"]


@pytest.fixture(scope="module")
def desk(chromium: Browser) -> Iterator[Desk]:
    with open_desk(chromium) as made:
        yield made
