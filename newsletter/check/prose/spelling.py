"""Words that no dictionary knows: told once each, with the nearest words that there are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from newsletter.check.prose.dictionary import one_edit_away, rank, two_edits_away
from newsletter.check.prose.languages import english
from newsletter.check.prose.passages import passages
from newsletter.check.prose.vocabulary import vocabulary
from newsletter.check.prose.words import words_of
from newsletter.check.prose.wrong_phrases import WRONG_WORDS
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.check.written.prose import Finder, inbox_pieces
from newsletter.model.document import Image, TypedBlock, every_inline, plain_words, walk_blocks
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsletter.check.prose.vocabulary import Vocabulary
    from newsletter.check.prose.words import Word
    from newsletter.check.rulebook import Content
    from newsletter.model.problem import Place

#: attributes of blocks that readers read, and that are no names
_READ = ("title", "alt", "caption", "role")
#: at most as many words are told; a text with more is in another language, or no text
_MOST = 50
#: words that are looked up two edits away, which takes ten milliseconds each
_FAR_LOOKED_UP = 6
#: a word with a capital is a name, unless it is this long, stands once and is near a word this common
_NAME_LENGTH = 7
_NAME_RANK = 1_500
#: so many of them are looked at
_MOST_NAMES = 200
_OFFERED = 3
#: words as short as this are near to something, whatever they are
_SHORT = 4
#: but two swapped letters of a word as common as "the" or "with" are a slip
_EVERYWHERE = 100_000


@dataclass(kw_only=True)
class _Unknown:
    word: Word
    place: Callable[[], Place]
    count: int


@issue_rule("word-misspelled", Level.WARNING)
def words_are_in_a_dictionary(content: Content) -> Iterator[Finding]:
    """A word that is in no dictionary.

    Each word is told once. English is looked at in American and British spelling, with a glossary of clinical terms; the words
    of the cited references, of the authors and of the settings are right. A word that only your practice uses belongs into the
    workspace's `glossary.txt`. Where the check may well be wrong - a word with a capital, or one that nothing is near - it is
    information. `spelling = false` in the section `[prose]` of newsletter.toml turns it off.

    Bad:

        The ligament heals within six weeks after the operaton.

    Good:

        The ligament heals within six weeks after the operation.
    """
    if not content.settings.prose.spelling or not english(content):
        return
    known = vocabulary(content)
    far, told = _FAR_LOOKED_UP, 0
    for unknown in _unknown_words(content, known):
        if told == _MOST:
            return
        small = unknown.word.small
        near = one_edit_away(small)
        if unknown.word.is_capitalised and not (near and rank(near[0]) >= _NAME_RANK):
            continue
        told += 1
        clear = not unknown.word.is_capitalised and _is_clear(small, near)
        if name := known.with_capital(small):
            near = (name,)
        elif not near and far:
            far -= 1
            near = two_edits_away(small)
        yield Finding(
            at=unknown.place(),
            message=_message(unknown),
            fix=_fix(unknown.word, near[:_OFFERED]),
            level=None if clear else Level.INFORMATION,
        )


def _unknown_words(content: Content, known: Vocabulary) -> list[_Unknown]:
    """Each unknown word once, in the order of appearance, as far as it is worth a look."""
    seen: dict[str, _Unknown | None] = {}
    found: list[_Unknown] = []
    for word, place in _words(content):
        if word.text not in seen:
            other = seen.get(word.small) or seen.get(word.small.capitalize())
            new = None if other or _is_fine(word, known) else _Unknown(word=word, place=place, count=0)
            found += [new] if new else []
            seen[word.text] = new or (other if other and not _is_fine(word, known) else None)
        if unknown := seen[word.text]:
            unknown.count += 1
    names = [one for one in found if one.word.is_capitalised and _may_be_a_slip(one)][:_MOST_NAMES]
    looked_at = set(map(id, names))
    return [one for one in found if not one.word.is_capitalised or id(one) in looked_at]


def _is_fine(word: Word, known: Vocabulary) -> bool:
    """The rule `wrong-words` tells what to write instead of the wrong ones that it knows."""
    return word.small in WRONG_WORDS or known.knows(word)


def _words(content: Content) -> Iterator[tuple[Word, Callable[[], Place]]]:
    """Every word that readers see, and how to find its place."""
    finder = Finder(content)
    for at, text in _pieces(content):
        for word in words_of(text):
            yield word, partial(finder.place, at, word.written)
    for passage in passages(content):
        for word in words_of(passage.text):
            yield word, partial(passage.place, word.at)


def _pieces(content: Content) -> Iterator[tuple[Place, str]]:
    """What stands outside the running text: title, subject, preheader, descriptions of pictures, titles of blocks."""
    yield from ((at, words) for _, at, words in inbox_pieces(content.whole))
    for block in walk_blocks(content.whole.body):
        if isinstance(block, TypedBlock):
            shown = ((name, block.attributes[name]) for name in _READ if name in block.attributes)
            yield from ((block.attribute_places.get(name, block.at), plain_words(value)) for name, value in shown)
    yield from ((one.at, one.alt) for one in every_inline(content.whole.body) if isinstance(one, Image))


def _is_clear(small: str, near: tuple[str, ...]) -> bool:
    """Whether it is hardly a word that the lists only lack."""
    if not near:
        return False
    return len(small) > _SHORT or (sorted(near[0]) == sorted(small) and rank(near[0]) >= _EVERYWHERE)


def _may_be_a_slip(unknown: _Unknown) -> bool:
    return unknown.count == 1 and len(unknown.word.text) >= _NAME_LENGTH


def _message(unknown: _Unknown) -> str:
    often = "" if unknown.count == 1 else f", which stands here {unknown.count} times,"
    return f'"{unknown.word.text}"{often} is in no dictionary'


def _fix(word: Word, near: tuple[str, ...]) -> str:
    keep = "If it is right, add it to the workspace's glossary.txt."
    if not near:
        return f"Look at its spelling. {keep}"
    offers = [_as(word, one) for one in near]
    listed = ", ".join(offers[:-1]) + f" or {offers[-1]}" if len(offers) > 1 else offers[0]
    return f"Did you mean {listed}? {keep}"


def _as(word: Word, near: str) -> str:
    """The nearest word with the capitals of the one that it replaces."""
    if word.text.isupper():
        return near.upper()
    return near.capitalize() if word.is_capitalised else near


RULES = (words_are_in_a_dictionary,)
