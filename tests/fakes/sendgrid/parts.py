"""Rules for what stands both at the top of a request and in its personalizations: people, headers, times."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.fakes.sendgrid.shapes import Complaint

RESERVED = {
    *("x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding"),
    *("to", "from", "subject", "reply-to", "cc", "bcc"),
}
_FURTHEST = 72 * 3600
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?=.{{1,253}}$)(?:{_LABEL}\.)+{_LABEL}")
#: what a header field may be called (RFC 5322)
_HEADER = re.compile(r"[!-9;-~]+")
_LONGEST_NAME = 255


def is_address(text: str) -> bool:
    """ASCII before and after the @."""
    return bool(_ADDRESS.fullmatch(text))


def person_complaints(person: Mapping[str, str], field: str, *, separators: bool = False) -> Iterator[Complaint]:
    """`separators`: whether its name may hold `;` and `,`; those of receivers may not."""
    if not is_address(person["email"]):
        yield f"{field}.email", f"Does not contain a valid address: {person['email']}"
    name = person.get("name", "")
    if re.search(r"[\x00-\x1f\x7f]" if separators else r"[;,\x00-\x1f\x7f]", name) or len(name) > _LONGEST_NAME:
        yield f"{field}.name", "The name contains invalid characters, or is too long."


def header_complaints(holder: Mapping[str, Any], field: str) -> Iterator[Complaint]:
    before = f"{field}." if field else ""
    for name, value in holder.get("headers", {}).items():
        if name.lower() in RESERVED:
            yield f"{before}headers.{name}", "This is a reserved header; it cannot be set."
        if not _HEADER.fullmatch(name):
            yield f"{before}headers.{name}", "This cannot be the name of a header."
        if not value or not re.fullmatch(r"[\t -~]*", value):
            yield f"{before}headers.{name}", "The value must be ASCII characters in one line, one at least."


def time_complaints(holder: Mapping[str, Any], field: str, now: float) -> Iterator[Complaint]:
    """A time in the past means now."""
    moment = holder.get("send_at", 0)
    if moment > now + _FURTHEST or moment < 0:
        yield f"{field}.send_at" if field else "send_at", "It must be a unix time no more than 72 hours ahead."
