"""What the world did with each delivery: the gravest thing that is known (model/event.py:FATE_RANK), in whatever order it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, text, update

from newsletter.keys import NOTICES
from newsletter.model.event import FATE_GRAVITY, FATE_RANK, Fate
from newsletter.store import tables as t
from newsletter.store.events.rows import JsonRows, as_json, moment_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from newsletter.model.recording import Fated


def fates(connection: Connection, mailing: int) -> dict[Fate, int]:
    """How many deliveries of a mailing had which fate; those of which nothing was told yet are in none."""
    own = t.fates.c
    rows = connection.execute(select(own.fate, func.count()).where(own.mailing == mailing).group_by(own.fate))
    counts = {Fate(fate): count for fate, count in rows}
    return {fate: counts[fate] for fate in Fate if fate in counts}


def tell(connection: Connection, told: Sequence[Fated]) -> None:
    """Keep the fates that stand; each delivery once, in order of mailing and number."""
    if not told:
        return
    rows = JsonRows(connection)
    cells = (
        *(rows.number(rows.cell(place)) for place in (0, 1)),
        rows.cell(2),
        rows.cell(3),
        rows.moment(rows.cell(4)),
    )
    connection.execute(
        text(
            f"INSERT INTO fates (mailing, n, fate, reason, at) SELECT {', '.join(cells)} FROM {rows.lists} WHERE true "  # noqa: S608
            "ON CONFLICT (mailing, n) DO UPDATE SET fate = excluded.fate, reason = excluded.reason, at = excluded.at "
            f"WHERE {_STANDS}"
        ),
        {"rows": as_json([(one.mailing, one.n, one.fate, one.reason, moment_text(one.at)) for one in told])},
    )


def tell_of_notices(connection: Connection, numbers: Iterable[int]) -> None:
    """Keep what the stored events of these notices say: there are few, and their row has no place for a time."""
    event = t.events.c
    for number in numbers:
        known = select(event.kind, event.at).where(event.mailing == NOTICES, event.n == number)
        told = [(Fate(kind), at) for kind, at in connection.execute(known) if kind in {*Fate}]
        if told:
            fate, _ = max(told, key=lambda one: (FATE_RANK[one[0]], one[1], FATE_GRAVITY[one[0]]))
            connection.execute(update(t.notices).where(t.notices.c.number == number).values(fate=fate))


def _ordered(ranks: Mapping[Fate, int], column: str) -> str:
    cases = " ".join(f"WHEN '{fate}' THEN {rank}" for fate, rank in ranks.items())
    return f"CASE {column} {cases} ELSE -1 END"


def _key(row: str) -> str:
    """What fates are compared by; the words decide last, so that the order of telling never does."""
    return f"({_ordered(FATE_RANK, f'{row}.fate')}, {row}.at, {_ordered(FATE_GRAVITY, f'{row}.fate')}, {row}.reason)"


#: of a new fate beside the one that is known
_STANDS = f"{_key('excluded')} > {_key('fates')}"
