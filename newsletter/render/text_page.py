"""The whole text part, rendered from the model: what templates/email/<name>.txt.j2 is poured from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.model.document import Heading
from newsletter.model.rendered import Context, Slot
from newsletter.render.block_values import has_contents, without_citations
from newsletter.render.html_page import common
from newsletter.render.inline_styles import without_controls
from newsletter.render.links import ascii_url
from newsletter.render.scope import LINE
from newsletter.render.text_blocks import text_blocks
from newsletter.render.text_inlines import text_inlines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.disclaimer import Disclaimer
    from newsletter.model.reference import Entry
    from newsletter.render.scope import Scope

#: a character above U+00FF that shows nothing
_NOTHING = "\u200c"


def text_page(template: str, scope: Scope, disclaimers: Sequence[Disclaimer]) -> str:
    """The text with slots still as marks."""
    body = scope.issue.body
    headings = [] if has_contents(body) else [one for one in body if isinstance(one, Heading) and one.level == 2]
    values = common(scope, Context.TEXT_URL) | {
        "width": LINE,
        "body": text_blocks(body, scope, LINE),
        "contents": [text_inlines(without_citations(heading.content), scope) for heading in headings],
        "references": [_reference(entry, scope) for entry in scope.numbers.entries.values()],
        "disclaimers": [{"title": one.title, "body": text_blocks(one.body, scope, LINE)} for one in disclaimers],
    }
    return _kept_utf8(without_controls(scope.text(template, values)).strip("\n") + "\n", scope)


def _reference(entry: Entry, scope: Scope) -> dict[str, Any]:
    url = ascii_url(entry.url) if entry.url else ""
    return {"number": scope.numbers.number(entry.key), "content": entry.text, "url": url}


def _kept_utf8(text: str, scope: Scope) -> str:
    """SendGrid sends text that fits Latin-1 as such, and Gmail then clips it; one character beyond keeps it UTF-8.

    A reader's name can make a text Latin-1 as well.
    """
    latin = any("\x80" <= character <= "\xff" for character in text)
    beyond = any(character > "\xff" for character in text)
    return text + _NOTHING if (latin or _has_fields(text, scope)) and not beyond else text


def _has_fields(text: str, scope: Scope) -> bool:
    return any(isinstance(part, Slot) and part.context is Context.TEXT for part in scope.marks.cut(text))
