"""Whether a word is known: to English, to the shipped lists, to the references, the settings or the workspace's glossary."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import combining, normalize

from newsletter.check.prose.british import american
from newsletter.check.prose.dictionary import common_words, shipped_words
from newsletter.check.prose.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.prose.words import Word
    from newsletter.check.rulebook import Content

_LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
#: what stands before a hyphen, or directly before a word
_PREFIXES = frozenset(
    """anti auto bio cardio co contra counter cross de electro endo epi extra hemi haemo hemo hyper hypo inter intra intro
    macro mega meta micro mid mini mono multi musculo neo neuro non ortho osteo over para peri poly post pre pro pseudo
    psycho quasi radio re retro semi socio sub super supra tele thermo trans tri ultra un under uni vaso""".split()
)
#: those that make a new word of any other without a hyphen, the longest first
_JOINED = (
    "musculo", "counter", "cardio", "hyper", "inter", "intra", "macro", "micro", "multi", "neuro", "super", "supra", "ultra",
    "anti", "extra", "hypo", "mini", "over", "peri", "post", "retro", "semi", "trans", "under", "non", "pre", "sub",
)  # fmt: skip
#: a shorter or rarer word behind a prefix may be there by chance: "pre" + "fered", "non" + "sence"
_BEHIND_PREFIX = 5
_COMMON_ENOUGH = 60
_CONTRACTED = frozenset({"ll", "d", "ve", "re", "s", "m", "t"})
#: the endings that make other forms of the shipped words: what stands at the end -> what stood there before
_ENDINGS = (("ically", "ic"), ("ically", "ical"), ("ies", "y"), ("es", ""), ("s", ""), ("'", ""))


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """`allowed` holds words in small letters that are right here; `written` those of the glossaries as they are written."""

    allowed: frozenset[str]
    written: frozenset[str]

    def knows(self, word: Word) -> bool:
        if word.hyphen_behind and word.small in _PREFIXES:
            return True
        return self._knows(word.text.rstrip("'"))

    def with_capital(self, small: str) -> str | None:
        """The word that is right with a capital only."""
        return small.capitalize() if small.capitalize() in self.written else None

    def _knows(self, text: str) -> bool:
        small = text.lower()
        return (
            self._has(text, small)
            or self._has(american(small), american(small))
            or self._is_contracted(small)
            or self._is_form(text, small)
            or self._has_prefix(small)
            or self._without_accents(small)
        )

    def _has(self, text: str, small: str) -> bool:
        if small in common_words() or small in self.allowed or small in self.written:
            return True
        return text in self.written or (text.isupper() and text.capitalize() in self.written)

    def _is_contracted(self, small: str) -> bool:
        stem, mark, end = small.rpartition("'")
        return bool(mark) and (len(stem) == 1 or (end in _CONTRACTED and self._has(stem, stem)))

    def _is_form(self, text: str, small: str) -> bool:
        """Plurals and adverbs of words that the lists have only in one form."""
        for end, before in _ENDINGS:
            if small.endswith(end) and len(small) > len(end) + 3:
                stem = text[: -len(end)] + before
                if stem in self.written or stem.lower() in self.written or stem.lower() in self.allowed:
                    return True
        # the dictionary lacks the plural of many a noun; a shorter stem may be there by chance
        return (
            len(small) > 6
            and small.endswith("s")
            and not small.endswith(("ss", "selfs"))
            and common_words().get(small[:-1], 0) >= _COMMON_ENOUGH
        )

    def _has_prefix(self, small: str) -> bool:
        for prefix in _JOINED:
            rest = small.removeprefix(prefix)
            if len(rest) >= _BEHIND_PREFIX and rest != small:
                return common_words().get(american(rest), 0) >= _COMMON_ENOUGH or rest in self.written
        return False

    def _without_accents(self, small: str) -> bool:
        """A word with an accent is foreign or a name: only one that is plain without it would be told, and that is right."""
        return small != "".join(c for c in normalize("NFD", small) if not combining(c))


def vocabulary(content: Content) -> Vocabulary:
    """What is right in this issue."""
    allowed = {plain(word[0]).lower() for text in _sources(content) for word in _LETTERS.finditer(text)}
    own = {plain(word[0]) for phrase in content.knowledge.words for word in _LETTERS.finditer(phrase)}
    possessives = {word[:-2] for word in allowed if word.endswith("'s")}
    return Vocabulary(allowed=frozenset(allowed | possessives), written=shipped_words() | own)


def _sources(content: Content) -> Iterator[str]:
    """The texts whose words are right because they are somebody's names or titles."""
    yield from content.whole.authors
    yield from _texts(content.settings.model_dump(mode="json"))
    for reference in content.references:
        yield from _texts(reference.csl)


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for part in value.values():
                yield from _texts(part)
        case list() | tuple():
            for part in value:
                yield from _texts(part)
        case _:
            return
