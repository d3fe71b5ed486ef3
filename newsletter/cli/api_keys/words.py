"""A key of the API in words and as JSON; never its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.model.api_key import ApiKey


def scopes_in_words(key: ApiKey) -> str:
    return ", ".join(sorted(key.scopes))


def key_json(key: ApiKey, now: datetime) -> dict[str, Any]:
    return {
        "name": key.name,
        "prefix": key.prefix,
        "scopes": sorted(key.scopes),
        "works": key.works_at(now),
        "created_at": key.created_at.isoformat(),
        "expires_at": _moment(key.expires_at),
        "revoked_at": _moment(key.revoked_at),
        "used_at": _moment(key.used_at),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
