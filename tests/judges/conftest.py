from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.judges.looked import open_desk
from tests.support.chromium import ONE_BROWSER, chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.judges.looked import Desk

__all__ = ["chromium"]


@pytest.fixture
def desk(chromium: Browser) -> Desk:
    del chromium
    return ONE_BROWSER.keep(open_desk)


@pytest.fixture(autouse=True)
def beside_chromium() -> None:
    """The browser may stay open for the next file: no judge begins an event loop."""
