"""What erasing a person meant, and texts without their address."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from newsletter.model.identity import identity

if TYPE_CHECKING:
    from collections.abc import Iterable

#: what stands in a text where an address was
GONE = "[erased]"
#: an @ as answers of providers write it
_ATS = ("@", "%40", "&#64;", "&#x40;", "\uff20")
_AT = f"(?:{'|'.join(_ATS)})"


@dataclass(frozen=True, kw_only=True)
class Erased:
    """`subscriber` is None where only the address was known, or not even that."""

    subscriber: int | None = None
    #: whether the address was to stay out already
    was_suppressed: bool = False
    #: the mailings that they were planned in: (mailing, n)
    deliveries: tuple[tuple[int, int], ...] = ()
    #: of these: being handed over at this moment
    in_flight: tuple[tuple[int, int], ...] = ()
    notices: tuple[int, ...] = ()

    @property
    def was_known(self) -> bool:
        return self.subscriber is not None or self.was_suppressed or bool(self.notices)


def redacted(text: str, addresses: Iterable[str]) -> str:
    """The text with each of the addresses taken out, in whatever capitals, form of the domain or encoding it stands."""
    for address in addresses:
        text = _pattern(address).sub(GONE, text)
    return text


def spellings(address: str) -> frozenset[str]:
    """The ways in which an address may be written, in the capitals that it has, encoded in a link or not."""
    return frozenset(
        f"{local}{at}{domain}" for local in _locals(address) for domain in _domains(address) for at in _ATS
    )


def _pattern(address: str) -> re.Pattern[str]:
    return re.compile(f"(?:{_any_of(_locals(address))}){_AT}(?:{_any_of(_domains(address))})", re.IGNORECASE)


def _locals(address: str) -> set[str]:
    local, _, _ = address.strip().rpartition("@")
    return {form for one in _forms(local) for form in (one, quote(one, safe=""), quote(one, safe="+"))}


def _domains(address: str) -> set[str]:
    """As it is given, in A-labels, in letters, and percent-encoded."""
    domain = address.strip().rpartition("@")[2]
    forms = _forms(domain)
    try:
        ascii_form = identity(address).rpartition("@")[2]
        forms |= {ascii_form, *_forms(ascii_form.encode().decode("idna"))}
    except (ValueError, UnicodeError):
        pass
    return forms | {quote(form) for form in forms}


def _forms(text: str) -> set[str]:
    return {text, unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)}


def _any_of(texts: set[str]) -> str:
    return "|".join(re.escape(text) for text in sorted(texts, key=lambda one: (-len(one), one)))
