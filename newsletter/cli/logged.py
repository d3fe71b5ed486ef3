"""What is logged although nothing changes: readers' data that leaves, and what is refused for safety."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from newsletter.cli.context import now
from newsletter.errors import DatabaseReplaced, NewsletterError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.model.audit import Action
    from newsletter.store.database import Store

_FOR_SAFETY = 4


def note_export(store: Store, action: Action, subject: str, **facts: Any) -> None:  # noqa: ANN401 - as in the log
    """Before it leaves: what cannot be noted does not leave. A copy that nothing is written to can be read all the same."""
    from newsletter.store import audit

    with suppress(DatabaseReplaced), store.write() as connection:
        audit.note(connection, action, subject, now(), **facts)


@contextmanager
def refusals_noted(store: Store, subject: str, command: str) -> Iterator[None]:
    """What is refused for safety in here is logged, by the name of its class: the words may hold anything."""
    from newsletter.cli.words import exit_code
    from newsletter.model.audit import Action
    from newsletter.store import audit

    try:
        yield
    except NewsletterError as why:
        if exit_code(why) == _FOR_SAFETY and not isinstance(why, DatabaseReplaced):
            codes = sorted({problem.code for problem in getattr(why, "problems", ())})
            with suppress(DatabaseReplaced), store.write() as connection:
                facts = {"command": command, "why": type(why).__name__, "codes": codes}
                audit.note(connection, Action.REFUSED, subject, now(), **facts)
        raise
