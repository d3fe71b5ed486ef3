"""A rendered mail -> the facts that two of them are compared by, each with a name; and its bytes as one text.

A slot stands in the text as its author would write it: a change of its fallback is a change of the mail.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import TYPE_CHECKING

from newsletter.check.page import read_page
from newsletter.model.rendered import Context, Slot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.model.rendered import Parts, Rendered

_IN_HTML = frozenset({Context.HTML, Context.ATTRIBUTE, Context.URL, Context.URL_PART})


class Part(StrEnum):
    """What of a mail a change is in."""

    SUBJECT = "subject"
    PREHEADER = "preheader"
    #: what the readers' inboxes show as sender, and where their answers go
    SENDER = "sender"
    LANGUAGE = "language"
    READERS = "readers"
    TEXT = "text"
    HTML = "html"
    LINKS = "links"
    IMAGES = "images"
    REFERENCES = "references"
    DISCLAIMERS = "disclaimers"


#: what a fact is about, such as (LINKS, "https://example.org")
Subject = tuple[Part, str]


@dataclass(frozen=True, kw_only=True)
class Flat:
    """Rendered text in one piece. `slots` are (where it begins, its length) of each slot, in order."""

    text: str
    slots: tuple[tuple[int, int], ...]

    def without_slots(self, offset: int) -> int:
        """The offset that Origins counts by."""
        return offset - sum(min(length, offset - start) for start, length in self.slots if start < offset)


def flat(parts: Parts) -> Flat:
    text, slots, offset = [], [], 0
    for part in parts:
        piece = part if isinstance(part, str) else _shown(part)
        if isinstance(part, Slot):
            slots.append((offset, len(piece)))
        text.append(piece)
        offset += len(piece)
    return Flat(text="".join(text), slots=tuple(slots))


def facts_of(rendered: Rendered, sources: Mapping[str, str]) -> dict[Subject, str]:
    """Every fact but the text and the HTML. `sources` tells what the author calls the image of a published name."""
    memberships = ("+".join(one) or "readers in no segment" for one in rendered.readers)
    found = {
        (Part.SUBJECT, ""): flat(rendered.subject).text,
        (Part.PREHEADER, ""): flat(rendered.preheader).text,
        (Part.SENDER, "name"): rendered.from_name,
        (Part.SENDER, "address"): rendered.from_address,
        (Part.SENDER, "reply to"): rendered.reply_to,
        (Part.LANGUAGE, ""): rendered.language,
        (Part.READERS, ""): ", ".join(memberships),
        **_links_and_images(rendered, sources),
        **{(Part.REFERENCES, key): str(number) for number, key in enumerate(rendered.references, 1)},
        **{(Part.DISCLAIMERS, name): version for name, version in map(_disclaimer, rendered.disclaimers)},
    }
    return {subject: value for subject, value in found.items() if value}


def _links_and_images(rendered: Rendered, sources: Mapping[str, str]) -> dict[Subject, str]:
    """What the HTML leads to, and shows. An image is told by the names that it is published under, which hold its hash."""
    images: dict[str, list[str]] = {}
    for name in rendered.images:
        images.setdefault(sources.get(name, name), []).append(name)
    found: dict[Subject, str] = {}
    for element in read_page(flat(rendered.html).text).elements():
        link, image = (element.attributes.get(name, "").strip() for name in ("href", "src"))
        if element.tag == "a" and link and not link.startswith("#"):
            found[Part.LINKS, link] = link
        if element.tag == "img" and image and not image.endswith(rendered.images):
            images[image] = [image]  # one that we do not publish ourselves
    return {**found, **{(Part.IMAGES, what): " ".join(sorted(names)) for what, names in images.items()}}


def _disclaimer(marked: str) -> tuple[str, str]:
    name, _, version = marked.rpartition("@")
    return name, version


def _shown(slot: Slot) -> str:
    words = f'{{{{ {slot.name} | default("{slot.fallback}") }}}}' if slot.fallback else f"{{{{ {slot.name} }}}}"
    return escape(words) if slot.context in _IN_HTML else words
