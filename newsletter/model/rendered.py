"""The finished issue for everybody: personal slots still open."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newsletter.model.problem import Place


class Context(StrEnum):
    """The kind of place a slot stands in: it decides how its value is escaped."""

    HTML = "html"
    ATTRIBUTE = "attribute"
    #: a whole URL within an HTML attribute; anything but http, https, mailto, tel is refused
    URL = "url"
    #: a piece of a URL: percent-encoded
    URL_PART = "url-part"
    TEXT = "text"
    #: a whole URL in the text part: as URL, but not HTML-escaped
    TEXT_URL = "text-url"
    HEADER = "header"


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A place in the rendered bytes that each reader's value goes into, or the fallback where there is none."""

    name: str
    context: Context
    fallback: str = ""


#: static pieces and slots in order
Parts = tuple["str | Slot", ...]

#: Names of the slots that each delivery fills with its own links; all others are fields of the subscriber.
UNSUBSCRIBE_URL = "unsubscribe_url"
PREFERENCES_URL = "preferences_url"
VIEW_URL = "view_url"
LINK_SLOTS = (UNSUBSCRIBE_URL, PREFERENCES_URL, VIEW_URL)


@dataclass(frozen=True, kw_only=True)
class ImageFile:
    """A published image: named by the hash of its source and size, so that an edit never changes a sent mail."""

    name: str
    media_type: str
    content: bytes = field(repr=False)
    #: what the author calls the file; for problems only, and not stored
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """Everything a reader receives. Same input and same package versions: same bytes, on every machine.

    `references` are the keys in the order of their numbers; `variant` is "" for readers in no segment, and `readers`
    are the memberships (names of segments and lists) of those who get it, sorted.
    """

    subject: Parts
    preheader: Parts
    html: Parts
    text: Parts
    from_name: str
    from_address: str
    reply_to: str
    language: str
    references: tuple[str, ...] = ()
    #: ids and versions of the disclaimers inside, such as ("general@1", ...)
    disclaimers: tuple[str, ...] = ()
    #: names of the images inside (their bytes are stored beside); each name holds the hash
    images: tuple[str, ...] = ()
    variant: str = ""
    readers: tuple[tuple[str, ...], ...] = ((),)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256, in hex, over everything a reader receives, slots and fallbacks included."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def to_json(self) -> str:
        """Canonical JSON: the form that is stored and hashed."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Rendered:
        data: dict[str, Any] = json.loads(text)
        for name in ("subject", "preheader", "html", "text"):
            data[name] = tuple(part if isinstance(part, str) else _slot(part) for part in data[name])
        for name in ("references", "disclaimers", "images"):
            data[name] = tuple(data[name])
        data["readers"] = tuple(tuple(members) for members in data.get("readers", [()]))
        return cls(**data)


def _slot(data: Mapping[str, str]) -> Slot:
    return Slot(name=data["name"], context=Context(data["context"]), fallback=data["fallback"])


def slots_of(*parts: Parts) -> Iterable[Slot]:
    """Every distinct slot of the given parts, in order."""
    return dict.fromkeys(part for piece in parts for part in piece if isinstance(part, Slot))


@dataclass(frozen=True, kw_only=True)
class Origins:
    """Which line of the author's each stretch of the rendered HTML comes from.

    `marks` are (offset, place) pairs by rising offset; an offset counts characters of the HTML with each slot
    counted as nothing. A mark holds until the next one.
    """

    marks: tuple[tuple[int, Place], ...]

    def at(self, offset: int) -> Place | None:
        """The author's place for an offset into the HTML, None before the first mark."""
        number = bisect_right(self.marks, offset, key=lambda mark: mark[0])
        return self.marks[number - 1][1] if number else None
