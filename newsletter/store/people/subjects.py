"""What stood in the subject line of the mail that somebody was planned in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, and_, cast, select, type_coerce

from newsletter.model.rendered import Context, Slot
from newsletter.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from newsletter.model.rendered import Parts


def of_person(connection: Connection, number: int) -> dict[int, Parts]:
    """Mailing -> the subject of this person's variant, its slots still open."""
    variant, planned = t.mailing_variants.c, t.deliveries.c
    # only the subject is fetched: the rest of an issue is a hundred times longer
    read: Any = cast if connection.dialect.name == "postgresql" else type_coerce
    rows = connection.execute(
        select(planned.mailing, read(t.rendered.c.content, JSON)["subject"])
        .select_from(t.deliveries)
        .join(t.mailing_variants, and_(variant.mailing == planned.mailing, variant.variant == planned.variant))
        .join(t.rendered, t.rendered.c.fingerprint == variant.fingerprint)
        .where(planned.subscriber == number)
    )
    return {mailing: _parts(subject) for mailing, subject in rows}


def _parts(stored: Sequence[Any]) -> Parts:
    return tuple(
        part
        if isinstance(part, str)
        else Slot(name=part["name"], context=Context(part["context"]), fallback=part["fallback"])
        for part in stored
    )
