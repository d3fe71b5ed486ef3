"""The DKIM signatures of a mail: what each covers, and whether it holds. dkimpy verifies; the keys come from our look."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from newsletter.probe.dns.asking import Outcome
from newsletter.probe.dns.domains import plain
from newsletter.probe.dns.words import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newsletter.probe.dns.asking import Dns

#: further ones are not looked at
_MOST = 8
#: what is larger is no mail of ours, and would keep the library busy for hours: octets of the head, names in h=, spaces in
#: a row, octets of a key
_MOST_HEAD, _MOST_NAMES, _MOST_SPACES, _MOST_KEY = 256_000, 500, 300, 3_000
#: receivers take shorter keys for none (RFC 8301)
_LEAST_BITS = 1024
#: dkimpy tells on its logger what it found; nobody is to see parts of a mail
_silent = logging.Logger("newsletter.silent", level=logging.CRITICAL + 1)


class Verdict(StrEnum):
    HOLDS = "holds"
    BROKEN = "broken"
    #: the key was not asked for, or the DNS does not answer
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Signature:
    domain: str
    selector: str
    #: names of the headers that it covers, in small letters
    covers: frozenset[str]
    verdict: Verdict
    why: str = ""
    #: only the beginning of the body is covered (l=)
    partly: bool = False


def signatures(mail: bytes, fields: Sequence[str], dns: Dns | None) -> tuple[Signature, ...]:
    """`fields` are the values of the DKIM-Signature headers, in their order; without `dns` no key is asked for."""
    obstacle = _obstacle(mail)
    return tuple(_one(mail, at, field, dns, obstacle) for at, field in enumerate(fields[:_MOST]))


def _obstacle(mail: bytes) -> str:
    """Why a mail is not given to the library; empty where nothing stands in the way."""
    head = min((at for end in (b"\n\n", b"\n\r\n") if (at := mail.find(end)) >= 0), default=len(mail))
    if head > _MOST_HEAD:
        return "the head of the mail is larger than servers take"
    if b" " * _MOST_SPACES in mail.replace(b"\t", b" "):
        return "there are hundreds of spaces in a row in the mail"
    return ""


def _one(mail: bytes, at: int, field: str, dns: Dns | None, obstacle: str) -> Signature:
    tags = dict(_tags(field))
    if tags.get("h", "").count(":") > _MOST_NAMES:
        obstacle = "its h= names more headers than a mail has"
    if dns is None or obstacle:
        verdict, why = Verdict.UNKNOWN, obstacle or "its key was not asked for"
    else:
        verdict, why = _verified(mail, at, dns)
    return Signature(
        domain=plain(tags.get("d", "")),
        selector=tags.get("s", ""),
        covers=frozenset(name.strip().lower() for name in tags.get("h", "").split(":") if name.strip()),
        verdict=verdict,
        why=why,
        partly="l" in tags,
    )


def _tags(field: str) -> list[tuple[str, str]]:
    pairs = (one.partition("=") for one in field.split(";"))
    return [(tag.strip().lower(), re.sub(r"\s+", "", value)) for tag, _, value in pairs if tag.strip()]


def _verified(mail: bytes, at: int, dns: Dns) -> tuple[Verdict, str]:
    import dkim

    failures: list[str] = []
    try:
        signed = dkim.DKIM(mail, logger=_silent, minkey=_LEAST_BITS)
        holds = signed.verify(at, dnsfunc=_asking(dns, failures))
    except dkim.DKIMException as why:
        words = one_line(str(why).partition("(")[0])
        words = (
            words if words and "@" not in words else "it is not of the form of a signature"
        )  # it may quote an address
        return (Verdict.UNKNOWN, failures[-1]) if failures else (Verdict.BROKEN, words)
    except Exception as why:  # noqa: BLE001 - a mail of others may be anything
        return Verdict.BROKEN, f"it cannot be read ({type(why).__name__})"
    if holds:
        return Verdict.HOLDS, ""
    return (
        (Verdict.UNKNOWN, failures[-1])
        if failures
        else (Verdict.BROKEN, "it does not fit the mail, or its key is none")
    )


def _asking(dns: Dns, failures: list[str]) -> Callable[..., bytes | None]:
    """What dkimpy asks for keys; it cannot tell "no key" from "nobody answers", so the latter is noted."""

    def ask(name: bytes, timeout: float = 0) -> bytes | None:
        del timeout  # our look has its own
        answer = dns.ask(name.decode("ascii", "replace"), "TXT")
        if not answer.outcome.is_known:
            failures.append(f"its key could not be asked for: {answer.why}")
        key = answer.records[0].encode() if answer.outcome is Outcome.FOUND else b""
        return key if 0 < len(key) <= _MOST_KEY else None

    return ask
