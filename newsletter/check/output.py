"""The rendered mail as a file: its size, nothing left over from templates, every link of the HTML also in the text."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from newsletter.check.mail import has_slot, squashed
from newsletter.model.problem import error, warning
from newsletter.model.rendered import LINK_SLOTS, Slot
from newsletter.model.visible import visible_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.mail import Mail
    from newsletter.model.problem import Problem
    from newsletter.model.rendered import Parts

#: Gmail shows about this much and hides the rest, the link to unsubscribe with it (docs/checks.md)
CLIPPED_FROM = 102 * 1024
HEAVY_FROM = 75 * 1024
#: bytes that a link slot grows to (base_url and token), and another slot
_LINK_BYTES, _FIELD_BYTES = 90, 20
_TEMPLATE_SYNTAX = re.compile(r"(?:\{\{|\{%|<%)[^<>}%\[\"\n]{0,12}")


def html_is_not_clipped(mail: Mail) -> Iterator[Problem]:
    size = _size(mail.rendered.html)
    at = mail.issue.place("title")
    told = f"the HTML has {size / 1024:.0f} KB"
    fix = "Shorten the issue or split it in two; the text counts, images do not."
    if size > CLIPPED_FROM:
        yield warning(
            "gmail-clip", at, f"{told}; Gmail cuts it at 102 KB and hides the end with the unsubscribe link", fix
        )
    elif size > HEAVY_FROM:
        yield warning("mail-heavy", at, f"{told}; from 102 KB on Gmail hides the end of it", fix)


def _size(parts: Parts) -> int:
    return sum(_slot_size(part) if isinstance(part, Slot) else len(part.encode()) for part in parts)


def _slot_size(slot: Slot) -> int:
    return _LINK_BYTES if slot.name in LINK_SLOTS else max(_FIELD_BYTES, len(slot.fallback.encode()))


def no_template_syntax_is_left(mail: Mail) -> Iterator[Problem]:
    """Braces that the author, a reference or the settings hold as text may stand."""
    written = squashed(" ".join(_authored(mail)))
    for part, text in (("HTML", mail.html), ("text part", mail.text), *_headers(mail)):
        for found in _TEMPLATE_SYNTAX.finditer(text):
            rest = unescape(found[0])
            if squashed(rest) not in written:
                at = mail.place(found.start()) if part == "HTML" else mail.issue.place("title")
                message = f"template syntax is left in the {part}: `{rest.strip()}`"
                yield error("template-syntax-left", at, message, "Correct the template that writes this.")


def _authored(mail: Mail) -> Iterator[str]:
    yield from (text for _, text in visible_pieces(mail.issue, mail.references))
    yield from (str(value) for _, value in (*mail.settings.sender, *mail.settings.newsletter))


def _headers(mail: Mail) -> Iterator[tuple[str, str]]:
    for name, parts in (("subject", mail.rendered.subject), ("preheader", mail.rendered.preheader)):
        yield name, "".join(part for part in parts if isinstance(part, str))


def links_to_leave_are_there(mail: Mail) -> Iterator[Problem]:
    for part, parts in (("HTML", mail.rendered.html), ("text part", mail.rendered.text)):
        names = {piece.name for piece in parts if isinstance(piece, Slot)}
        for missing in (name for name in LINK_SLOTS if name not in names):
            message = f"the {part} has no `{missing}`"
            fix = "Put it back into the template: every mail must offer it."
            yield error("link-slot-missing", mail.issue.place("template"), message, fix)


def links_of_the_html_are_in_the_text(mail: Mail) -> Iterator[Problem]:
    seen: set[str] = set()
    for link in mail.page.links:
        if link.url.lower().startswith(("http://", "https://")) and link.url not in seen:
            seen.add(link.url)
            if not has_slot(link.url) and not _is_in(link.url, mail.text):
                message = f"the link {link.url} is in the HTML, but not in the text part"
                fix = "Correct the text template: readers of the text need the address too."
                yield error("link-not-in-text", mail.place(link.offset), message, fix)


def _is_in(url: str, text: str) -> bool:
    """The whole URL, not the beginning of a longer one."""
    return bool(re.search(rf"{re.escape(url)}[.,;:!?]*(?:[\s<>()\[\]\"']|$)", text))


RULES = (
    html_is_not_clipped,
    no_template_syntax_is_left,
    links_to_leave_are_there,
    links_of_the_html_are_in_the_text,
)
