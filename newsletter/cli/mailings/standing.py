"""How a mailing stands: everything that the ledger and the events tell, read in one snapshot."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newsletter.cli.context import now
from newsletter.cli.terms import HOUR, hour_is_full_until
from newsletter.model.mailing import MailingState, Outcome
from newsletter.pipeline.mailing_facts import mailing_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.model.delivery import Doubt, Pending
    from newsletter.model.mailing import Mailing, Tally
    from newsletter.settings import Settings
    from newsletter.store.database import Store


@dataclass(frozen=True, kw_only=True)
class Standing:
    at: datetime
    mailing: Mailing
    tally: Tally
    pending: Pending
    #: why deliveries were refused -> how many
    refusals: Mapping[str, int] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()
    #: readers accepted in the last minute
    rate: int = 0
    #: the process that sends it just now
    holder: str = ""
    #: as many as may go within an hour have gone: there is room again then
    slow_until: datetime | None = None


def standing_of(store: Store, number: int, settings: Settings) -> Standing:
    """Raises MailingNotFound."""
    with store.read() as connection:
        return read_standing(connection, number, settings)


def read_standing(connection: Connection, number: int, settings: Settings) -> Standing:
    """Within somebody's snapshot."""
    from newsletter import wiring
    from newsletter.store import mailings, tallies
    from newsletter.store.ledger import waiting, watching
    from newsletter.store.ledger.holding import holder

    at, mailing = now(), mailings.get(connection, number)
    gone = waiting.handed_over(connection, mailing.sender, at - HOUR) if settings.sending.per_hour else ()
    return Standing(
        at=at,
        mailing=mailing,
        tally=tallies.tally(connection, number),
        pending=watching.pending(connection, number, at),
        refusals=tallies.refusals(connection, number, (Outcome.REFUSED,)),
        doubts=watching.doubts(connection, number),
        rate=watching.rate(connection, number, at),
        holder=holder(connection, number, at, wiring.may_be_alive),
        slow_until=hour_is_full_until(settings.sending, gone, at),
    )


def exit_code(standing: Standing) -> int:
    """0 only when everybody has it who is to have it."""
    doubt = standing.tally[Outcome.REFUSED] + standing.tally[Outcome.UNCERTAIN]
    return 0 if standing.mailing.state is MailingState.FINISHED and not doubt else 3


def standing_json(standing: Standing) -> dict[str, Any]:
    """`refusals` are those of refused deliveries; why others are in doubt stands in `doubts`."""
    pending = standing.pending
    return mailing_json(standing.mailing, standing.tally) | {
        "refusals": dict(standing.refusals),
        "doubts": [_doubt_json(one) for one in standing.doubts],
        "pending": {
            "due": pending.due,
            "later": pending.later,
            "next_at": _moment(pending.next_at),
            "detail": pending.detail,
            "room_in_the_hour_at": _moment(standing.slow_until),
        },
        "accepted_in_last_minute": standing.rate,
        "sent_by": standing.holder or None,
    }


def _doubt_json(doubt: Doubt) -> dict[str, Any]:
    return {
        "deliveries": doubt.count,
        "first": doubt.first,
        "last": doubt.last,
        "attempt": doubt.attempt or None,
        "sender": doubt.sender or None,
        "provider_id": doubt.provider_id or None,
        "started_at": _moment(doubt.started_at),
        "since": _moment(doubt.since),
        "detail": doubt.detail,
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
