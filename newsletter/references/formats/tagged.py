"""Tagged text (RIS, PubMed, EndNote's `%` lines): each line is a tag and a value; a value may go on in the next lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Tagged:
    """One tag with its value, the line it begins on, and its place among the tags of its entry."""

    tag: str
    line: int
    place: int
    #: joined once, at the end: a value may go on over very many lines
    pieces: list[str]

    @property
    def text(self) -> str:
        return " ".join(piece for piece in self.pieces if piece)


@dataclass
class TaggedEntry:
    """The tags of one entry."""

    line: int
    column: int = 1
    _by_tag: dict[str, list[Tagged]] = field(default_factory=dict)
    _last: Tagged | None = None
    _count: int = 0

    def add(self, tag: str, text: str, line: int) -> None:
        self._last = Tagged(tag, line, self._count, [text.strip()])
        self._count += 1
        self._by_tag.setdefault(tag, []).append(self._last)

    def go_on(self, text: str) -> None:
        """A further line of the last value."""
        if self._last:
            self._last.pieces.append(text.strip())

    def named(self, *tags: str) -> Iterator[Tagged]:
        """The fields with one of the tags that hold something, in the order of the file."""
        fields = [one for tag in tags for one in self._by_tag.get(tag, ())]
        return (one for one in sorted(fields, key=lambda one: one.place) if one.text)

    def all(self, *tags: str) -> list[str]:
        return [one.text for one in self.named(*tags)]

    def first(self, *tags: str) -> str:
        """The value of the first of these tags that is there."""
        return next((one.text for tag in tags for one in self._by_tag.get(tag, ()) if one.text), "")

    def line_of(self, *tags: str) -> int:
        return next((one.line for tag in tags for one in self._by_tag.get(tag, ()) if one.text), self.line)
