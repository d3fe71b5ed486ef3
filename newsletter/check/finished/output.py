"""The rendered mail as a file: nothing left over from templates, every link of the HTML also in the text."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from newsletter.check.mail import has_slot, squashed
from newsletter.check.own_templates import own_templates, place_in_templates
from newsletter.check.rulebook import Finding, mail_rule
from newsletter.check.seen.template_tags import place_of_tag
from newsletter.model.problem import Level, Place
from newsletter.model.rendered import LINK_SLOTS, Slot
from newsletter.model.visible import visible_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.mail import Mail

_TEMPLATE_SYNTAX = re.compile(r"(?:\{\{|\{%|<%)[^<>}%\[\"\n]{0,12}")


@mail_rule("template-syntax-left", Level.ERROR)
def no_template_syntax_is_left(mail: Mail) -> Iterator[Finding]:
    """Template syntax that readers would see.

    `{{`, `{%` or `<%` came out of a template of the workspace as it stands. What the author, a reference or the settings
    hold as text may stand there. Correct the template that writes it.

    Bad (templates/email/article.html.j2):

        {% extends "email/base.html.j2" %}
        {% block content %}{{ super() }}<tr><td>{{ "{{ name }}" }}</td></tr>{% endblock %}

    Good:

        Walk a little every day.
    """
    written = squashed(" ".join(_authored(mail)))
    for part, text in (("HTML", mail.html), ("text part", mail.text), *_headers(mail)):
        for found in _TEMPLATE_SYNTAX.finditer(text):
            rest = unescape(found[0])
            if squashed(rest) not in written:
                at = place_in_templates(mail.issue, re.escape(rest.strip()))
                at = at or (mail.place(found.start()) if part == "HTML" else mail.issue.place("title"))
                message = f"template syntax is left in the {part}: `{rest.strip()}`"
                yield Finding(at=at, message=message, fix="Correct the template that writes this.")


def _authored(mail: Mail) -> Iterator[str]:
    yield from (text for _, text in visible_pieces(mail.issue, mail.references))
    yield from (str(value) for _, value in (*mail.settings.sender, *mail.settings.newsletter))


def _headers(mail: Mail) -> Iterator[tuple[str, str]]:
    for name, parts in (("subject", mail.rendered.subject), ("preheader", mail.rendered.preheader)):
        yield name, "".join(part for part in parts if isinstance(part, str))


@mail_rule("link-slot-missing", Level.ERROR, must=True)
def links_to_leave_are_there(mail: Mail) -> Iterator[Finding]:
    """A part of the mail without its link to unsubscribe, to preferences or to the view in the browser.

    Law and mailbox providers demand that every mail offers a way to leave. A template of the workspace has lost it: put it back.

    Bad (templates/email/article.txt.j2):

        {% extends "email/base.txt.j2" %}
        {% block footer %}{% endblock %}

    Good:

        Walk a little every day.
    """
    for part, parts in (("HTML", mail.rendered.html), ("text part", mail.rendered.text)):
        names = {piece.name for piece in parts if isinstance(piece, Slot)}
        for missing in (name for name in LINK_SLOTS if name not in names):
            message = f"the {part} has no `{missing}`"
            fix = "Put it back into the template: every mail must offer it."
            yield Finding(at=_page_template(mail, part) or mail.issue.place("template"), message=message, fix=fix)


def _page_template(mail: Mail, part: str) -> Place | None:
    """The workspace's own template for the whole mail, if it has one: what is missing has no line."""
    ending = "html.j2" if part == "HTML" else "txt.j2"
    for name in (mail.issue.template, "base"):
        if own := next(iter(own_templates(mail.issue, f"{name}.{ending}")), None):
            return Place(file=str(own))
    return None


@mail_rule("link-not-in-text", Level.ERROR)
def links_of_the_html_are_in_the_text(mail: Mail) -> Iterator[Finding]:
    """A link of the HTML whose address the text part does not show.

    Readers of the text part need the address too. A text template of the workspace leaves it out: correct it.

    Bad (templates/email/article.txt.j2):

        {% extends "email/base.txt.j2" %}
        {% block content %}{% endblock %}

    Bad:

        See the [opening hours](https://example.org/hours).

    Good:

        See the [opening hours](https://example.org/hours).
    """
    seen: set[str] = set()
    for link in mail.page.links:
        if link.url.lower().startswith(("http://", "https://")) and link.url not in seen:
            seen.add(link.url)
            if not has_slot(link.url) and not _is_in(link.url, mail.text):
                message = f"the link {link.url} is in the HTML, but not in the text part"
                fix = "Correct the text template: readers of the text need the address too."
                yield Finding(at=place_of_tag(mail, link.element), message=message, fix=fix)


def _is_in(url: str, text: str) -> bool:
    """The whole URL, not the beginning of a longer one."""
    return bool(re.search(rf"{re.escape(url)}[.,;:!?]*(?:[\s<>()\[\]\"']|$)", text))


RULES = (
    no_template_syntax_is_left,
    links_to_leave_are_there,
    links_of_the_html_are_in_the_text,
)
