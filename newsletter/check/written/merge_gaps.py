"""Merge tags whose empty fallback leaves a gap that readers see: "Dear ,"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.document import (
    Emphasis,
    LineBreak,
    Link,
    MergeTag,
    Strong,
    TypedBlock,
    inlines_of,
    plain_text,
    walk_blocks,
)
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletter.check.rulebook import Content
    from newsletter.model.document import Blocks, Inlines

    #: words and tags in order
    Run = list[str | MergeTag]

_MARKS = ",.!?;:"
#: French puts a space before these
_FRENCH = ",."


@issue_rule("merge-tag-gap", Level.WARNING)
def empty_fallbacks_leave_no_gap(content: Content) -> Iterator[Finding]:
    """A merge tag that leaves a gap for readers without that field, such as "Dear ,".

    The fallback is empty, and a comma or a full stop follows, so these readers see a space before it. Give a word as fallback.

    Bad:

        Dear {{ first_name | default("") }}, welcome to our autumn letter.

    Good:

        Dear {{ first_name | default("reader") }}, welcome to our autumn letter.
    """
    issue = content.whole
    marks = _FRENCH if issue.language.lower().startswith("fr") else _MARKS
    for run in (list(issue.subject), list(issue.preheader), *_runs(issue.body)):
        for tag, seen in _gaps(run, marks):
            message = f'a reader without `{tag.name}` would see "{seen}"'
            fix = f'Give a word as fallback, such as {{{{ {tag.name} | default("reader") }}}}, or write the sentence without it.'
            yield Finding(at=tag.at, message=message, fix=fix)


def _gaps(run: Run, marks: str) -> Iterator[tuple[MergeTag, str]]:
    for index, tag in enumerate(run):
        # one without any fallback is told where it is read
        if isinstance(tag, MergeTag) and tag.fallback is not None and not tag.fallback.strip():
            before, after = _words(run[max(0, index - 3) : index])[-30:], _words(run[index + 1 : index + 4])[:30]
            if after[:1] and after[0] in marks and (not before.strip() or before[-1].isspace()):
                yield tag, (before[before.rfind("\n") + 1 :].lstrip() + after[:1]).strip()


def _words(run: Iterable[str | MergeTag]) -> str:
    return "".join(piece if isinstance(piece, str) else piece.fallback or "" for piece in run)


def _runs(blocks: Blocks) -> Iterator[Run]:
    for block in walk_blocks(blocks):
        if isinstance(block, TypedBlock):
            yield from (list(words) for words in block.attributes.values())
        yield from (list(_flat(inlines)) for inlines in inlines_of(block))


def _flat(inlines: Inlines) -> Iterator[str | MergeTag]:
    for inline in inlines:
        match inline:
            case MergeTag():
                yield inline
            case Emphasis() | Strong() | Link():
                yield from _flat(inline.content)
            case LineBreak():
                yield "\n"
            case _:
                yield plain_text((inline,))


RULES = (empty_fallbacks_leave_no_gap,)
