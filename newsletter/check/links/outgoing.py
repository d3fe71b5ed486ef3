"""The links of a mail for the rules about them: target, name as a reader hears it, and the author's place, found when asked for."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.check.mail import has_slot
from newsletter.check.seen.template_tags import place_of_tag
from newsletter.check.setting_places import place_of_setting
from newsletter.model.document import TypedBlock, plain_words, walk_blocks
from newsletter.model.telephone import dialled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.check.mail import Mail
    from newsletter.check.page import Element, LinkTarget
    from newsletter.model.problem import Place

_REFERENCE = re.compile(r"ref-(\d{1,6})")
#: what holds one entry of a list of references
_ENTRY = frozenset({"tr", "li", "p", "div", "dd"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
#: stands for a reader's value within an address
_ANY_VALUE = "x"


@dataclass(frozen=True, kw_only=True)
class Linked:
    """A link that leads out of the mail. `url` is its target with a letter for each reader's value."""

    url: str
    personal: bool
    link: LinkTarget

    @property
    def scheme(self) -> str:
        return self.url.partition(":")[0].lower()

    @cached_property
    def name(self) -> str:
        """What a screen reader says of it: its label, else its words and the descriptions of its images."""
        element = self.link.element
        if label := element.attributes.get("aria-label", "").strip():
            return label
        alts = [one.attributes.get("alt", "") for one in element.walk() if one.tag == "img"]
        return " ".join([element.words, *alts]).strip()


class Links:
    """The links of one mail."""

    def __init__(self, mail: Mail) -> None:
        self._mail = mail

    def __iter__(self) -> Iterator[Linked]:
        """Those whose address is known: without anchors, and without those that a reader's value gives as a whole."""
        for link in self._mail.page.links:
            if link.url and link.url[0] != "#" and not has_slot(link.url[0]):
                personal = has_slot(link.url)
                url = "".join(_ANY_VALUE if has_slot(one) else one for one in link.url) if personal else link.url
                yield Linked(url=url, personal=personal, link=link)

    def place(self, linked: Linked) -> Place:
        """Of the link in the text, of a block's `href`, or of the reference's entry in its file."""
        number = self._references.get(id(linked.link.element), 0)
        if number in self._entries:
            return self._entries[number]
        at = self._mail.place(linked.link.offset)
        if not at.line:
            key = self._settings.get(linked.link.url)
            if key:
                return place_of_setting(self._mail.issue, "sender", key)
            return place_of_tag(self._mail, linked.link.element)
        if at == self._mail.place(linked.link.offset - 1):  # no mark of its own: of a block, perhaps behind its content
            own = [place for place in self._hrefs_to.get(unquote(linked.link.url), []) if place.line <= at.line]
            return own[-1] if own else self._hrefs.get(at, at)
        return self._hrefs.get(at, at)

    def is_reference(self, linked: Linked) -> bool:
        return id(linked.link.element) in self._references

    @cached_property
    def _settings(self) -> Mapping[str, str]:
        """Target -> the key of [sender] that the template makes a link of."""
        sender = self._mail.settings.sender
        numbers = {f"tel:{dialled(phone)}": "phone" for phone in sender.phone}
        return {**numbers, sender.website or "": "website"}

    @cached_property
    def _hrefs(self) -> Mapping[Place, Place]:
        """A block's place -> its href's."""
        return {block.at: block.attribute_places["href"] for block in self._linking}

    @cached_property
    def _hrefs_to(self) -> Mapping[str, list[Place]]:
        """Target -> where hrefs of blocks name it, in reading order."""
        found: dict[str, list[Place]] = defaultdict(list)
        for block in self._linking:
            found[unquote(plain_words(block.attributes["href"]))].append(block.attribute_places["href"])
        return found

    @cached_property
    def _linking(self) -> list[TypedBlock]:
        blocks = (block for block in walk_blocks(self._mail.issue.body) if isinstance(block, TypedBlock))
        return [block for block in blocks if "href" in block.attributes and "href" in block.attribute_places]

    @cached_property
    def _entries(self) -> Mapping[int, Place]:
        """Number -> where the reference stands in its file."""
        places = {reference.key: reference.at for reference in self._mail.references}
        numbered = enumerate(self._mail.rendered.references, 1)
        return {number: places[key] for number, key in numbered if key in places}

    @cached_property
    def _references(self) -> Mapping[int, int]:
        """Links within the entries of the list of references -> number."""
        found: dict[int, int] = {}
        for element in self._mail.page.elements():
            match = _REFERENCE.fullmatch(element.attributes.get("id", ""))
            entry = _entry_of(element) if match and element.tag == "a" else None
            if match and entry:
                found |= {id(one): int(match[1]) for one in entry.walk() if one.tag == "a"}
        return found


def _entry_of(anchor: Element) -> Element | None:
    """None for the anchor of a heading, which may be called "Ref 1"."""
    around = next((one for one in anchor.up() if one.tag in _ENTRY or one.tag in _HEADINGS), None)
    return around if around and around.tag in _ENTRY else None
