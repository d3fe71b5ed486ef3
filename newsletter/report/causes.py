"""Why mails came back, in words: enhanced status codes (RFC 3463) put together, and what providers say without one."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsletter.model.event import Fate
    from newsletter.model.reporting import Returned

_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
OTHER = "other reasons"

NO_MAILBOX = "the address does not exist"
NO_DOMAIN = "the domain does not exist, or takes no mail"
OFF = "the mailbox is switched off or takes no mail"
FULL = "the mailbox is full"
TOO_LARGE = "the mail was too large"
NOT_REACHED = "their server was not reached, or was busy"
UNPROVEN = "not proven to be ours (SPF, DKIM, DMARC)"
UNWANTED = "refused as unwanted, or for our name"
THEIR_SYSTEM = "their mail system had a fault"
TALK = "the servers did not understand each other"
CONTENT = "their server did not take its content"
NOT_MOVED = "the reader has moved, or the address is not clear"

#: subject and detail of a code, the more exact first; an empty detail is any
_CODES = {
    ("1", "2"): NO_DOMAIN,
    ("1", "6"): NOT_MOVED,
    ("1", "4"): NOT_MOVED,
    ("1", "7"): UNPROVEN,
    ("1", "8"): UNPROVEN,
    ("1", "10"): NO_DOMAIN,
    ("1", ""): NO_MAILBOX,
    ("2", "2"): FULL,
    ("2", "3"): TOO_LARGE,
    ("2", ""): OFF,
    ("3", "4"): TOO_LARGE,
    ("3", ""): THEIR_SYSTEM,
    ("4", "4"): NO_DOMAIN,
    ("4", ""): NOT_REACHED,
    ("5", ""): TALK,
    ("6", ""): CONTENT,
    **{("7", detail): UNPROVEN for detail in ("9", "20", "21", "22", "23", "24", "25", "26", "27", "29", "509", "515")},
    ("7", ""): UNWANTED,
}
#: what providers say without a code, in small letters
_WORDS = (
    ("bounced address", "the provider knew that mail to it comes back, and did not send it"),
    ("unsubscribed address", "the provider knew that its reader wants no mail, and did not send it"),
    ("spam reporting address", "the provider knew that its reader reported our mail, and did not send it"),
    ("recipient list over", "our account at the provider was used up"),
    ("spam content", "the provider took it for spam, and did not send it"),
    ("invalid", "the provider took the address, or the request, for invalid"),
    ("full", FULL),
    ("quota", FULL),
    ("get mx", NO_DOMAIN),
    ("no such", NO_MAILBOX),
    ("does not exist", NO_MAILBOX),
    ("unknown user", NO_MAILBOX),
    ("user unknown", NO_MAILBOX),
    ("dial", NOT_REACHED),
    ("timed out", NOT_REACHED),
    ("timeout", NOT_REACHED),
    ("connect", NOT_REACHED),
    ("by the words of the report", "the mail that came back says so in words, without a code"),
)


@dataclass(frozen=True)
class Cause:
    fate: Fate
    words: str
    #: enhanced status codes that were among them
    codes: tuple[str, ...]
    mails: int


def code_in(said: str) -> str:
    """The first enhanced status code; empty where there is none."""
    found = _CODE.search(said)
    return found[0] if found else ""


def cause_of(said: str) -> str:
    if code := code_in(said):
        _, subject, detail = code.split(".")
        return _CODES.get((subject, detail)) or _CODES.get((subject, "")) or OTHER
    small = said.casefold()
    return next((words for part, words in _WORDS if part in small), OTHER)


def causes(returned: Iterable[Returned], fates: dict[Fate, int]) -> list[Cause]:
    """By fate and cause, the most frequent first. What `returned` does not hold of `fates` is told as other reasons."""
    counts: Counter[tuple[Fate, str]] = Counter()
    codes: dict[tuple[Fate, str], set[str]] = defaultdict(set)
    left = dict(fates)
    for one in returned:
        key = (one.fate, cause_of(one.words))
        counts[key] += one.count
        codes[key].update(filter(None, [code_in(one.words)]))
        left[one.fate] = left.get(one.fate, 0) - one.count
    for fate, count in left.items():
        if count > 0:
            counts[fate, OTHER] += count
    return [
        Cause(fate, words, tuple(sorted(codes[fate, words])), count)
        for (fate, words), count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    ]
