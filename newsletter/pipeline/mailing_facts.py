"""A mailing and its numbers as commands (--json) and the API tell them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsletter.model.mailing import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.model.event import Fate
    from newsletter.model.mailing import Mailing, Tally
    from newsletter.model.waiver import Waiver
    from newsletter.store.audiences.engaged import Engaged


def mailing_json(mailing: Mailing, tally: Tally) -> dict[str, Any]:
    return {
        "mailing": mailing.number,
        "issue": mailing.issue,
        "lists": list(mailing.lists),
        "segments": list(mailing.segments),
        "excepted": list(mailing.excepted),
        "state": mailing.state.value,
        "sender": mailing.sender,
        "reason": mailing.reason,
        "paused_by": mailing.paused_by.value if mailing.paused_by else None,
        "again": mailing.again,
        "created_at": mailing.created_at.isoformat(),
        "started_at": _moment(mailing.started_at),
        "finished_at": _moment(mailing.finished_at),
        "latest_at": _moment(mailing.latest_at),
        "due_at": _moment(mailing.due_at),
        "start_by": _moment(mailing.start_by),
        "local_time": mailing.local_time or None,
        "held": mailing.held,
        "scheduled_by": mailing.scheduled_by,
        "recurrence": mailing.recurrence,
        "version": mailing.version,
        "fingerprint": mailing.fingerprint,
    } | tally_json(tally)


def tally_json(tally: Tally) -> dict[str, Any]:
    return {
        "audience": tally.audience,
        "outcomes": {outcome.value: tally[outcome] for outcome in Outcome},
        "sum": tally.total,
        "sum_holds": tally.holds,
        "exclusions": dict(tally.exclusions),
    }


@dataclass(frozen=True, kw_only=True)
class More:
    """What is told of one mailing only where somebody looks at it alone."""

    readers: Mapping[str, int]
    let_stand: Sequence[Waiver]
    fates: Mapping[Fate, int]
    engaged: Engaged
    #: sender -> how many it accepted
    through: Mapping[str, int]

    def as_json(self, mailing: Mailing) -> dict[str, Any]:
        return {
            "variants": {
                name: {"fingerprint": fingerprint, "audience": self.readers.get(name, 0)}
                for name, fingerprint in mailing.variants.items()
            },
            "accepted_through": dict(self.through),
            "waivers": [one.as_json() for one in self.let_stand],
            "fates": {fate.value: count for fate, count in self.fates.items()},
            "tracking": {
                "readers": self.engaged.readers,
                **{kind.value: count for kind, count in self.engaged.did.items()},
            },
        }


def read_more(connection: Connection, number: int) -> More:
    from newsletter.store import mailings, waivers
    from newsletter.store.audiences.engaged import engaged
    from newsletter.store.events.fates import fates
    from newsletter.store.ledger.carriers import accepted_through

    return More(
        readers=mailings.readers_by_variant(connection, number),
        let_stand=waivers.of_mailing(connection, number),
        fates=fates(connection, number),
        engaged=engaged(connection, number),
        through=accepted_through(connection, number),
    )


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
