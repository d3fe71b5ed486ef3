"""Keys of the API. The text of a key is never stored: its prefix finds it, a hash proves it."""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING

from sqlalchemy import insert, or_, select, update

from newsletter.errors import ApiKeyNotFound
from newsletter.model.api_key import ApiKey, Scope, hash_of, key_text, prefix_of
from newsletter.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.engine import Connection

#: 12 digits and 43 characters
_PREFIX_BYTES, _SECRET_BYTES = 6, 32


def add(
    connection: Connection, name: str, scopes: Iterable[Scope], now: datetime, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """A new key and its text, which nobody can be shown again."""
    prefix = secrets.token_hex(_PREFIX_BYTES)
    text = key_text(prefix, secrets.token_urlsafe(_SECRET_BYTES))
    row = {
        "name": name,
        "prefix": prefix,
        "hash": hash_of(text),
        "scopes": " ".join(sorted(set(scopes))),
        "created_at": now,
        "expires_at": expires_at,
    }
    added = connection.execute(insert(t.api_keys).values(row).returning(*t.api_keys.c)).one()
    return _key(added), text


def every(connection: Connection) -> tuple[ApiKey, ...]:
    """Also those that work no more, in the order in which they were made."""
    return tuple(_key(row) for row in connection.execute(select(t.api_keys).order_by(t.api_keys.c.number)))


def revoke(connection: Connection, prefix: str, now: datetime) -> tuple[ApiKey, bool]:
    """End a key for good; whether it was not ended before.

    Raises:
        ApiKeyNotFound: no key begins so.
    """
    own = t.api_keys.c
    stopped = update(t.api_keys).where(own.prefix == prefix, own.revoked_at.is_(None)).values(revoked_at=now)
    changed = bool(connection.execute(stopped).rowcount)
    row = connection.execute(select(t.api_keys).where(own.prefix == prefix)).one_or_none()
    if row is None:
        raise ApiKeyNotFound(prefix)
    return _key(row), changed


def authenticated(connection: Connection, text: str, now: datetime) -> ApiKey | None:
    """The key of this text; None for one that is malformed, unknown, wrong, expired or revoked, whichever it is."""
    prefix = prefix_of(text)
    if prefix is None:
        return None
    row = connection.execute(select(t.api_keys).where(t.api_keys.c.prefix == prefix)).one_or_none()
    if row is None or not hmac.compare_digest(row.hash, hash_of(text)):
        return None
    key = _key(row)
    return key if key.works_at(now) else None


def is_noted(key: ApiKey, now: datetime) -> bool:
    """Whether it is known already that the key was used in this hour."""
    return key.used_at is not None and key.used_at >= _hour(now)


def note_use(connection: Connection, key: ApiKey, now: datetime) -> None:
    own = t.api_keys.c
    older = or_(own.used_at.is_(None), own.used_at < _hour(now))
    connection.execute(update(t.api_keys).where(own.number == key.number, older).values(used_at=_hour(now)))


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)


def _key(row: Row[tuple[object, ...]]) -> ApiKey:
    return ApiKey(
        number=row.number,
        name=row.name,
        prefix=row.prefix,
        scopes=frozenset(Scope(one) for one in row.scopes.split()),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        used_at=row.used_at,
    )
