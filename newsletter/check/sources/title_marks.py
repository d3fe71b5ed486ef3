"""Punctuation and code in a title: what printing cannot cure, because it cannot know what was meant."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from newsletter.check.sources.fields import text, words
from newsletter.check.sources.rule import found, source_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.knowledge import Knowledge
    from newsletter.check.rulebook import Finding
    from newsletter.model.reference import Reference

_TITLES = ("title", "title-short", "container-title", "container-title-short")
#: titles longer than this are looked at up to here, and not for what opens and never closes
_LONGEST = 2_000

_TWICE = re.compile(
    r",\s?[,;.:](?=\s|$)|;\s?[,;](?=\s|$)|:\s?[,;:](?=\s|$)|(?<!\.)\.\.(?!\.)|[?!]\.(?!\.)|[:;]\.(?=\s|$)"
)
_SPACED = re.compile(r"\s,(?=\s|$)|\s\.(?=\s|$)|[(\[]\s|\s[)\]]")
_LEADING = re.compile(r"[,;:.]\s")
_TRAILING = re.compile(r"[,;:]$|\s[-–—]$")
#: a full stop that belongs to the last word
_SHORTENED = re.compile(
    r"(?:\.\.\.|\b\w\.(?:\w\.)*|\b(?:etc|vs|al|inc|ltd|co|corp|jr|sr|st|no|vol|ed|eds|spp?|var|dr|prof|pt|approx|dept|univ|fig|ca|cf)\.)$",
    re.IGNORECASE,
)
_INTERVAL = re.compile(r"[\[(]\s?[\d.,−-]{1,12}\s?[,;]\s?[\d.,∞−-]{1,12}\s?[\])]")
_BRACKET = re.compile(r"[()\[\]]")
#: "a) first, b) second" opens nothing
_ITEM = re.compile(r"(?:^|[\s,;])\w{1,2}$")
_QUOTE = re.compile(r'(?<!\\)"|[“”„«»]')
#: perhaps inches or minutes
_INCHES = re.compile(r'(?<=\d)"')

_BRACES = re.compile(r"\{[^\W_][^{}]{0,20}\}?|[^\W_]\}")
_LATEX = re.compile(r"\\(?:[a-zA-Z]{2,20}|[&%$#_{}]|[\"'^~`=.]\{?\\?[a-zA-Z])")
#: names of elements that exports leave; any other `<` is a sign of mathematics
_TAG = re.compile(
    r"<(/?)(p|br|div|span|em|strong|i|b|u|sub|sup|italic|bold|scp|sc|title|small|font|a|li|ul|ol|h[1-6]|tt|inf|underline|roman)"
    r"(\s[^<>]{0,100})?/?>",
    re.IGNORECASE,
)
_ALLOWED = frozenset({"i", "b", "em", "strong", "sub", "sup"})
_SPAN = re.compile(r"class=\"nocase\"|style=\"font-variant: ?small-caps;\"")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)


@source_rule("reference-title-punctuation", Level.WARNING)
def titles_are_punctuated_once(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """Stray punctuation in a title.

    Two marks where one belongs, a space before a comma, a bracket or a quotation mark that has no partner: mostly
    left from copying. A full stop at the end is only information, since most styles print one there anyway.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: "Walking early after surgery , a trial (of 80 patients"
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early helps [@one].

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: "Walking early after surgery, a trial (of 80 patients)"
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early helps [@one].
    """
    del knowledge
    for field in _TITLES:
        title = words(reference, field)
        if title and (wrong := _stray(title)):
            yield found(reference, f'has {wrong} in its `{field}`: "{title[:80]}"', "Correct it as the source has it.")
        elif field == "title" and title.endswith(".") and not _SHORTENED.search(title[-20:]):
            yield found(reference, "has a full stop at the end of its title", "Leave it out.", Level.INFORMATION)


def _stray(title: str) -> str:
    """The first thing that is wrong, in words."""
    start = title[:_LONGEST]
    if twice := _TWICE.search(start):
        return f'"{twice[0]}"'
    if _SPACED.search(start):
        return "a space on the wrong side of a mark"
    if _LEADING.match(start) or _TRAILING.search(title[-3:]):
        return "a mark at the beginning" if _LEADING.match(start) else f'"{title[-1]}" at the end'
    if len(title) > _LONGEST:
        return ""
    if bracket := _lone_bracket(_INTERVAL.sub("", title)):
        return f'a "{bracket}" without its partner'
    quotes, inches = len(_QUOTE.findall(title)), len(_INCHES.findall(title))
    return "a quotation mark without its partner" if quotes % 2 and (quotes - inches) % 2 else ""


def _lone_bracket(title: str) -> str:
    open_ones = {")": 0, "]": 0}
    partners = {"(": ")", "[": "]"}
    for bracket in _BRACKET.finditer(title):
        if closing := partners.get(bracket[0]):
            open_ones[closing] += 1
        elif open_ones[bracket[0]]:
            open_ones[bracket[0]] -= 1
        elif not _ITEM.search(title[max(0, bracket.start() - 3) : bracket.start()]):
            return bracket[0]
    return next((opening for opening, closing in partners.items() if open_ones[closing]), "")


@source_rule("reference-title-markup", Level.WARNING)
def titles_hold_no_code(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """Code in a title.

    Braces and commands of LaTeX, tags and entities of HTML: readers would see them as they stand. Only `<i>`, `<b>`,
    `<sub>` and `<sup>` mean anything, and only where they are closed.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: "Walking {Early} after surgery"
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early helps [@one].

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking early after surgery
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early helps [@one].
    """
    del knowledge
    for field in (*_TITLES, "publisher"):
        title = text(reference, field)[:_LONGEST]
        if title and (code := _code(title)):
            yield found(
                reference, f"has `{code}` in its `{field}`", "Write the letters that it stands for, or leave it out."
            )


def _code(title: str) -> str:
    for pattern in (_BRACES, _LATEX):
        if code := pattern.search(title):
            return code[0]
    entity = next((one[0] for one in _ENTITY.finditer(title) if html.unescape(one[0]) != one[0]), "")
    return entity or _lone_tag(title)


def _lone_tag(title: str) -> str:
    """The first tag that means nothing: of an unknown name, with attributes, or without its partner."""
    waiting: list[re.Match[str]] = []
    for tag in _TAG.finditer(title):
        name, attributes = tag[2], (tag[3] or "").strip()
        if tag[1]:
            if not waiting or waiting[-1][2] != name:
                return tag[0]
            waiting.pop()
        elif (name in _ALLOWED and not attributes) or (name == "span" and _SPAN.fullmatch(attributes)):
            waiting.append(tag)
        elif not attributes or "=" in attributes or attributes == "/":
            return tag[0]
    return waiting[-1][0] if waiting else ""


RULES = (titles_are_punctuated_once, titles_hold_no_code)
