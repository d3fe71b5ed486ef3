"""A database as the first version left it, with something in every table; written through the tables that are there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import MetaData, create_engine, insert, select

from newsletter.store import upgrade

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.engine import Engine

THEN = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
AGREED, SHOWN = "Signed the paper form in October", "Yes, send me the letter"
_PRINT = "f" * 64


def _person(number: int, **facts: object) -> dict[str, object]:
    known = {
        "number": number,
        "public_id": f"reader-{number}",
        "identity_hash": f"{number:032x}",
        "address": f"reader{number}@example.org",
        "first_name": f"Ada {number}",
        "last_name": "Ünlü",
        "language": "de",
        "timezone": "Europe/Berlin",
        "attributes": {"city": "Köln", "age": number},
        "created_at": THEN + timedelta(days=number),
        "erased_at": None,
    }
    return known | facts


def _mailing(number: int, issue: str, state: str, **facts: object) -> dict[str, object]:
    known = {
        "number": number,
        "link_number": 7000 + number,
        "issue": issue,
        "fingerprint": _PRINT,
        "state": state,
        "sender": "outbox",
        "created_at": THEN,
        "started_at": THEN,
        "finished_at": None,
        "reason": "",
        "again": "",
        "again_serial": 0,
        "audience": 3,
        "lease_owner": "",
        "lease_generation": 2,
        "lease_until": None,
    }
    return known | facts


def _event(number: int, source: str, wording: str, **facts: object) -> dict[str, object]:
    known = {"number": number, "subscriber": 1, "list": 1, "action": "subscribed", "source": source, "wording": wording}
    return known | {"mailing": None, "at": THEN} | facts


_NOTHING = dict.fromkeys(("first_name", "last_name", "language", "timezone"), "")
#: revision -> table -> rows that its tables can hold from then on
ROWS: Mapping[str, Mapping[str, list[dict[str, Any]]]] = {
    "0001": {
        "facts": [{"name": "suppression key", "value": "a fingerprint"}],
        "lists": [
            {"number": 1, "name": "friends", "title": "Friends", "created_at": THEN},
            {"number": 2, "name": "runners", "title": "Runners", "created_at": THEN},
        ],
        "subscribers": [
            *(_person(number) for number in (1, 2, 3)),
            _person(4, public_id=None, identity_hash=None, address=None, attributes={}, erased_at=THEN, **_NOTHING),
        ],
        "subscriptions": [
            {"subscriber": 1, "list": 1, "status": "subscribed", "changed_at": THEN},
            {"subscriber": 2, "list": 1, "status": "unsubscribed", "changed_at": THEN},
            {"subscriber": 3, "list": 2, "status": "pending", "changed_at": THEN},
        ],
        "wordings": [{"hash": "a" * 64, "text": AGREED}, {"hash": "b" * 64, "text": SHOWN}],
        "consent_events": [
            _event(1, "import", "a" * 64),
            _event(2, "page", "b" * 64, at=THEN + timedelta(hours=1)),
            _event(3, "page", "b" * 64, subscriber=2, action="unsubscribed", mailing=1),
        ],
        "suppressions": [
            {"identity_hash": f"{9:032x}", "identity": None, "reason": "erased", "source": "by hand", "at": THEN},
            {"identity_hash": f"{2:032x}", "identity": "reader2@example.org", "reason": "complaint"}
            | {"source": "page", "at": THEN - timedelta(days=1)},
        ],
        "rendered": [
            {"fingerprint": _PRINT, "issue": "walking", "variant": "", "content": "{}", "sources_digest": "d"}
            | {"created_at": THEN}
        ],
        "images": [{"name": "a.png", "media_type": "image/png", "content": b"\x89PNG\x00"}],
        "mailings": [
            _mailing(1, "walking", "finished", finished_at=THEN),
            _mailing(2, "running", "sending", lease_owner="desk:1:1", lease_until=THEN),
        ],
        "mailing_lists": [{"mailing": 1, "list": 1}, {"mailing": 2, "list": 1}, {"mailing": 2, "list": 2}],
        "chunks": [
            {"number": number, "mailing": mailing, "first": first, "last": last, "variant": "", "state": state}
            | {"tries": 0, "not_before": None}
            for number, mailing, first, last, state in (
                (1, 1, 1, 3, "accepted"),
                (2, 2, 1, 1, "submitting"),
                (3, 2, 2, 3, "planned"),
            )
        ],
        "deliveries": [
            {"mailing": mailing, "n": n, "subscriber": n, "variant": ""} for mailing in (1, 2) for n in (1, 2, 3)
        ],
        "delivery_outcomes": [
            {"mailing": 1, "n": 2, "outcome": "excluded", "reason": "suppressed", "at": THEN},
        ],
        "issue_readers": [
            {"issue": "walking", "again_serial": 0, "subscriber": 1, "mailing": 1, "n": 1},
            {"issue": "running", "again_serial": 0, "subscriber": 3, "mailing": 2, "n": 3},
        ],
        "attempts": [
            {"id": "attempt-1", "chunk": 1, "sender": "outbox", "generation": 1, "started_at": THEN}
            | {"verdict": "accepted", "detail": "", "provider_id": "p", "answered_at": THEN},
            {"id": "attempt-2", "chunk": 2, "sender": "outbox", "generation": 2, "started_at": THEN}
            | {"verdict": None, "detail": "", "provider_id": "", "answered_at": None},
        ],
        "notices": [
            {"number": 1, "cause": "proof 1", "kind": "proof", "identity_hash": f"{1:032x}", "address": None}
            | {"fingerprint": _PRINT, "state": "accepted", "detail": "", "created_at": THEN, "answered_at": THEN}
        ],
    },
    "0002": {"mailing_variants": [{"mailing": 1, "variant": "runners", "fingerprint": _PRINT}]},
    "0003": {"mailing_waivers": [{"mailing": 1, "code": "a-b", "kind": "waived", "reason": "it must", "count": 2}]},
    "0004": {
        "tags": [{"number": 1, "key": "knee", "name": "Knee", "created_at": THEN}],
        "subscriber_tags": [{"tag": 1, "subscriber": 1}],
        "engagements": [{"subscriber": 1, "mailing": 1, "kind": "opened", "at": THEN}],
    },
    "0005": {
        "event_inbox": [{"number": 1, "esp": "sendgrid", "received_at": THEN, "fault": "", "body": b"[]"}],
        "event_queue": [{"report": 1}],
        "events": [
            {"at": THEN, "id": "one", "esp": "sendgrid", "kind": "delivered", "mailing": 1, "n": 1}
            | {"attempt": "attempt-1", "detail": "", "machine": False, "recorded_at": THEN}
        ],
        "fates": [{"mailing": 1, "n": 1, "fate": "delivered", "reason": "", "at": THEN}],
        "link_clicks": [
            {"mailing": 1, "url_hash": "a" * 64, "url": "https://example.org/", "people": 2, "machines": 1}
        ],
        "esp_suppressions": [{"esp": "sendgrid", "identity_hash": f"{3:032x}", "at": THEN, "told_at": None}],
    },
    "0006": {
        "corrections": [{"number": 1, "issue": "walking", "text": "Two hours.", "at": THEN, "withdrawn_at": None}],
        "leaving_reasons": [
            {"number": 1, "subscriber": 2, "mailing": 1, "code": "too-many", "words": "", "at": THEN},
        ],
        "former_fields": [{"subscriber": 1, "until": THEN, "fields": {"first_name": "Ana"}}],
        "api_keys": [
            {"number": 1, "name": "website", "prefix": "abc", "hash": "a" * 64, "scopes": "lists:read"}
            | {"created_at": THEN, "expires_at": None, "revoked_at": None, "used_at": None}
        ],
        "api_replays": [
            {"api_key": 1, "key": "b" * 64, "request": "c" * 64, "status": 200, "body": "{}", "at": THEN},
        ],
    },
}


def fill(url: str, revision: str = "0001") -> Engine:
    """An upgraded database of that revision with something in every table that it had; the caller disposes of it."""
    engine = create_engine(url)
    for step in upgrade.REVISIONS[: upgrade.REVISIONS.index(revision) + 1]:
        upgrade.upgrade(engine, step)
        add_rows(engine, step)
    return engine


def add_rows(engine: Engine, revision: str) -> None:
    there = reflected(engine)
    with engine.begin() as connection:
        for table in there.sorted_tables:
            for row in ROWS.get(revision, {}).get(table.name, ()):
                connection.execute(insert(table).values({name: _stored(engine, value) for name, value in row.items()}))


def contents(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, in the order of the keys."""
    with engine.connect() as connection:
        return {
            table.name: [
                dict(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
            ]
            for table in reflected(engine).sorted_tables
            if table.name != "alembic_version"
        }


def reflected(engine: Engine) -> MetaData:
    there = MetaData()
    there.reflect(engine)
    return there


def _stored(engine: Engine, value: object) -> object:
    """SQLite has no zones: a text without one is UTC."""
    return value.replace(tzinfo=None) if isinstance(value, datetime) and engine.dialect.name == "sqlite" else value
