"""Inlines -> plain text, not yet wrapped: `label <url>`, `[1-3]`, `*strong*`, `_emphasis_`, `[alt]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.document import (
    Citation,
    Code,
    Emphasis,
    Image,
    LineBreak,
    Link,
    MergeTag,
    Strong,
    Text,
)
from newsletter.model.rendered import Context
from newsletter.render.links import link_target
from newsletter.render.numbers import UNKNOWN

if TYPE_CHECKING:
    from newsletter.model.document import Inline, Inlines
    from newsletter.render.numbers import CitationMark
    from newsletter.render.scope import Scope


def text_inlines(inlines: Inlines, scope: Scope) -> str:
    return "".join(_text(inline, scope) for inline in inlines)


def _text(inline: Inline, scope: Scope) -> str:
    match inline:
        case Text() | Code():
            return inline.text.replace("\n", " ")
        case LineBreak():
            return "\n"
        case Emphasis():
            return f"_{text_inlines(inline.content, scope)}_"
        case Strong():
            return f"*{text_inlines(inline.content, scope)}*"
        case Link():
            return labelled(
                text_inlines(inline.content, scope), link_target(inline.target, scope.marks, Context.TEXT_URL)
            )
        case Image():
            return f"[{inline.alt}]" if inline.alt else ""
        case Citation():
            return _citation(inline, scope)
        case MergeTag():
            return scope.marks.mark(inline.name, Context.TEXT, inline.fallback or "")


def labelled(label: str, url: str) -> str:
    """`label <url>`; only the URL where the label says the same, only the label where the link leads nowhere outside."""
    if url.startswith("#"):
        return label
    bare = url.removeprefix("mailto:").removeprefix("tel:")
    shown = bare if bare == label else url
    return f"<{shown}>" if not label or label in {url, bare} else f"{label} <{shown}>"


def _citation(citation: Citation, scope: Scope) -> str:
    if not citation.items:
        return ""
    marks = ", ".join(_mark(mark) for mark in scope.numbers.marks(citation))
    authors = scope.numbers.authors(citation) if citation.in_text else ""
    return f"{authors} [{marks}]" if authors else f"[{marks}]"


def _mark(mark: CitationMark) -> str:
    numbers = _number(mark.first) if mark.first == mark.last else f"{mark.first}-{mark.last}"
    prefix = f"{mark.prefix} " if mark.prefix else ""
    suffix = f"({mark.suffix})" if mark.suffix else ""
    return f"{prefix}{numbers}{suffix}"


def _number(number: int) -> str:
    return "?" if number == UNKNOWN else str(number)
