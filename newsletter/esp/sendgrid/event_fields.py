"""Single fields of SendGrid's events, whatever is in them: texts, moments, numbers, ids. Nothing here raises."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from newsletter.model.event import NO_TIME
from newsletter.model.quoted import cleaned

if TYPE_CHECKING:
    from collections.abc import Mapping

#: SendGrid began in 2009: what is older is no time
_FIRST = datetime(2009, 1, 1, tzinfo=UTC)
#: a clock may be wrong by so much
_AHEAD = timedelta(days=1)
#: a unix time beyond this counts milliseconds
_MILLISECONDS = 100_000_000_000
_NUMBER = re.compile(r"\d{1,18}(?:\.\d{1,9})?")
_WHOLE = re.compile(r"[1-9]\d{0,9}")
_MOST = 2**31 - 1
_ID = re.compile(r"[!-~]{1,64}")
_ATTEMPT = re.compile(r"[0-9A-Za-z_-]{1,32}")
_NOT_SHOWN = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff]+")


def text(value: object) -> str:
    """A text without what no database keeps; nothing for anything else."""
    if not isinstance(value, str):
        return ""
    return value if value.isascii() and value.isprintable() else _NOT_SHOWN.sub(" ", value).strip()


def words(value: object, address: str) -> str:
    """What a server said of an address, without it."""
    return cleaned(value, address) if isinstance(value, str) else ""


def moment(value: object, received: datetime) -> datetime:
    """A unix time, also as a text, as a fraction or in milliseconds; NO_TIME for what can be none."""
    seconds = value if type(value) is int and value <= _MILLISECONDS else _seconds(value)
    if seconds is None:
        return NO_TIME
    try:
        found = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return NO_TIME
    return found if _FIRST <= found <= received + _AHEAD else NO_TIME


def _seconds(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        value = float(value) if _NUMBER.fullmatch(value.strip()) else None
    if not isinstance(value, int | float):
        return None
    return value / 1000 if value > _MILLISECONDS else value


def number(value: object) -> int | None:
    """A number from 1, as a text or as it is."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if 1 <= value <= _MOST else None
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return found if (found := int(value)) <= _MOST else None
    return None


def attempt(value: object) -> str:
    return value if isinstance(value, str) and _ATTEMPT.fullmatch(value) else ""


def event_id(entry: Mapping[str, Any]) -> str:
    """SendGrid's own; else a hash of what makes an event one."""
    given = entry.get("sg_event_id")
    if isinstance(given, str) and _ID.fullmatch(given):
        return given
    parts = (given, *(entry.get(name) for name in _MAKE_ONE))
    return hashlib.sha256("\n".join(map(repr, parts)).encode("utf-8", "replace")).hexdigest()


#: the delivery stands for its recipient, where it is one of ours
_MAKE_ONE = ("event", "sg_message_id", "smtp-id", "nl_attempt", "nl_delivery", "email", "timestamp", "url")
