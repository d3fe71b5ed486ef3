"""Marks that authors leave for themselves, and filler text: TK, TODO, FIXME, XXX, lorem ipsum."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from newsletter.model.problem import warning
from newsletter.model.visible import body_pieces, front_matter_pieces, title_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.model.issue import Issue
    from newsletter.model.problem import Problem
    from newsletter.model.reference import Reference
    from newsletter.settings import Settings

LEFTOVER = re.compile(r"\b(?:TK(?:TK)*|TODO|FIXME|XXX+|(?i:lorem\s+ipsum))\b")
#: characters shown on either side, so that the author finds the spot
_AROUND = 25


def nothing_is_left_over(issue: Issue, references: Sequence[Reference], _: Settings) -> Iterator[Problem]:
    for at, text in chain(front_matter_pieces(issue), body_pieces(issue.body), title_pieces(issue, references)):
        for found in LEFTOVER.finditer(text):
            message = f'"{found[0]}" was left in the text: "{_around(text, found)}"'
            yield warning("text-leftover", at, message, "Write what is meant to stand there, or remove it.")


def _around(text: str, found: re.Match[str]) -> str:
    """The leftover with whole words on either side."""
    before = text[: found.start()]
    if len(before) > _AROUND:
        before = re.sub(r"^\S*\s", "… ", before[-_AROUND:])
    after = text[found.end() :]
    if len(after) > _AROUND:
        after = re.sub(r"\s\S*$", " …", after[:_AROUND])
    return " ".join(f"{before}{found[0]}{after}".split())


RULES = (nothing_is_left_over,)
