"""Are the headers of a delivered mail what receivers ask of a newsletter?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.pipeline.doctor.finding import Findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.pipeline.doctor.delivered import Delivered
    from newsletter.pipeline.doctor.finding import Finding

ONE_CLICK_AREA, HEADERS_AREA = "one-click", "headers"
_click, _head = Findings(ONE_CLICK_AREA), Findings(HEADERS_AREA)
_POST = "List-Unsubscribe=One-Click"
_ENTRY = re.compile(r"<([^<>]{1,4000})>")
_MESSAGE_ID = re.compile(r"<[^<>@\s]{1,400}@[^<>@\s]{1,250}>")
_ON_THE_WAY = "We write it; look what the provider or a server on the way made of it."


def one_click(mail: Delivered) -> Iterator[Finding]:
    fields = mail.values("List-Unsubscribe")
    posts = mail.values("List-Unsubscribe-Post")
    if not fields:
        words = "there is no List-Unsubscribe: mail programs offer no way to leave, and readers press spam instead"
        yield _click.wrong("unsubscribe-missing", words, f"{_ON_THE_WAY} Does subscription tracking replace it?")
        return
    if len(fields) > 1:
        words = f"there are {len(fields)} List-Unsubscribe headers, and one is allowed"
        yield _click.wrong("unsubscribe-several", words, "Turn the provider's own subscription tracking off.")
    schemes = [_scheme(entry) for entry in _ENTRY.findall(fields[0])]
    if "https" not in schemes:
        found = ", ".join(sorted({one or "something else" for one in schemes})) or "nothing in < >"
        words = f"List-Unsubscribe has no https address in < > ({found}), so one click cannot work"
        yield _click.wrong("unsubscribe-no-https", words, "Set newsletter.base_url to an https address.")
    if not posts:
        words = "there is no List-Unsubscribe-Post: the button of Gmail and Yahoo does not appear"
        yield _click.wrong("one-click-missing", words, _ON_THE_WAY)
    elif posts != [_POST]:
        words = f"List-Unsubscribe-Post is not exactly {_POST}"
        yield _click.wrong("one-click-differs", words, _ON_THE_WAY)
    elif "https" in schemes and len(fields) == 1:
        yield _click.ok("one-click", "the headers of one-click leaving are as RFC 8058 wants them")


def _scheme(entry: str) -> str:
    try:
        parts = urlsplit(entry.strip())
    except ValueError:
        return ""
    return parts.scheme.lower() if parts.netloc or parts.scheme.lower() == "mailto" else ""


def headers(mail: Delivered) -> Iterator[Finding]:
    found = [*_identity(mail), *_kind(mail)]
    yield from found
    if not found:
        yield _head.ok("headers", "From, Date, Message-ID and List-Id are there, each once")


def _identity(mail: Delivered) -> Iterator[Finding]:
    for name in ("From", "Date", "Message-ID", "Subject"):
        count = len(mail.values(name))
        if not count:
            yield _head.wrong("header-missing", f"there is no {name}: many receivers refuse that", _ON_THE_WAY)
        elif count > 1:
            yield _head.wrong("header-several", f"there are {count} {name} headers, and one is allowed", _ON_THE_WAY)
    if mail.values("From") and not mail.from_domain:
        yield _head.wrong(
            "from-broken", "From has no address that can be read", "Look at sender.name and sender.address."
        )
    elif len(mail.from_domains) > 1:
        yield _head.wrong("from-several", "From has several addresses", "A newsletter comes from one: sender.address.")
    ids = mail.values("Message-ID")
    if ids and not _MESSAGE_ID.fullmatch(ids[0]):
        yield _head.careful("message-id-broken", "Message-ID is not of the form <something@domain>", _ON_THE_WAY)


def _kind(mail: Delivered) -> Iterator[Finding]:
    if not mail.values("List-Id"):
        words = "there is no List-Id: mail programs cannot sort the newsletter, nor filters tell it from others"
        yield _head.careful("list-id-missing", words, _ON_THE_WAY)
    precedence = {value.lower() for value in mail.values("Precedence")}
    if precedence - {"bulk", "list"}:
        words = "Precedence is neither bulk nor list: some servers drop such mail, or answer it by machine"
        yield _head.careful("precedence", words, "Let whoever sets it write bulk, or leave it out.")
    if not mail.has_text:
        words = "there is no plain text part: some readers see nothing, and filters count it as a fault"
        yield _head.careful("text-missing", words, _ON_THE_WAY)
