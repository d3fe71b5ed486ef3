"""Everything of an issue that a reader can come to see, piece by piece with its place: what policy and checks search.

A piece is a run of text that readers see as one: emphasis and links do not break it, paragraphs and cells do.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.model.document import (
    Citation,
    CodeBlock,
    Image,
    Link,
    TypedBlock,
    cited_keys,
    inlines_of,
    plain_text,
    plain_words,
    walk_blocks,
    walk_inlines,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletter.model.document import Block, Blocks, Inline
    from newsletter.model.issue import Issue
    from newsletter.model.problem import Place
    from newsletter.model.reference import Reference

Piece = tuple["Place", str]

#: fields of a CSL record whose words an author of ours may have left unfinished
_TITLES = ("title", "title-short", "container-title", "container-title-short", "collection-title", "publisher")
#: fields that no reference list shows
_NEVER_SHOWN = frozenset({"id", "type", "abstract", "keyword", "language", "note", "references", "source"})
#: the only markup that may live in a CSL text
_CSL_MARKUP = re.compile(r"</?(?:i|b|em|strong|sub|sup|sc|span)\b[^<>]*>", re.IGNORECASE)


def visible_pieces(issue: Issue, references: Iterable[Reference] = ()) -> Iterator[Piece]:
    """Front matter, variables, body and the cited ones of the references, in this order."""
    yield from front_matter_pieces(issue)
    yield from body_pieces(issue.body)
    for reference in _cited(issue, references):
        shown = (value for name, value in reference.csl.items() if name not in _NEVER_SHOWN)
        yield from ((reference.at, _CSL_MARKUP.sub("", unquote(text))) for value in shown for text in _texts(value))


def front_matter_pieces(issue: Issue) -> Iterator[Piece]:
    """What the inbox, the masthead and the byline show, and the author's own constants."""
    yield issue.place("title"), issue.title
    yield issue.place("subject"), plain_words(issue.subject)
    yield issue.place("preheader"), plain_words(issue.preheader)
    yield from ((issue.place("authors"), author) for author in issue.authors)
    yield from ((issue.place("variables"), value) for value in issue.variables.values())


def body_pieces(blocks: Blocks) -> Iterator[Piece]:
    """Texts, code, alt texts, attributes, words around citations and link targets (the text part shows them)."""
    for block in walk_blocks(blocks):
        yield from _own_pieces(block)
        for inlines in inlines_of(block):
            yield block.at, plain_text(inlines)
            for inline in walk_inlines(inlines):
                yield from _hidden_pieces(inline)


def _own_pieces(block: Block) -> Iterator[Piece]:
    match block:
        case CodeBlock():
            yield block.at, block.text
        case TypedBlock():
            for name, value in block.attributes.items():
                yield block.attribute_places.get(name, block.at), unquote(plain_words(value))


def _hidden_pieces(inline: Inline) -> Iterator[Piece]:
    """What plain_text does not hold."""
    match inline:
        case Link():
            yield inline.at, unquote(plain_words(inline.target))
        case Image():
            yield inline.at, unquote(plain_words(inline.source))
        case Citation():
            for item in inline.items:
                yield item.at, item.prefix
                yield item.at, item.suffix


def title_pieces(issue: Issue, references: Iterable[Reference] = ()) -> Iterator[Piece]:
    """The titles of the cited references: names of persons and numbers may look like anything."""
    for reference in _cited(issue, references):
        for name in _TITLES:
            yield reference.at, _CSL_MARKUP.sub("", str(reference.csl.get(name, "")))


def _cited(issue: Issue, references: Iterable[Reference]) -> Iterator[Reference]:
    cited = set(cited_keys(issue.body))
    return (reference for reference in references if reference.key in cited)


def _texts(value: object) -> Iterator[str]:
    """Every text within a field; the parts of a name as one."""
    match value:
        case str():
            yield value
        case list():
            yield from (text for part in value for text in _texts(part))
        case dict():
            yield " ".join(text for part in value.values() for text in _texts(part))
