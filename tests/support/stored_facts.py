"""People of tests/support/conditions.py, written into a database with all that is said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from newsletter.store import tables as t
from tests.support.conditions import BEGIN, LISTS, TAGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from newsletter.address.belonging import Facts

_FINGERPRINT = "0" * 64
#: in an order in which rows can refer to others
_TABLES = (
    *(t.lists, t.tags, t.rendered, t.subscribers, t.subscriptions, t.subscriber_tags),
    *(t.mailings, t.issue_readers, t.engagements),
)


def write(connection: Connection, facts: Sequence[Facts]) -> None:
    """The first person gets the number 1, and so on."""
    rows: dict[Any, list[dict[str, Any]]] = {table: [] for table in _TABLES}
    rows[t.lists] = [{"number": n, "name": f"list{n}", "title": "", "created_at": BEGIN} for n in LISTS]
    rows[t.tags] = [{"number": n, "key": key, "name": key, "created_at": BEGIN} for n, key in enumerate(TAGS, 1)]
    rows[t.rendered] = [
        {
            "fingerprint": _FINGERPRINT,
            "issue": "",
            "variant": "",
            "content": "",
            "sources_digest": "",
            "created_at": BEGIN,
        }
    ]
    for number, person in enumerate(facts, 1):
        _add(rows, number, person)
    for table, some in rows.items():
        if some:
            connection.execute(insert(table), some)


def _add(rows: dict[Any, list[dict[str, Any]]], number: int, person: Facts) -> None:
    rows[t.subscribers].append(
        {
            "number": number,
            "public_id": f"p{number}",
            "identity_hash": f"h{number}",
            "address": f"p{number}@example.org",
            "language": person.language,
            "attributes": dict(person.attributes),
            "tracking": person.tracking,
            "joined_at": person.joined_at,
            "created_at": BEGIN,
        }
    )
    rows[t.subscriptions] += [
        {
            "subscriber": number,
            "list": entry,
            "status": "subscribed" if entry in person.lists else ("pending", "unsubscribed")[entry % 2],
            "changed_at": BEGIN,
        }
        for entry in LISTS
    ]
    rows[t.subscriber_tags] += [{"tag": TAGS.index(key) + 1, "subscriber": number} for key in person.tags]
    for issue in sorted(person.sent):
        mailing = len(rows[t.mailings]) + 1
        rows[t.mailings].append(
            {
                "number": mailing,
                "link_number": mailing,
                "issue": issue,
                "fingerprint": _FINGERPRINT,
                "state": "finished",
                "sender": "outbox",
                "created_at": BEGIN,
                "started_at": person.mailed_at,
                "again_serial": mailing,
            }
        )
        rows[t.issue_readers].append(
            {"issue": issue, "again_serial": mailing, "subscriber": number, "mailing": mailing, "n": 1}
        )
        rows[t.engagements] += [
            {"subscriber": number, "mailing": mailing, "kind": kind, "at": BEGIN}
            for kind, seen in (("opened", person.opened), ("clicked", person.clicked))
            if issue in seen
        ]
