"""Marks that authors leave for themselves, placeholders and filler text: TODO, [NAME], XX.XX.2026, lorem ipsum."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from newsletter.check.rulebook import Finding, issue_rule
from newsletter.check.written.leftover_marks import PLACEHOLDER
from newsletter.check.written.prose import Finder, front_pieces, prose_pieces
from newsletter.model.problem import Level
from newsletter.model.visible import title_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content

LEFTOVER = re.compile(r"\b(?:TK(?:TK)*|TODO|FIXME|XXX+|(?i:lorem\s+ipsum))\b")
#: marks that are words somewhere: the health insurance TK; "todo", everything
_WORDS_IN = {"TK": {"de"}, "TODO": {"es", "pt", "gl"}}
#: abbreviations of one's own are explained once, as in "tick-borne disease (TBD)" or "thymidine kinase (TK)"
_EXPLAINED = {
    "TBD": re.compile(r"\bt\w{0,20}[- ]?b\w{0,20}[- ]?d\w{0,20} \(TBD\)", re.IGNORECASE),
    "TK": re.compile(r"\bt\w{0,20}[- ]?k\w{0,20} \(TK\)", re.IGNORECASE),
}
#: the Roman number of an event: "el XXX Congreso", "the games of the XXX Olympiad", "Super Bowl XXX"
_NUMERALS_IN = {"ca", "es", "fr", "gl", "it", "pt", "ro"}
_COUNTED = re.compile(
    r"\s+(?:[^\W\d_a-zà-þ]\w{4,30}|aniversari\w|anivers[áa]rio|anniversai?r\w{1,2}|edici[óo]n?|[ée]dition|edizione|edição|congr\w{2,4}|jornadas)\b"
)
#: characters shown on either side, so that the author finds the spot
_AROUND = 25
#: a web address is hardly longer
_ADDRESS = 2_000
_FIX = "Write what is meant to stand there, or remove it."


@issue_rule("text-leftover", Level.WARNING)
def nothing_is_left_over(content: Content) -> Iterator[Finding]:
    """A mark such as TODO, or a placeholder such as [NAME], that its author left for later.

    TK, TODO, FIXME, XXX, TBD, ???, "lorem ipsum", [INSERT ...], [NAME] and dates such as XX.XX.2026 stand for words that are
    still to be written. Readers see them as they stand. Write what is meant to stand there, or remove the mark. What stands in
    code is not looked at.

    Bad:

        We are open on TODO and on Fridays.

    Good:

        We are open on Mondays and on Fridays.
    """
    finder = Finder(content)
    issue, language = content.whole, content.whole.language.partition("-")[0].lower()
    explained = {mark for mark, pattern in _EXPLAINED.items() if pattern.search(content.source)}
    for at, text in chain(front_pieces(issue), prose_pieces(issue.body), title_pieces(issue, content.references)):
        for found in _marks(text):
            place = finder.place(at, found[0].partition("\n")[0])
            if found[0] not in explained and not _is_a_word(found, language):
                message = f'"{found[0]}" was left in the text: "{_around(text, found)}"'
                yield Finding(at=place, message=message, fix=_FIX)


def _marks(text: str) -> Iterator[re.Match[str]]:
    """Each mark once, in order."""
    done = 0
    both = chain(LEFTOVER.finditer(text), PLACEHOLDER.finditer(text))
    for found in sorted(both, key=lambda match: (match.start(), -match.end())):
        if found.start() >= done:
            done = found.end()
            yield found


def _is_a_word(found: re.Match[str], language: str) -> bool:
    """One of the language, a Roman number, or a piece of a web address that only looks like a mark."""
    text, mark = found.string, found[0]
    if language in _WORDS_IN.get(mark, ()):
        return text[found.end() : found.end() + 1] not in {":", "]"}
    if mark == "XXX":
        is_usual = language in _NUMERALS_IN and bool(_COUNTED.match(text, found.end()))
        return is_usual or text.endswith("Super Bowl ", 0, found.start()) or text.startswith(" Olymp", found.end())
    return mark == "tbd" and "://" in re.split(r"\s", text[max(0, found.start() - _ADDRESS) : found.start()])[-1]


def _around(text: str, found: re.Match[str]) -> str:
    """The leftover with whole words on either side."""
    before = text[max(0, found.start() - _AROUND) : found.start()]
    if found.start() > _AROUND:
        before = re.sub(r"^\S*\s", "… ", before)
    after = text[found.end() : found.end() + _AROUND]
    if len(text) - found.end() > _AROUND:
        after = re.sub(r"\s\S*$", " …", after)
    return " ".join(f"{before}{found[0]}{after}".split())


RULES = (nothing_is_left_over,)
