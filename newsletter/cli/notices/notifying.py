"""Who sends notices for a workspace: with its senders, and what earlier ones remember."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsletter.keys import Keys
    from newsletter.pipeline.notices import Notifier
    from newsletter.settings import Workspace
    from newsletter.store.database import Store


def notifier_of(place: Workspace, store: Store, keys: Keys) -> Notifier:
    """One for a process. No sender is opened before something is due."""
    from newsletter import wiring
    from newsletter.pipeline.notices import Notifier

    return Notifier(
        workspace=place,
        store=store,
        keys=keys,
        open_senders=partial(wiring.open_senders, place),
        past=partial(wiring.memory_of, place),
    )
