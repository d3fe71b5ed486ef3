from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.mailing import MailingDesk

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.store.database import Store


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> MailingDesk:
    return MailingDesk(store, tmp_path)
