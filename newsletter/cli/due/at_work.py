"""What the parts of run-due share: one process, its workspace and database, and what this run has begun."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newsletter.cli import context

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from newsletter.deliver.ports import Sender
    from newsletter.keys import Keys
    from newsletter.pipeline.handling import Handler
    from newsletter.settings import Workspace
    from newsletter.store.database import Store

#: who does it, for the audit log
ACTOR = "run-due"


def clock() -> datetime:
    return context.now()


@dataclass(kw_only=True)
class AtWork:
    place: Workspace
    store: Store
    keys: Keys
    stop: threading.Event
    #: mailings that this run has begun
    begun: set[int] = field(default_factory=set)
    #: whether the operator is to be told something that waits to be sent
    alerted: bool = False

    def handler(self) -> Handler:
        from newsletter import wiring
        from newsletter.pipeline.handling import Handler

        return Handler(store=self.store, keys=self.keys, readers=wiring.event_readers(self.store, self.keys))

    @contextmanager
    def senders(self) -> Iterator[Sequence[Sender]]:
        """Raises:
        SecretMissing, ServiceMissing: one cannot be opened.
        """
        from newsletter import wiring

        with ExitStack() as stack:
            senders = wiring.open_senders(self.place)
            for sender in senders:
                stack.callback(sender.close)
            yield senders

    def tell(self, connection: Any, what: str, facts: Mapping[str, str]) -> None:  # noqa: ANN401 - as begun.py:Tell has it
        """Order a mail to the operator."""
        from newsletter.pipeline.running.alerts import alert

        if alert(connection, self.place, self.keys, what, facts, clock()):
            self.alerted = True
