"""What a report of a mail server says became of a mail: its codes first, its words only where there are no codes."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.esp.hard_codes import HARD
from newsletter.model.event import EventKind
from newsletter.model.quoted import cleaned

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

#: what some servers say with no better code than 5.0.0
_NO_SUCH_MAILBOX = re.compile(
    r"(user|recipient|mailbox|address|account)\b.{0,40}\b(unknown|not found|does not exist|doesn't exist|invalid)"
    r"|(unknown|no such|invalid) (user|recipient|mailbox|address|account)",
    re.IGNORECASE,
)
_VAGUE = {"5.0.0", "5.3.0", "5.5.0"}
_CODE = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")

_GRAVITY = [
    *(EventKind.DELIVERED, EventKind.DEFERRED, EventKind.SOFT_BOUNCE, EventKind.HARD_BOUNCE, EventKind.COMPLAINED),
]


@dataclass(frozen=True, kw_only=True)
class Status:
    kind: EventKind
    detail: str = ""


def status_of(message: Message) -> Status | None:
    """What a report says, the gravest thing first; None for a mail that is no report."""
    found = [status for part in message.walk() for status in _in_part(part)]
    if found:
        return max(found, key=lambda one: _GRAVITY.index(one.kind))
    return _by_its_words(message)


def _in_part(part: Message) -> Iterator[Status]:
    kind = part.get_content_type()
    if kind == "message/delivery-status":
        blocks = part.get_payload()
        # the first block is about the report, each further one about a recipient (RFC 3464 section 2.1)
        yield from (_of_recipient(block) for block in blocks if not isinstance(block, str) and "action" in block)
    elif kind == "message/feedback-report":
        inner = part.get_payload()
        text = "".join(str(one) for one in inner) if isinstance(inner, list) else str(inner)
        if re.search(r"^feedback-type:\s*(abuse|fraud)\b", text, re.IGNORECASE | re.MULTILINE):
            yield Status(kind=EventKind.COMPLAINED, detail="a complaint, by the reader's provider")


def _of_recipient(block: Message) -> Status:
    action = str(block["action"]).strip().lower()
    said = re.sub(r"\s+", " ", str(block.get("diagnostic-code", ""))).strip()
    codes = _CODE.findall(f"{block.get('status', '')} {said}")
    whom = (str(block.get(name, "")).rpartition(";")[2] for name in ("final-recipient", "original-recipient"))
    detail = cleaned(" ".join(filter(None, (codes[0] if codes else "", said))), *whom)
    match action:
        case "failed":
            return Status(kind=_failure(codes, said), detail=detail)
        case "delayed":
            return Status(kind=EventKind.DEFERRED, detail=detail)
        case _:  # delivered, relayed, expanded: it went on
            return Status(kind=EventKind.DELIVERED, detail=detail)


def _failure(codes: list[str], said: str) -> EventKind:
    if any(code in HARD for code in codes):
        return EventKind.HARD_BOUNCE
    vague = all(code in _VAGUE for code in codes)
    return EventKind.HARD_BOUNCE if vague and _NO_SUCH_MAILBOX.search(said) else EventKind.SOFT_BOUNCE


def _by_its_words(message: Message) -> Status | None:
    """Servers that write no RFC 3464: `flufl.bounce` knows how they put it."""
    from flufl.bounce import all_failures

    # a detector that stumbles over a missing header tells of it in a log, at length, and is skipped
    logging.getLogger("flufl.bounce").disabled = True
    try:
        for_now, for_good = all_failures(message)
    except Exception:  # noqa: BLE001 - whatever it is: then the mail has no words that are known
        return None
    if for_good:
        return Status(kind=EventKind.HARD_BOUNCE, detail="by the words of the report")
    if for_now:
        return Status(kind=EventKind.DEFERRED, detail="by the words of the report")
    return None
