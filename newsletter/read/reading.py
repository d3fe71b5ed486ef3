"""What is at hand while one body is read: its lines, its masked tags, the known sources, and the list of problems."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from newsletter.model.document import MergeTag
from newsletter.model.problem import error, warning
from newsletter.read.merge_tags import Tag
from newsletter.read.numbered import Numbered, number_in
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.model.document import Words
    from newsletter.model.problem import Place
    from newsletter.read.links import Mistake
    from newsletter.read.merge_tags import Mask, MergeTags
    from newsletter.read.places import Lines


#: unknown keys for which the nearest is looked for: in a large library that takes a while
_MOST_GUESSES = 20


class Places(Protocol):
    """A position within inline content -> its place."""

    def at(self, position: int) -> Place: ...


@dataclass(frozen=True, kw_only=True)
class Reading:
    lines: Lines
    mask: Mask
    tags: MergeTags
    keys: frozenset[str]
    #: False when the references could not be read: then every key would be unknown, which is no news
    unknown_keys_matter: bool = True
    #: the sources by their numbers, for keys that are no keys
    numbered: Numbered = field(default_factory=lambda: Numbered({}))
    _told: set[tuple[str, Place | None]] = field(default_factory=set)
    _guesses: dict[str, str | None] = field(default_factory=dict)

    def error(self, code: str, at: Place, what: str, fix: str) -> None:
        self.tags.problems.append(error(code, at, what, fix))

    def warning(self, code: str, at: Place, what: str, fix: str) -> None:
        self.tags.problems.append(warning(code, at, what, fix))

    def too_deep(self, at: Place) -> None:
        """Told once: what follows from the first place is no news."""
        if ("deep", None) not in self._told:
            self._told.add(("deep", None))
            fix = "Take levels out; a mail is read on a small screen."
            self.error(
                "nesting-too-deep", at, "lists, quotes, blocks or emphasis are nested more than 20 deep here", fix
            )

    def unknown_key(self, key: str, at: Place, behind: str = "") -> None:
        """`behind` is what stands behind the key: the rest of an address, whose `https` was taken for the key."""
        if self.unknown_keys_matter:
            written = f"{key}{behind}" if behind.startswith("://") else key
            fix = f"{self._advice(key, written)} If it is no citation, write `\\@{key[:60]}`."
            self.error("citation-unknown", at, f"there is no reference `{written[:60]}`", fix)

    def _advice(self, key: str, written: str) -> str:
        """What to do about a key that nobody knows; often it is a number of the source."""
        if number := number_in(written):
            known = self.numbered.key_of(*number)
            add = f"newsletter references add {number[1]}"
            return f"Did you mean `@{known}`?" if known else f"Add it ({add}), and cite it by the key that this prints."
        if key not in self._guesses and len(self._guesses) < _MOST_GUESSES:
            self._guesses[key] = nearest(key, sorted(self.keys))
        guess = self._guesses.get(key)
        return f"Did you mean `@{guess}`?" if guess else "Add it to the references: newsletter references add DOI."

    def words(self, text: str) -> Words:
        """Masked text outside Markdown, such as an attribute."""
        return self.tags.words(self.mask, text)

    def address(self, masked: str, judge: Callable[[Words], Mistake | None]) -> tuple[Words, Mistake | None]:
        """A target or source, and what is wrong with it; nothing more where a merge tag in it is a mistake itself."""
        words = self.tags.address(self.mask, masked)
        tags = (piece for piece in self.mask.pieces(masked) if isinstance(piece, Tag))
        return words, judge(words) if all(self.tags.understands(tag) for tag in tags) else None

    def constant(self, words: Words, at: Place, where: str) -> str:
        """The text of words that must be the same for all readers."""
        if any(isinstance(word, MergeTag) for word in words):
            fix = "Take the merge tag out; it may stand in the text, in link targets and in block attributes."
            self.error("merge-tag-place", at, f"{where} cannot differ from reader to reader", fix)
        return "".join(word if isinstance(word, str) else (word.fallback or "") for word in words)
