"""A rendered mail opened up for the checks: what a reader sees of the HTML, its links, and the author's place for each."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from newsletter.check.page import read_page
from newsletter.model.rendered import Slot, slots_of

if TYPE_CHECKING:
    from newsletter.check.page import Page
    from newsletter.model.disclaimer import Disclaimer
    from newsletter.model.issue import Issue
    from newsletter.model.problem import Place
    from newsletter.model.reference import Reference
    from newsletter.model.rendered import ImageFile, Origins, Parts, Rendered
    from newsletter.settings import Settings

#: each slot is one private character, so that the same slot is the same text in both parts
_FIRST_SLOT = 0x10F000
_SLOT_CHARACTER = re.compile(f"[{chr(_FIRST_SLOT)}-{chr(_FIRST_SLOT + 0xFFF)}]")


@dataclass(frozen=True, kw_only=True)
class Mail:
    """Everything that the rules about a rendered mail look at."""

    issue: Issue
    rendered: Rendered
    origins: Origins
    disclaimers: tuple[Disclaimer, ...]
    references: tuple[Reference, ...]
    settings: Settings
    images: tuple[ImageFile, ...] = ()

    @cached_property
    def html(self) -> str:
        return self._flat(self.rendered.html)

    @cached_property
    def text(self) -> str:
        return self._flat(self.rendered.text)

    @cached_property
    def page(self) -> Page:
        return read_page(self.html)

    @cached_property
    def squashed_html(self) -> str:
        return squashed("".join(shown.text for shown in self.page.shown))

    @cached_property
    def squashed_text(self) -> str:
        """The text part without the ` <url>` behind the words of links."""
        return squashed(re.sub(r"\s*<[^<>\s]+>", "", self.text))

    def place(self, offset: int) -> Place:
        """The author's place for an offset into the flat HTML."""
        without_slots = offset - bisect_left(self._slot_offsets, offset)
        return self.origins.at(without_slots) or self.issue.place("title")

    @cached_property
    def _slot_offsets(self) -> list[int]:
        return [found.start() for found in _SLOT_CHARACTER.finditer(self.html)]

    def slot(self, name: str) -> str:
        """The character that stands for a slot; "" where the mail has none of this name."""
        return self._characters.get(name, "")

    @cached_property
    def _characters(self) -> dict[str, str]:
        names = dict.fromkeys(slot.name for slot in slots_of(self.rendered.html, self.rendered.text))
        return {name: chr(_FIRST_SLOT + number) for number, name in enumerate(names)}

    def _flat(self, parts: Parts) -> str:
        return "".join(self._characters[part.name] if isinstance(part, Slot) else part for part in parts)


def squashed(text: str) -> str:
    """Without white space, emphasis marks and invisible characters: equal however the text is wrapped or marked up."""
    return re.sub(r"[\s*_\u00ad\u200b-\u200f\u2060\ufeff]", "", text)


def has_slot(text: str) -> bool:
    """Whether a flat text has a slot in it."""
    return bool(_SLOT_CHARACTER.search(text))
