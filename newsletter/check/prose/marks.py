"""Punctuation: a space missing behind a mark or standing before it, marks doubled, brackets that do not close."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.prose.languages import english
from newsletter.check.prose.passages import Kind
from newsletter.check.prose.runs import every_run
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content

#: a small word, a mark, and the next word at once; not example.org, e.g, p.m, or a file name
_NO_SPACE = re.compile(
    r"(?<![\w@/.:\\-])(?P<before>[a-zà-ÿ]{2,30}|[A-Z][a-zà-ÿ]{1,30}|\d{1,4}(?=[,;?!]))"
    r"(?P<mark>[.!?](?=[A-ZÀ-Þ][a-zà-ÿ]{1,30}\b(?![./@]))|[,;](?=[^\W\d_]{2,30}\b(?![./@=]))|\)(?=[a-z]{3,30}\b))"
    r"(?P<after>[^\W\d_]{1,30})"
)
#: endings of addresses and files, and names that have a point or a comma in them
_NAMES = frozenset("com org net edu gov info io co uk de eu ca pdf jpg png html md csv php js ai app".split())
_BEFORE = re.compile(r"(?<=[^\W\d_]) +(?:[,;](?!\S*[,;])|[.!?](?=\s|$)(?!\.))")
_DOUBLED = re.compile(r"(?<![.,])(?:,,|;;|\.\.(?!\.)|,\.|\.,(?=\s)|;,|,;|::|\?\.|!\.)(?=[\s\"'”’)]|$)")
#: behind these a full stop is their own: "etc., and"
_ABBREVIATED = re.compile(
    r"(?:\b(?:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Ave|Rd|Blvd|No|Fig|min|hr"
    r"|etc|al|e\.g|i\.e|a\.m|p\.m|vs|Jr|Sr|Inc|Ltd|Co|Corp|St|Dr|M\.D|Ph\.D|approx|U\.S|[A-Z]))$"
)
_LONGEST_ABBREVIATION = 12
_BRACKET = re.compile(r"[()\[\]]")
_LONGEST_NUMBER = 6
_PAIRS = {")": "(", "]": "["}
#: what a bracket without a partner may end: a smiley, or the number of a list such as "a)"
_RIGHTLY = re.compile(r"(?:[:;]-?|(?<!\w)(?:[a-z]|\d{1,2}|[ivx]{1,4}))$")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")


@issue_rule("mark-space-missing", Level.WARNING)
def marks_have_a_space_behind(content: Content) -> Iterator[Finding]:
    """A full stop or comma with the next word at once behind it.

    Often left from pasting: "the knee.Then". It also keeps mail programs from breaking the line, and some turn "knee.Then"
    into a link.

    Bad:

        Bend the knee.Then stretch it,slowly.

    Good:

        Bend the knee. Then stretch it, slowly.
    """
    for run in every_run(content):
        for found in _NO_SPACE.finditer(_ADDRESS.sub(_blank, run.text)):
            if found["after"].lower() in _NAMES or found["before"].lower() in _NAMES | {"www"}:
                continue
            message = f'there is no space behind the mark in "{found[0]}"'
            fix = f'Write "{found["before"]}{found["mark"]} {found["after"]}".'
            yield Finding(at=run.place(found.start()), message=message, fix=fix)


@issue_rule("mark-space-before", Level.INFORMATION)
def marks_have_no_space_before(content: Content) -> Iterator[Finding]:
    """A space before a comma, full stop, question or exclamation mark.

    The mark can slip to the next line, alone. English only: French has such spaces.

    Bad:

        Bend the knee , then stretch it .

    Good:

        Bend the knee, then stretch it.
    """
    if not english(content):
        return
    for run in every_run(content):
        for found in _BEFORE.finditer(run.text):
            mark = found[0].strip()
            message = f'there is a space before "{mark}"'
            yield Finding(at=run.place(found.start()), message=message, fix="Remove the space.")


@issue_rule("mark-doubled", Level.WARNING)
def marks_stand_once(content: Content) -> Iterator[Finding]:
    """Two marks where one should be: ",,", "..", ",." and the like.

    Mostly left when a sentence was changed. Three full stops are an ellipsis and stay.

    Bad:

        Bend the knee,, then stretch it..

    Good:

        Bend the knee, then stretch it... slowly, etc., as you like.
    """
    for run in every_run(content):
        for found in _DOUBLED.finditer(run.text):
            before = run.text[max(0, found.start() - _LONGEST_ABBREVIATION) : found.start()]
            if found[0].startswith(".") and found[0] != ".." and _ABBREVIATED.search(before):
                continue
            message = f'"{found[0]}": two marks where one should be'
            yield Finding(at=run.place(found.start()), message=message, fix="Remove the one that is too much.")


@issue_rule("bracket-unpaired", Level.INFORMATION)
def brackets_are_paired(content: Content) -> Iterator[Finding]:
    """A bracket that is not closed, or closes nothing.

    Readers wait for its other half. Lists such as "a) ... b) ..." and smileys are let be.

    Bad:

        Bend the knee (slowly, then stretch it.

    Good:

        Bend the knee (slowly), then stretch it. First a) the left, then b) the right.
    """
    for run in every_run(content):
        if run.kind is not Kind.LABEL and (at := _unpaired(run.text)) is not None:
            message = f'"{run.text[at]}" has no other half in this paragraph'
            yield Finding(at=run.place(at), message=message, fix="Add the other half, or remove this one.")


def _unpaired(text: str) -> int | None:
    """Where the first bracket without a partner stands."""
    opened: list[int] = []
    for found in _BRACKET.finditer(text):
        at = found.start()
        if found[0] in _PAIRS and opened and text[opened[-1]] == _PAIRS[found[0]]:
            opened.pop()
        elif not _RIGHTLY.search(text, max(0, at - _LONGEST_NUMBER), at):
            if found[0] in _PAIRS:
                return at
            opened.append(at)
    return opened[0] if opened else None


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


RULES = (marks_have_a_space_behind, marks_have_no_space_before, marks_stand_once, brackets_are_paired)
