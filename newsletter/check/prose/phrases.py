"""Words that are real but wrong where they stand: "into to", "could of", "side affects". A spelling checker cannot see them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from newsletter.check.prose.languages import english
from newsletter.check.prose.runs import every_run
from newsletter.check.prose.wrong_phrases import WRONG
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.check.rulebook import Content

#: where a pattern may begin: at a word in small or capital letters
_WORD = re.compile(r"(?<![\w'’@./-])[a-z]+(?:['’][a-z]+)*", re.IGNORECASE)
#: in front of these the words may be right after all: "if it hurts more then the ..." lacks only a comma
_UNLESS_BEHIND = {
    "... than": re.compile(r"\b(?:if|when|once|unless|until|first|should|as soon as)\b[^.!?;:]{0,80}\Z", re.IGNORECASE),
    "it's": re.compile(r"\b(?:try|tries|tried|trying|do|does|did|doing|done|at)\s+\Z", re.IGNORECASE),
    "affects how": re.compile(
        r"(?:\b(?:the|side|adverse|these|those|its|their|after|any|no|of)|[,.;:])\s+\Z", re.IGNORECASE
    ),
    "may be": re.compile(
        r"(?:\A|[^\w\s]|\b(?:and|or|but|then|just|so|if|is|are|was|were|be|been|has|have|had|not|yet|only))\s*\Z",
        re.IGNORECASE,
    ),
}
_REACH = 100


@issue_rule("wrong-words", Level.WARNING)
def words_are_the_right_ones(content: Content) -> Iterator[Finding]:
    """Words that are spelled right but wrong where they stand.

    "Into to", "could of", "side affects", "more then ten": a spelling checker lets them pass, readers do not. English only.

    Bad:

        Look into to the options with your surgeon, since side affects are rare.

    Good:

        Look into the options with your surgeon, since side effects are rare.
    """
    if not english(content):
        return
    for run in every_run(content):
        for start, end, meant in wrong_phrases(run.text):
            shown = " ".join(run.text[start:end].split())
            message = f'"{shown}" is not right here'
            yield Finding(at=run.place(start), message=message, fix=f'It should probably be "{meant}".')


def wrong_phrases(text: str) -> Iterator[tuple[int, int, str]]:
    """Where each begins and ends, and what was meant. Only the patterns that begin with a word are tried at it."""
    end = 0
    for word in _WORD.finditer(text):
        key = word[0].lower().replace("’", "'")
        for pattern, meant in _by_first_word().get(key, ()) if word.start() >= end else ():
            if (found := pattern.match(text, word.start())) and not _is_right(text, found, meant):
                end = found.end()
                yield found.start(), end, meant
                break


def _is_right(text: str, found: re.Match[str], meant: str) -> bool:
    unless = _UNLESS_BEHIND.get(meant)
    return bool(unless and unless.search(text, max(0, found.start() - _REACH), found.start()))


@cache
def _by_first_word() -> Mapping[str, Sequence[tuple[re.Pattern[str], str]]]:
    grouped: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    for wrong, meant in WRONG:
        pattern = _pattern(wrong)
        for word in first_words(wrong):
            grouped.setdefault(word, []).append((pattern, meant))
    return grouped


def _pattern(wrong: str) -> re.Pattern[str]:
    """Whole words, what follows included."""
    body, looks, follows = wrong.partition("(?=")
    end = r"(?![\w@]|-\w)"
    if looks:
        end = looks + follows if follows == "[a-z])" else rf"(?=(?:{follows[:-1]})(?!\w))"
    return re.compile((body + end).replace(" ", r"\s+").replace("'", "['’]"), re.IGNORECASE)


def first_words(wrong: str) -> set[str]:
    """The words that a pattern of the table can begin with: of `(?:rest|stretch(?:es)?) to` "rest" and "stretch"."""
    group = re.match(r"\(\?:((?:[^()]|\([^()]*\))*)\)", wrong)
    first = re.sub(r"\([^()]*\)", "", group[1]).split("|") if group else [wrong]
    words = {re.match(r"[a-z']*s?\??", one.strip())[0] for one in first}  # type: ignore[index]
    return {form for word in words for form in ({word[:-2], word[:-1]} if word.endswith("?") else {word})}


RULES = (words_are_the_right_ones,)
