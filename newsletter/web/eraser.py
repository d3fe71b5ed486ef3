"""A workspace -> what erases somebody everywhere, as the page for it needs it."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from newsletter import wiring
from newsletter.pipeline.erasing import Person

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from newsletter.keys import Keys
    from newsletter.settings import Workspace
    from newsletter.store.database import Store

_log = logging.getLogger("newsletter.web")


def eraser(workspace: Workspace, store: Store, keys: Keys) -> Callable[[str, datetime], None]:
    """Erases who has an address, at the provider too where one holds addresses back for us."""

    def erase(address: str, now: datetime) -> None:
        person = Person(workspace, store, keys, address)
        done = person.erase(now, time.sleep, wiring.open_mirror(workspace))
        for mailing, n in done.in_flight:
            _log.warning(
                "a mail was being handed over while its reader was erased: mailing %d, delivery %d (docs/privacy.md)",
                *(mailing, n),
            )

    return erase
