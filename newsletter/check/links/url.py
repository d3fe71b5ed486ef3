"""A web address taken apart, and what is wrong with it: `https://exmaple,org` -> (what is wrong, what to do)."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from newsletter.check.links.tables import NO_ENDINGS, PLACEHOLDER_HOSTS
from newsletter.check.written.leftovers import LEFTOVER
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from urllib.parse import SplitResult

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_ENDING = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")
#: the last label but one of a host that stands for the author's own
_YOURS = re.compile(
    r"(?:your|my|ihre?|deine?|meine?|tu|su|mi|votre|mon)-?(?:own-?)?"
    r"(?:site|website|web|domain|domäne|seite|webseite|company|firma|sitio|dominio|link|url|page)"
)
_INSERT = re.compile(
    r"(?:insert|add|put|your|paste)[-_ ]?(?:the[-_ ]|your[-_ ]|a[-_ ])?(?:link|url|address)(?:[-_ ]?(?:goes[-_ ])?here)?|"
    r"(?:link|url)[-_ ](?:goes[-_ ])?here|link[-_ ]to[-_ ]come|placeholder|platzhalter|"
    r"link[-_ ]einf(?:ü|ue)gen|(?:hier[-_ ])?link[-_ ]hier|xxx+|\.{3,}|…|\[[^\[\]]{0,40}\]|<[^<>]{0,40}>|\{[^{}]{0,40}\}",
    re.IGNORECASE,
)
#: marks that are also the names of pages (the health insurance TK, tick-borne diseases): told where nothing stands around them
_LATER = re.compile(r"tbd|tba|todo", re.IGNORECASE)
#: joiners are part of Persian and Indian words
_UNSEEN = re.compile(r"[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_PASTED_TWICE = re.compile(r"(?<=[a-z0-9.])https?(?:://|%3a//)", re.IGNORECASE)
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
#: what a campaign adds to an address that has a query already
_SECOND_QUESTION = re.compile(r"\?[^?#]{0,1000}\?(?:utm_|mtm_|pk_)\w")
_MISTYPED_WWW = re.compile(r"(?:ww|wwww+|wwe|wvw|vvvvvv)(?=\.)")
_LAN = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home", ".corp", ".home.arpa")
#: alphabets with letters that look alike; those of one label must not be mixed (Unicode Technical Standard 39)
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})
#: Cyrillic and Greek letters that pass for Latin ones
_PASSING = frozenset("аеорсухѕіјһԁԛԝгѵӏԍқтвнкмοαρυνκτ")
_CLOSING = {")": "(", "]": "[", "}": "{", "»": "«", "”": "“", ">": "<"}
#: titles of articles that end so: Apple_Inc., Sportbund_e._V., Jeopardy!
_TITLE_END = re.compile(r"[_.][A-Z]\w{0,3}\.$|\w!$")
_SENTENCE = frozenset(".,;:!…'\"“”„»>)]}*|")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong with an address and what to do; `level` only where it differs from the rule's own."""

    message: str
    fix: str
    level: Level | None = None


@dataclass(frozen=True)
class Address:
    """An http or https address as it stands in the mail: pure ASCII."""

    url: str

    @cached_property
    def parts(self) -> SplitResult:
        try:
            return urlsplit(self.url)
        except ValueError:
            return urlsplit("https:")

    @cached_property
    def host(self) -> str:
        """In small letters, percent-encoding undone, without a dot at its end."""
        return unquote(self.parts.hostname or "").lower().rstrip(".")

    @cached_property
    def spoken_host(self) -> str:
        """As a reader knows it: `xn--...` undone."""
        return ".".join(_spoken(label) for label in self.host.split("."))

    @cached_property
    def ip(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
        try:
            return ipaddress.ip_address(self.host)
        except ValueError:
            return None

    @cached_property
    def port(self) -> int | None:
        try:
            return self.parts.port
        except ValueError:
            return 0

    @property
    def short(self) -> str:
        return self.url if len(self.url) <= 60 else f"{self.url[:57]}..."


def _spoken(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label.encode().decode("idna")
    except UnicodeError:
        return label


@lru_cache(maxsize=16_384)
def address_of(url: str) -> Address:
    return Address(url)


def placeholder(address: Address) -> Fault | None:
    """Marks such as TODO are told with all others of the text (check/written/leftovers.py)."""
    if is_leftover(address):
        return None
    labels = address.spoken_host.split(".")
    path = unquote(address.parts.path)
    stands_for = (
        (len(labels) == 1 and (labels[0] in PLACEHOLDER_HOSTS or _INSERT.fullmatch(labels[0])))
        or _LATER.fullmatch(path.strip("/"))
        or _LATER.fullmatch(address.parts.fragment)
        or not address.host.strip(".…")
        or (len(labels) > 1 and _YOURS.fullmatch(labels[-2]))
        or any(_INSERT.fullmatch(piece) for piece in path.split("/"))
        or _INSERT.fullmatch(address.parts.fragment)
    )
    if not stands_for:
        return None
    return Fault(
        message=f"`{address.short}` stands for an address that is still to come", fix="Put the real address in."
    )


def malformed(address: Address) -> Fault | None:
    host = address.host.rstrip(",;:!…'\"“”„»>)]}*|")
    if address.ip:
        return None
    if host in {"http", "https", "www"} or _PASTED_TWICE.search(address.url[8:]):
        return _broken(address, "holds a second address, or https:// twice", "Keep one https:// and one address.")
    if "." not in host:
        return _broken(address, f"has no full host: `{host}` has no dot", "Write it such as https://example.org/page.")
    return _bad_host(address, host) or _bad_rest(address)


def _bad_host(address: Address, host: str) -> Fault | None:
    *labels, ending = host.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels) or not _ENDING.fullmatch(ending):
        return _broken(address, f"has a host that cannot be: `{host[:60]}`", "Correct what stands before the first /.")
    if ending in NO_ENDINGS:
        return _broken(address, f"has a host that ends with `.{ending}`, which there is not", "Correct the ending.")
    if address.port == 0:
        return _broken(address, "has the port 0, which there is not", "Remove `:0`.")
    if _MISTYPED_WWW.match(host):
        fault = _broken(address, "does not begin with www., but nearly", "Write www. if that is meant.")
        return Fault(message=fault.message, fix=fault.fix, level=Level.WARNING)
    return None


def _bad_rest(address: Address) -> Fault | None:
    path = unquote(address.parts.path)
    if "\\" in path:
        return _broken(address, "has a backslash in it", "Write / instead.")
    if _UNSEEN.search(path):
        return _broken(address, "has a character in it that nobody sees", "Type it anew instead of pasting it.")
    if unquote(address.url).endswith((" ", "\xa0")):
        return _broken(address, "ends with a space", "Remove the space, or the %20 that stands for it.")
    if "&amp;" in address.url:
        return _broken(address, "has `&amp;` where & is meant", "Copy it anew from the address line of the browser.")
    if _SECOND_QUESTION.search(address.url):
        fault = _broken(address, "has a second ? where & is due", "Write & in place of the second one.")
        return Fault(message=fault.message, fix=fault.fix, level=Level.WARNING)
    if _BAD_PERCENT.search(address.url):
        fault = _broken(address, "has a % with no two digits after it", "Write %25 for a percent sign.")
        return Fault(message=fault.message, fix=fault.fix, level=Level.WARNING)
    return None


def _broken(address: Address, what: str, fix: str) -> Fault:
    return Fault(message=f"the link target `{address.short}` {what}", fix=fix)


def lookalike(address: Address) -> Fault | None:
    """Letters of two alphabets in one label, or a label in other letters that would all pass for Latin ones."""
    for label in address.spoken_host.split("."):
        if label.isascii():
            continue
        alphabets = {unicodedata.name(c, "?").split()[0] for c in label if c.isalpha()} & _ALIKE
        if len(alphabets) > 1 or (label.strip("0123456789-") and set(label) <= _PASSING | set("0123456789-")):
            mixed = f"`{label}` in the host has letters that only look like Latin ones"
            fix = "Type the address anew with a Latin keyboard; mail filters take such hosts for fraud."
            return Fault(message=f"{mixed}; it leads to `{address.host[:60]}`", fix=fix)
    return None


def private(address: Address) -> Fault | None:
    """Addresses that are reserved for examples are none of them (RFC 5737, RFC 3849)."""
    named = address.host == "localhost" or address.host.endswith(_LAN)
    if not named and not (address.ip and not address.ip.is_global and not _is_sample(address.ip)):
        return None
    fix = "Put in the address under which everybody reaches the page."
    return Fault(message=f"`{address.short}` can only be reached from inside your own network", fix=fix)


_SAMPLES = [ipaddress.ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")]


def _is_sample(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return any(ip in network for network in _SAMPLES)


def is_leftover(address: Address) -> bool:
    return bool(LEFTOVER.search(unquote(address.url)))


def is_lost(address: Address) -> bool:
    """So wrong that nothing else about it is worth telling."""
    return is_leftover(address) or any(judge(address) for judge in (placeholder, private, lookalike, malformed))


def stray_end(address: Address) -> str:
    """The punctuation at its end that belongs to the sentence around it. A query may end with what it encodes."""
    text = address.url if address.parts.query else unquote(address.url)
    end = text[-1:]
    if address.host.endswith(".wikipedia.org") and _TITLE_END.search(text):
        return ""
    if end not in _SENTENCE or (end in "'\"" and text.count(end) % 2 == 0):
        return ""
    opening = _CLOSING.get(end)
    return "" if opening and text.count(end) <= text.count(opening) else end
