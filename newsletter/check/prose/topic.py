"""Parts of the body that do not belong to what an issue is about: mostly left from the letter that it was made from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.prose.body_parts import named_parts
from newsletter.check.prose.languages import english
from newsletter.check.prose.passages import Kind, passages
from newsletter.check.prose.sentences import sentences
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.document import Heading, plain_text, plain_words, walk_blocks
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.prose.sentences import Sentence
    from newsletter.check.rulebook import Content

_WORD = re.compile(r"\w+")
_REACH = 40
#: what makes a sentence one about treating the part, and not about standing on one foot
_CLINICAL = re.compile(
    r"\b(?:replacements?|resurfacing|arthroplast\w+|surger(?:y|ies)|surgical|operations?|implants?|prosthes[ie]s|arthritis"
    r"|osteoarthritis|cartilage|injections?|fractures?|tears?|repairs?|reconstruction|arthroscop\w+|tend[io]n\w*|ligaments?)\b",
    re.IGNORECASE,
)
#: words that compare or widen on purpose
_ON_PURPOSE = re.compile(
    r"\b(?:like|such as|as (?:with|in|after|for|on)|others?|also|too|compared|comparison|unlike|than|as well as|both|either|instead|"
    r"rather|elsewhere|"
    r"different\w*|similar\w*|same|offers?|speciali\w+|we treat|first used|everywhere|anywhere|body)\b",
    re.IGNORECASE,
)
#: the same directly before the part and directly behind it: "not the shoulder", "or shoulder", "shoulder and elbow"
_ADDED = re.compile(
    r"(?:\b(?:not|and|or|nor|but|only|just)|[,(/&])\s*(?:(?:the|a|an|your|any|in|of|for|after|with|on)\s+){0,3}\Z",
    re.IGNORECASE,
)
_ADDED_BEHIND = re.compile(r"(?:\s+\w+)?\s*(?:[/&]|\s(?:and|or)\b)", re.IGNORECASE)
#: a part that is spoken of more often is one of the topics
_MOST_STRAY = 1


@issue_rule("body-part-stray", Level.INFORMATION)
def body_parts_belong(content: Content) -> Iterator[Finding]:
    """One sentence about the treatment of a body part that the rest of the issue does not speak of.

    In a letter about the hip, "after shoulder replacement" is often left from the letter that it was made from. English only.

    Bad:

        ## Running after a hip operation

        After hip surgery you walk first. Your hip needs time. Most people drive six weeks after shoulder replacement.

    Good:

        ## Running after a hip operation

        After hip surgery you walk first. Your hip needs time. Most people drive six weeks after hip replacement.
    """
    topics = _topics(content) if english(content) else set()
    if not topics:
        return
    spoken: dict[str, list[tuple[Sentence, int]]] = {}
    for passage in passages(content):
        if passage.kind in {Kind.HEADING, Kind.RELATED}:
            continue
        for sentence in sentences(passage):
            for part, at in named_parts(sentence.text):
                spoken.setdefault(part, []).append((sentence, at))
    for part, places in spoken.items():
        sentence, at = places[0]
        strays = {id(one) for one, _ in places}
        named = {one for one, _ in named_parts(sentence.text)}
        if part in topics or len(strays) > _MOST_STRAY or named & topics:
            continue
        if _CLINICAL.search(sentence.text) and not _is_meant(sentence.text, at):
            about = " and ".join(sorted(topics))
            message = f"this sentence is about the {part}, and the issue about the {about}"
            fix = "Correct it if it was left from another letter; else all is well."
            yield Finding(at=sentence.place_at(at), message=message, fix=fix)


def _is_meant(text: str, at: int) -> bool:
    """Whether the sentence compares, or names the part beside others."""
    behind = _WORD.match(text, at)
    return bool(
        _ON_PURPOSE.search(text)
        or _ADDED.search(text, max(0, at - _REACH), at)
        or (behind and _ADDED_BEHIND.match(text, behind.end()))
    )


def _topics(content: Content) -> set[str]:
    """The parts that title, subject, topics and headings name."""
    issue = content.issue
    headings = (plain_text(block.content) for block in walk_blocks(issue.body) if isinstance(block, Heading))
    words = (issue.title, plain_words(issue.subject), plain_words(issue.preheader), *issue.topics, *headings)
    return {part for text in words for part, _ in named_parts(text)}


RULES = (body_parts_belong,)
