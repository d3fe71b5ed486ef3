"""Inlines -> HTML: emphasis, links, citations as superscript or bracketed links, personal slots."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

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
from newsletter.settings.schema import Marks

if TYPE_CHECKING:
    from newsletter.model.document import Inline, Inlines
    from newsletter.render.numbers import CitationMark
    from newsletter.render.scope import Scope

_RANGE = Markup("&#8211;")
#: `[@a][@b]` would be read as the number 12
_BETWEEN = Markup('<sup class="cite">,</sup>')


def html_inlines(inlines: Inlines, scope: Scope, *, linked: bool = True) -> Markup:
    """`linked` is False within a link: links do not nest. A small number stands close to the word before it."""
    pieces = []
    after_citation = False
    raised = scope.settings.references.marks is Marks.SUPERSCRIPT
    for inline, following in zip_longest(inlines, inlines[1:]):
        piece = _html(inline, scope, linked)
        if raised and after_citation and _is_mark(inline):
            pieces.append(_BETWEEN)
        if isinstance(inline, Text) and _is_mark(following):
            piece = piece.rstrip() if raised else _held(piece)
        pieces.append(piece)
        after_citation = isinstance(inline, Citation) or (after_citation and not pieces[-1])
    return Markup("").join(pieces)


def _held(text: Markup) -> Markup:
    """A number in brackets stays on the line of the word before it."""
    stripped = text.rstrip()
    return stripped + Markup("&#160;") if stripped and stripped != text else text


def _is_mark(inline: Inline | None) -> bool:
    return isinstance(inline, Citation) and not inline.in_text


def _html(inline: Inline, scope: Scope, linked: bool) -> Markup:
    match inline:
        case Text():
            return escape(inline.text)
        case Code():
            return Markup('<code class="code">{}</code>').format(inline.text)
        case LineBreak():
            return Markup("<br>")
        case Emphasis():
            return Markup("<em>{}</em>").format(html_inlines(inline.content, scope, linked=linked))
        case Strong():
            return Markup("<strong>{}</strong>").format(html_inlines(inline.content, scope, linked=linked))
        case Link():
            return _link(inline, scope, linked)
        case Image():
            return _image(inline, scope)
        case Citation():
            return _citation(inline, scope, linked)
        case MergeTag():
            return escape(scope.marks.mark(inline.name, Context.HTML, inline.fallback or ""))


def _link(link: Link, scope: Scope, linked: bool) -> Markup:
    content = html_inlines(link.content, scope, linked=False)
    if not linked:
        return content
    target = link_target(link.target, scope.marks, Context.URL)
    origin = scope.origins.attribute(link.at)
    return Markup('<a{} class="link" href="{}">{}</a>').format(origin, target, content)


def _image(image: Image, scope: Scope) -> Markup:
    picture = scope.images.picture(image.source, image.at, scope.column)
    if picture is None:
        return escape(image.alt)
    size = picture.fitted(scope.column)
    shape = Markup(' width="{}" height="{}"').format(*size) if size else Markup("")
    origin = scope.origins.attribute(image.at)
    return Markup('<img{} class="picture" src="{}" alt="{}"{}>').format(origin, picture.url, image.alt, shape)


def _citation(citation: Citation, scope: Scope, linked: bool) -> Markup:
    if not citation.items:
        return Markup("")
    marks = scope.numbers.marks(citation)
    authors = escape(scope.numbers.authors(citation)) if citation.in_text else Markup("")
    comma = Markup(", ") if any(mark.prefix for mark in marks) else Markup(",")
    links = comma.join(_mark(mark, scope, linked) for mark in marks)
    anchors = Markup("").join(_anchor(number, scope) for mark in marks for number in mark.numbers)
    if scope.settings.references.marks is Marks.BRACKET:
        gap = Markup("&#160;") if authors else Markup("")
        return Markup("{}{}{}[{}]").format(authors, gap, anchors, links)
    return Markup('{}{}<sup class="cite">{}</sup>').format(authors, anchors, links)


def _anchor(number: int, scope: Scope) -> Markup:
    """Where the reference leads back to: empty, since Gmail and Outlook jump to nothing else."""
    if number == UNKNOWN or number in scope.anchored:
        return Markup("")
    scope.anchored.add(number)
    return Markup('<a name="cite-{0}" id="cite-{0}"></a>').format(number)


def _mark(mark: CitationMark, scope: Scope, linked: bool) -> Markup:
    prefix = Markup("{} ").format(mark.prefix) if mark.prefix else Markup("")
    suffix = Markup("({})").format(mark.suffix.replace(" ", "\N{NO-BREAK SPACE}")) if mark.suffix else Markup("")
    ends = [mark.first] if mark.first == mark.last else [mark.first, mark.last]
    return prefix + _RANGE.join(_number(number, scope, linked) for number in ends) + suffix


def _number(number: int, scope: Scope, linked: bool) -> Markup:
    if number == UNKNOWN:
        return Markup("?")
    if not linked:
        return escape(number)
    label = scope.translations.say("reference_label", number=number)
    return Markup('<a class="mark" href="#ref-{0}" aria-label="{1}">{0}</a>').format(number, label)
