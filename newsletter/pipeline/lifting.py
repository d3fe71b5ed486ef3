"""Lifting a suppression, where the file of erasings has to know of it too, and the provider may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.errors import ConsentRefused, SuppressionNotFound
from newsletter.model.audit import Action, reader
from newsletter.model.subscriber import SuppressionReason
from newsletter.store import audit
from newsletter.store.people import erasures
from newsletter.store.people.subscribers import find, suppression_of
from newsletter.store.suppressions import lifting, mirrored

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from newsletter.model.subscriber import Suppression
    from newsletter.pipeline.syncing import SuppressionMirror
    from newsletter.settings import Workspace
    from newsletter.store.database import Store
    from newsletter.store.suppressions.lifting import Lifted


def lift(
    workspace: Workspace, store: Store, identity_hash: str, seen: Suppression, because: str, now: datetime
) -> Lifted:
    """Let somebody be mailed again. Only what was `seen` is lifted: it may have become graver meanwhile.

    Of an erasing the file is told first, as it is when somebody is erased; if that or the database fails, they stay out.

    Raises:
        ConsentRefused: the suppression changed.
        SuppressionNotFound: it is gone.
        FileUnreadable: the file of erasings cannot be written; nothing was lifted.
    """
    with store.write() as connection:
        if suppression_of(connection, identity_hash) != seen:
            raise ConsentRefused("this suppression changed just now; nothing was lifted", "Run the command again.")
        lifted = lifting.lift(connection, identity_hash, because, now)
        if lifted is None:
            raise SuppressionNotFound
        if lifted.suppression.reason is SuppressionReason.ERASED:
            erasures.forget(workspace.erasures, identity_hash, now.date())
    return lifted


def held_back(store: Store, identity_hash: str, mirror: SuppressionMirror) -> bool:
    """Whether the provider is known to drop mail to this address, whatever stands here."""
    with store.read() as connection:
        return mirrored.is_held_back(connection, mirror.esp, identity_hash)


def let_go(
    store: Store, identity_hash: str, spellings: Iterable[str], mirror: SuppressionMirror, now: datetime
) -> bool:
    """Have the provider hold the address back no more; whether it had.

    Raises:
        ProviderFailed: nothing is known to have changed.
    """
    found = [mirror.forget(spelling) for spelling in dict.fromkeys(spellings)]
    with store.write() as connection:
        mirrored.forget(connection, identity_hash, mirror.esp)
        known = find(connection, identity_hash)
        subject = reader(known.number if known else None)
        audit.note(connection, Action.SUPPRESSION_LIFTED, subject, now, at=mirror.name, was_held_back=any(found))
    return any(found)
