"""What readers must have read before the first thing that they are asked to do: press a button, follow a link to an appointment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.model.document import Link, TypedBlock, inlines_of, plain_text, plain_words, walk_blocks, walk_inlines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsletter.check.claims.matching import Flag, Read
    from newsletter.check.claims.profile import ClaimRules
    from newsletter.model.document import Blocks
    from newsletter.model.problem import Place

#: a link is a call to action where its words or its address speak of an appointment
_ACTION = re.compile(
    r"\b(?:book|schedule|reserve|sign[ -]?up|register|enrol+|call (?:us|now|today)|appointments?|consult(?:ation)?s?|"
    r"buy|order|get started|claim your)\b",
    re.IGNORECASE,
)
_LONGEST_LABEL = 500


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A rule whose notice is not before the first call to action; `action` None where the issue has none."""

    flag: Flag
    action: Place | None


def first_action(blocks: Blocks) -> Place | None:
    """The first button, event with a link, or link that speaks of an appointment."""
    for block in walk_blocks(blocks):
        if isinstance(block, TypedBlock) and (
            block.name == "button" or (block.name == "event" and "href" in block.attributes)
        ):
            return block.at
        for inlines in inlines_of(block):
            for inline in walk_inlines(inlines):
                if isinstance(inline, Link) and _is_action(inline):
                    return inline.at
    return None


def missing(flags: Iterable[Flag], reads: Iterable[Read], rules: ClaimRules, blocks: Blocks) -> list[Missing]:
    """Each rule once, at the first sentence that needs its notice."""
    first: dict[str, Flag] = {}
    for flag in flags:
        if flag.rule.needs.notice:
            first.setdefault(flag.rule.id, flag)
    if not first:
        return []
    action = first_action(blocks)
    given = _given(reads, rules, action)
    return [Missing(flag=flag, action=action) for flag in first.values() if flag.rule.needs.notice not in given]


def _is_action(link: Link) -> bool:
    label = plain_text(link.content)[:_LONGEST_LABEL]
    return bool(_ACTION.search(label) or _ACTION.search(plain_words(link.target)[:_LONGEST_LABEL]))


def _given(reads: Iterable[Read], rules: ClaimRules, action: Place | None) -> set[str]:
    """The notices that stand in the text before the call to action."""
    given: set[str] = set()
    for one in reads:
        for notice in rules.notices.values():
            if notice.id in given or not one.has(notice.words):
                continue
            block = not notice.block or notice.block in one.statement.inside
            if block and _is_before(one.statement.place_at(0), action):
                given.add(notice.id)
    return given


def _is_before(place: Place, action: Place | None) -> bool:
    return action is None or (place.line, place.column) < (action.line, action.column)
