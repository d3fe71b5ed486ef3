"""What an import needs of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from newsletter.model.importing import Decision, Known
    from newsletter.model.subscriber import MailingList


class SubscriberStore(Protocol):
    def import_batch(
        self,
        list_: MailingList,
        identity_hashes: Sequence[str],
        decide: Callable[[Mapping[str, Known]], Sequence[Decision]],
        *,
        consent: str | None,
        now: datetime,
    ) -> Sequence[Decision]:
        """One transaction: look the identities up, let `decide` decide, carry its decisions out and return them.

        What was looked up stays true until the end of the transaction. Everybody who becomes `subscribed` gets a
        consent event with the wording `consent`.
        """
