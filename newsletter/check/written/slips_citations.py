"""Citations that are nearly right, so that readers see their signs: `[smith2020]`, `[@ smith2020]`, `[see@smith2020]`, `[1]`, `[^1]`."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from newsletter.check.rulebook import Finding, issue_rule
from newsletter.check.written.typed_text import typed_text
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from newsletter.check.rulebook import Content
    from newsletter.model.reference import Reference

_FORM = "Write [@key], with the key of the source; several as [@one; @two, p. 4]."
_NOT_A_LINK = r"(?![\[(:])"
_KEY = re.compile(rf"(?<![\\\]!])\[([^\W\d_][\w:.-]{{1,60}})\]{_NOT_A_LINK}")
#: what reference managers make: a name and a year
_NAMED = re.compile(r"[^\W\d_]{2,40}[-_:]?(?:19|20)\d\d[a-z]?")
_OPEN = re.compile(r"(?<!\\)\[-?@\w(?:[^\[\]]|\[[^\[\]]*\])*+")
_APART = re.compile(r"(?<!\\)\[-?@[ \t]{1,5}\w[^\[\]\n]{0,80}\]|\{-?@\w[\w:./-]{0,80}\}")
_LATEX = re.compile(r"\\(?:cite|citep|citet|autocite|footcite)\{[^{}\n]{1,100}\}")
_NUMBERED = re.compile(rf"(?<=[\w.,;!?)”\"*])[ \u00a0]?(\[\d{{1,2}}(?:[,–-] ?\d{{1,2}}){{0,5}}\]){_NOT_A_LINK}")
_GLUED = re.compile(r"(?<!\\)\[[^\[\]\n@]{0,80}\w@(\w[\w:.-]{1,60})[^\[\]\n]{0,80}\]")
_FOOTNOTE = re.compile(r"(?<=[\w.,;!?)”\"*])[ \u00a0]?(\[\^[\w-]{1,20}\])(?!:)")
#: in the sentence: a name with figures, as keys have and handles seldom
_BARE = re.compile(r"(?<![\w@\\/\[{;-])@([^\W\d_][\w:-]{1,60}?\d[\w:-]{0,20})(?![\w/@])")
#: so many of these are compared with all keys, and how like they must be
_MOST_BARE, _ALIKE = 20, 0.85
_CITED = re.compile(r"@[\w:.#/+-]+$")
_FENCE = re.compile(r"^[> \t]{0,40}:::.*$", re.MULTILINE)
_IN_ATTRIBUTE = re.compile(r"(?<!\\)\[[^\[\]\n\"]{0,80}@\w[^\[\]\n\"]{0,80}\]")


@issue_rule("citation-not-read", Level.WARNING)
def citations_are_read(content: Content) -> Iterator[Finding]:
    """A citation that is nearly right, so that readers see its signs and no number.

    A citation is a key with @ in square brackets: `[@smith2020]`. Without the @, without the closing bracket, with a space
    behind the @ or with a number that you give yourself it stays what it is, and the list of references may lack its
    source. Attributes of blocks are plain text and hold no citations.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references: refs.json
        ---

        Walking early helps [@ok2020], and so do stairs [ok2020].

        Rest does not [@ok2021.

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references: refs.json
        ---

        Walking early helps [@ok2020], and so do stairs [@ok2020].

        Rest does not [@ok2021].
    """
    library = content.knowledge.library
    if not content.references and not library:
        return
    keys = {reference.key for reference in content.references}
    typed = typed_text(content)
    bare = 0
    for begin, words in typed.runs():
        if content.references and ("[" in words or "{" in words):
            for offset, message, fix in sorted(_slips(words, lambda key: key in keys or bool(_NAMED.fullmatch(key)))):
                yield Finding(at=typed.at(begin + offset), message=message, fix=fix)
        for found in _BARE.finditer(words):
            if bare < _MOST_BARE and found[1] not in library and not _in_brackets(words, found.start()):
                bare += 1
                if near := _nearest(found[1], library):
                    message = f"{found[0]} is no citation, so readers see it as it stands"
                    yield Finding(at=typed.at(begin + found.start()), message=message, fix=f"Did you mean @{near}?")


def _in_brackets(words: str, at: int) -> bool:
    """A citation in brackets is read, and told, elsewhere."""
    start = max(0, at - 200)
    return words.rfind("[", start, at) > words.rfind("]", start, at)


def _nearest(key: str, library: Mapping[str, Reference]) -> str | None:
    folded = {known.casefold(): known for known in library}
    close = get_close_matches(key.casefold(), folded, n=1, cutoff=_ALIKE)
    return folded[close[0]] if close else None


def _slips(words: str, is_key: Callable[[str], bool]) -> Iterator[tuple[int, str, str]]:
    yield from _in_attributes(words)
    # the text of a block may stand directly below its first line
    words = _FENCE.sub(lambda fence: " " * len(fence[0]), words)
    yield from _half_citations(words, is_key)
    for found in (*_APART.finditer(words), *_LATEX.finditer(words)):
        yield found.start(), f"{found[0]} is no citation, so readers see it as it stands", _FORM
    yield from _own_numbers(words)


def _in_attributes(words: str) -> Iterator[tuple[int, str, str]]:
    for fence in _FENCE.finditer(words):
        for found in _IN_ATTRIBUTE.finditer(words, *fence.span()):
            message = f"a citation cannot stand in an attribute: {found[0]}"
            yield found.start(), message, "Move it into the text of the block."


def _half_citations(words: str, is_key: Callable[[str], bool]) -> Iterator[tuple[int, str, str]]:
    for found in _KEY.finditer(words):
        if is_key(found[1]):
            yield found.start(), f"{found[0]} is no citation, since the @ is missing", f"Write [@{found[1]}]."
    for found in _OPEN.finditer(words):
        if not words.startswith("]", found.end()):
            yield found.start(), f"this citation has no closing bracket: {found[0][:30]}", "Write ] behind the key."
    for found in _GLUED.finditer(words):
        if is_key(found[1]):
            yield found.start(), f"{found[0]} is no citation, since a space is missing before the @", _FORM


def _own_numbers(words: str) -> Iterator[tuple[int, str, str]]:
    for found in _FOOTNOTE.finditer(words):
        yield found.start(1), f"{found[1]} is no footnote here; readers see it as it stands", _FORM
    for found in _NUMBERED.finditer(words):
        # but for a locator: @smith2014 [12]
        if not _CITED.search(words, max(0, found.start() - 80), found.start()):
            message = f"{found[1]} is a number of your own; the sources get theirs by themselves"
            yield found.start(1), message, _FORM


RULES = (citations_are_read,)
