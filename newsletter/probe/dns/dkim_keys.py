"""The DKIM key (RFC 6376) behind a selector: whether it is there, and whether it is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.probe.dns.asking import Outcome
from newsletter.probe.dns.words import one_line

if TYPE_CHECKING:
    from newsletter.probe.dns.asking import Dns


@dataclass(frozen=True, kw_only=True)
class DkimKey:
    #: where it is looked for
    name: str
    outcome: Outcome
    why: str = ""
    #: where the name leads, if it is an alias
    alias: str = ""
    bits: int = 0
    kind: str = ""
    #: an empty key takes back what it signed (RFC 6376 section 3.6.1)
    revoked: bool = False
    #: receivers are asked to treat its mail as unsigned
    testing: bool = False
    fault: str = ""


def name_of(selector: str, domain: str) -> str:
    return f"{selector}._domainkey.{domain}"


def look(dns: Dns, selector: str, domain: str) -> DkimKey:
    name = name_of(selector, domain)
    answer = dns.ask(name, "TXT")
    led = dns.ask(name, "CNAME")
    alias = led.records[0].lower() if led.records else ""
    keys = [one for one in answer.records if "p=" in one.replace(" ", "").lower()]
    if answer.outcome is not Outcome.FOUND or not keys:
        outcome = Outcome.NOTHING if answer.outcome is Outcome.FOUND else answer.outcome
        return DkimKey(name=name, outcome=outcome, why=answer.why, alias=alias)
    tags = _tags(keys[0])
    if not tags.get("p"):
        return DkimKey(name=name, outcome=Outcome.FOUND, alias=alias, revoked=True)
    bits, kind, fault = _measured(name, keys[0])
    testing = "y" in tags.get("t", "").lower().split(":")
    return DkimKey(name=name, outcome=Outcome.FOUND, alias=alias, bits=bits, kind=kind, testing=testing, fault=fault)


def _tags(record: str) -> dict[str, str]:
    pairs = (one.partition("=") for one in record.split(";"))
    return {tag.strip().lower(): "".join(value.split()) for tag, _, value in pairs if tag.strip()}


def _measured(name: str, record: str) -> tuple[int, str, str]:
    """Bits, kind and fault."""
    import dkim

    try:
        _key, bits, kind, _ = dkim.evaluate_pk(name, record)
    except dkim.DKIMException as why:
        return 0, "", one_line(str(why).partition(":")[0])
    except Exception as why:  # noqa: BLE001 - a record of others may be anything
        return 0, "", f"it cannot be read ({type(why).__name__})"
    return int(bits), bytes(kind).decode("ascii", "replace"), ""
