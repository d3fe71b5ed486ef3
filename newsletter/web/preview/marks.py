"""The way from an author's line to the blocks of the rendered mail, and the HTML with each block marked by a number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from newsletter.model.rendered import Slot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.model.issue import Issue
    from newsletter.model.problem import Place
    from newsletter.model.rendered import Origins, Parts

_TAG = re.compile(r"<[A-Za-z][A-Za-z0-9]*")
_SETTINGS = "newsletter.toml"
#: keys of the front matter that show in an inbox and not in the mail
_INBOX = ("subject", "preheader")
#: a mark in the preview's copy of the mail
ATTRIBUTE = "data-at"


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where a problem shows: a block of the mail by its number, or the row in an inbox.

    `variant` is one that has the block, where the one that is looked at has not.
    """

    block: int | None = None
    in_inbox: bool = False
    variant: str | None = None


@dataclass(frozen=True, kw_only=True)
class Blocks:
    """The places of the blocks of all variants; a block has the number of its place, the same in each variant.

    `variants` are those that have a block, by its place.
    """

    places: Mapping[Place, int]
    variants: Mapping[Place, Sequence[str]]

    def spot(self, place: Place, looked_at: str) -> Spot:
        having = self.variants[place]
        return Spot(block=self.places[place], variant=None if looked_at in having else having[0])


def blocks_of(variants: Mapping[str, Origins]) -> Blocks:
    """The blocks of all variants of an issue, by the names of the variants."""
    having: dict[Place, list[str]] = {}
    for name, origins in variants.items():
        for place in dict.fromkeys(place for _, place in origins.marks):
            having.setdefault(place, []).append(name)
    return Blocks(places={place: number for number, place in enumerate(having)}, variants=having)


def marked(parts: Parts, origins: Origins, blocks: Blocks) -> Parts:
    """The HTML with ` data-at="N"` in the first tag of each block."""
    marks = [(offset, blocks.places[place]) for offset, place in origins.marks]
    return tuple(_marked(parts, marks))


def _marked(parts: Parts, marks: list[tuple[int, int]]) -> Iterator[str | Slot]:
    start = index = 0
    for part in parts:
        if isinstance(part, Slot):
            yield part
            continue
        pieces, done = [], 0
        while index < len(marks) and marks[index][0] < start + len(part):
            offset, number = marks[index]
            index += 1
            if tag := _TAG.match(part, offset - start):
                pieces += [part[done : tag.end()], f' {ATTRIBUTE}="{number}"']
                done = tag.end()
        yield "".join([*pieces, part[done:]])
        start += len(part)


def spot_of(place: Place, issue: Issue, blocks: Blocks, variant: str) -> Spot | None:
    """Where what is wrong at a place of the author's shows in the mail; None where it shows nowhere."""
    if place.file == str(issue.path):
        if place.line in _front_lines(issue):
            return _spot_of_key(place, issue, blocks, variant)
        found = _block_before(place, issue, blocks) if place.line else None
    else:
        found = _block_elsewhere(place, issue, blocks)
    return blocks.spot(found, variant) if found else None


def _spot_of_key(place: Place, issue: Issue, blocks: Blocks, variant: str) -> Spot | None:
    """A key of the front matter shows where it is poured into, and only there."""
    if any(place.line == issue.place(key).line for key in _INBOX if key in issue.places):
        return Spot(in_inbox=True)
    found = next((known for known in blocks.places if (known.file, known.line) == (place.file, place.line)), None)
    return blocks.spot(found, variant) if found else None


def _block_before(place: Place, issue: Issue, blocks: Blocks) -> Place | None:
    """The block that begins at the place, or last before it."""
    front = _front_lines(issue)
    own = (known for known in blocks.places if known.file == place.file and known.line not in front)
    return max((known for known in own if _position(known) <= _position(place)), key=_position, default=None)


def _block_elsewhere(place: Place, issue: Issue, blocks: Blocks) -> Place | None:
    """For a disclaimer or the settings, what comes from that file; any other file is taken for one of references."""
    there = [known for known in blocks.places if _same_file(known.file, place.file)]
    before = [known for known in there if _position(known) <= _position(place)]
    if there:
        return max(before, key=_position) if before else there[0]
    references = issue.places.get("references")
    return references if references in blocks.places else None


def _front_lines(issue: Issue) -> range:
    return range(1, max((place.line for place in issue.places.values()), default=0) + 1)


def _same_file(known: str, given: str) -> bool:
    return known == given or (known == _SETTINGS == PurePath(given).name)


def _position(place: Place) -> tuple[int, int]:
    return place.line, place.column
