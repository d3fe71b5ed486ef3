"""How long a mail is for Gmail, which cuts at 102 KB: the gauge, and the rules that read it.

Counted are the bytes of the HTML as they are sent to the reader with the longest fields, and, where a provider may count clicks,
what its longer addresses add. Images are files of their own and do not count. Gmail publishes no figure; this one is measured
(github.com/hteumeuleu/email-bugs/issues/41).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from html import unescape
from typing import TYPE_CHECKING

from newsletter.check.rulebook import Finding, mail_rule
from newsletter.model.problem import Level
from newsletter.model.rendered import LINK_SLOTS, Slot, slots_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.check.mail import Mail
    from newsletter.model.rendered import Rendered
    from newsletter.settings import Settings

#: Gmail shows about this much and hides the rest, the link to unsubscribe with it
CLIPPED_FROM = 102 * 1024
RED_FROM = 100 * 1024
HEAVY_FROM = 75 * 1024
#: what counting clicks adds to each link: the provider's address in place of ours
TRACKED_LINK = 250
#: senders whose requests switch it off (newsletter/esp); any other may do it by a setting of its account
_UNTRACKED = frozenset({"outbox", "sendgrid"})
#: twenty letters of a script that is written in numbers, such as `&#1488;`
_LONG_TEXT = 140
#: a path such as /u/ and a token
_PATH_AND_TOKEN = 35
_USUAL_BASE_URL = 55
_OTHER_FIELD = 20

_FIRST_SLOT = 0x10F000
_SLOT = re.compile(f"[{chr(_FIRST_SLOT)}-{chr(_FIRST_SLOT + 0xFFF)}]")
_LINK = re.compile(rf'<a\b[^<>]*?\bhref="(?:https?:|{_SLOT.pattern})', re.IGNORECASE)
_HEADING = re.compile(r"<h[1-3]\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


class Light(StrEnum):
    #: far from being cut
    GREEN = "green"
    #: long, and cut if it grows by a third
    AMBER = "amber"
    #: cut, or all but
    RED = "red"


@dataclass(frozen=True, kw_only=True)
class SectionWeight:
    """The bytes from one heading to the next; `title` is empty for what stands before the first."""

    title: str
    octets: int
    #: where it begins in the flat HTML (check/mail.py)
    offset: int


@dataclass(frozen=True, kw_only=True)
class SizeGauge:
    """The size of a mail's HTML. `octets` counts what tracking may add, which is `allowance`."""

    octets: int
    allowance: int
    links: int
    light: Light
    #: in reading order
    sections: tuple[SectionWeight, ...]

    @property
    def heaviest(self) -> tuple[SectionWeight, ...]:
        return tuple(sorted(self.sections, key=lambda one: one.octets, reverse=True)[:3])


def gauge(rendered: Rendered, settings: Settings | None = None) -> SizeGauge:
    """Without settings, addresses and fields are taken to be of usual length, and nothing to be tracked."""
    characters = {slot: chr(_FIRST_SLOT + number) for number, slot in enumerate(slots_of(rendered.html))}
    flat = "".join(characters[part] if isinstance(part, Slot) else part for part in rendered.html)
    sizes = {character: _longest(slot, settings) for slot, character in characters.items()}
    links = len(_LINK.findall(flat))
    allowance = links * TRACKED_LINK if settings and may_be_tracked(settings) else 0
    octets = _octets(flat, sizes) + allowance
    return SizeGauge(
        octets=octets,
        allowance=allowance,
        links=links,
        light=Light.RED if octets >= RED_FROM else Light.AMBER if octets > HEAVY_FROM else Light.GREEN,
        sections=tuple(_sections(flat, sizes)),
    )


def may_be_tracked(settings: Settings) -> bool:
    """Whether links may be replaced by longer ones on their way."""
    return settings.esp.name not in _UNTRACKED


def _longest(slot: Slot, settings: Settings | None) -> int:
    """The bytes of a slot for the reader whose value is longest."""
    if slot.name in LINK_SLOTS:
        base = len(settings.newsletter.base_url.encode()) if settings else _USUAL_BASE_URL
        return base + _PATH_AND_TOKEN
    return max(len(slot.fallback.encode("ascii", "xmlcharrefreplace")), _longest_value(slot.name, settings))


def _longest_value(name: str, settings: Settings | None) -> int:
    attribute = settings.attributes.get(name) if settings else None
    if attribute is None or attribute.type.value == "text":
        return _LONG_TEXT
    return max([_OTHER_FIELD, *(len(choice.encode("ascii", "xmlcharrefreplace")) for choice in attribute.choices)])


def _octets(flat: str, sizes: Mapping[str, int]) -> int:
    static = len(_SLOT.sub("", flat).encode())
    return static + sum(sizes[character] for character in _SLOT.findall(flat))


def _sections(flat: str, sizes: Mapping[str, int]) -> Iterator[SectionWeight]:
    headings = list(_HEADING.finditer(flat))
    starts = [0, *(heading.start() for heading in headings)]
    titles = ["", *(_title(flat, heading.end()) for heading in headings)]
    for title, start, end in zip(titles, starts, [*starts[1:], len(flat)], strict=True):
        if end > start:
            yield SectionWeight(title=title, octets=_octets(flat[start:end], sizes), offset=start)


def _title(flat: str, start: int) -> str:
    """The words of a heading, and of a very long one its beginning."""
    inside = flat[start : start + 1000].partition("</h")[0]
    words = " ".join(_SLOT.sub("...", unescape(_TAG.sub(" ", inside))).split())
    return words if len(words) <= 50 else f"{words[:47]}..."


@mail_rule("gmail-clip", Level.WARNING)
def html_is_not_clipped(mail: Mail) -> Iterator[Finding]:
    """A mail that Gmail cuts off.

    Gmail shows about the first 102 KB of a mail's HTML. The rest hides behind "View entire message", and with it the link to
    unsubscribe, which makes readers press "spam" instead; the styles for phones and dark mode may go as well. Counted is what the
    reader with the longest name gets, images excepted.

    Shorten the issue, or make two of it. The finding names the heaviest parts. Tables, lists of links and long lists of references
    weigh most for what they say.
    """
    measured = gauge(mail.rendered, mail.settings)
    if measured.octets > CLIPPED_FROM:
        what = f"{_told(measured, CLIPPED_FROM)}; Gmail cuts it at 102 KB and hides the end with the unsubscribe link"
        yield Finding(at=mail.issue.place("title"), message=what, fix=_shorten(mail, measured))


@mail_rule("mail-heavy", Level.WARNING)
def html_is_light(mail: Mail) -> Iterator[Finding]:
    """A mail that is nearly too long for Gmail.

    From 102 KB of HTML on Gmail cuts a mail off and hides the link to unsubscribe. This one has more than 75 KB: it is
    shown whole, but forwarding it or a few more paragraphs can change that.

    Shorten the issue, or make two of it. The finding names the heaviest parts.
    """
    measured = gauge(mail.rendered, mail.settings)
    if HEAVY_FROM < measured.octets <= CLIPPED_FROM:
        what = f"{_told(measured, HEAVY_FROM)}; from 102 KB on Gmail hides the end of it"
        yield Finding(at=mail.issue.place("title"), message=what, fix=_shorten(mail, measured))


def _told(measured: SizeGauge, limit: int) -> str:
    """What tracking adds is told where it makes the difference."""
    plain = measured.octets - measured.allowance
    if measured.allowance and plain <= limit:
        links = f"{measured.links} links, {TRACKED_LINK} bytes each"
        return f"the HTML has {_kilo(plain)}, and {_kilo(measured.octets)} once a provider counts clicks ({links})"
    return f"the HTML has {_kilo(measured.octets)}"


def _shorten(mail: Mail, measured: SizeGauge) -> str:
    named = []
    for one in measured.heaviest:
        line = mail.place(one.offset).line
        where = f", line {line}" if one.title and line else ""
        named.append(f"{_name(one)} ({_kilo(one.octets)}{where})")
    heavy = f" The heaviest parts: {', '.join(named)}." if len(named) > 1 else ""
    return f"Shorten the issue or split it in two; the text counts, images do not.{heavy}"


def _name(section: SectionWeight) -> str:
    return f'"{section.title}"' if section.title else "what stands before the first heading"


def _kilo(octets: int) -> str:
    return f"{octets / 1024:.0f} KB"


RULES = (html_is_not_clipped, html_is_light)
