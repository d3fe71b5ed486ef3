"""Style blocks that Gmail would throw away, and parts of a page that have no place in a mail.

Gmail drops what is beyond 16 KB of styles, a whole block for one mistake or for an `@` within an `@`, and blocks outside the head
(github.com/hteumeuleu/email-bugs/issues/90, github.com/hteumeuleu/caniemail/issues/144).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.finished.style_mistakes import mistake_in, nested_at
from newsletter.check.own_templates import place_in_templates
from newsletter.check.rulebook import Finding, mail_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.mail import Mail
    from newsletter.check.page import Element
    from newsletter.model.problem import Place

#: bytes of all style blocks together
MOST_STYLES = 16 * 1024


@mail_rule("styles-long", Level.WARNING)
def styles_are_short(mail: Mail) -> Iterator[Finding]:
    """More styles than Gmail reads.

    Gmail reads the first 16 KB of a mail's style blocks and drops the rest: mostly the styles for phones and for dark mode,
    since they stand last. Ours have 6 KB or less; the others come from a template of your own.

    Keep in style blocks only what cannot stand on the elements: queries for phones and dark mode. All other rules are written
    into the elements if their block has no `data-premailer="ignore"`.
    """
    blocks = [(len(_text(block).encode()), block) for block in _blocks(mail)]
    together = sum(size for size, _ in blocks)
    if together > MOST_STYLES:
        _, longest = max(blocks, key=lambda one: one[0])
        message = f"the style blocks have {together / 1024:.0f} KB together; Gmail drops what is beyond 16 KB"
        fix = "Shorten the longest one in your template, and leave out rules that no element needs."
        yield Finding(at=_place(mail, longest, _text(longest).strip()), message=message, fix=fix)


@mail_rule("style-broken", Level.WARNING)
def styles_can_be_read(mail: Mail) -> Iterator[Finding]:
    """A style block with a mistake in it.

    A brace is missing or too many, a comment or a text is not closed, or a line is no rule at all. Browsers pass over such a
    place; Gmail drops the whole block, so that phones or dark mode lose all their rules. The block comes from a template of
    your own: correct it there.

    Bad (templates/email/narrow.css.j2):

        @media only screen and (max-width:623px){
        .h1{font-size:29px !important}

    Good (templates/email/narrow.css.j2):

        @media only screen and (max-width:623px){
        .h1{font-size:29px !important}
        }
    """
    for block in _blocks(mail):
        if mistake := mistake_in(_text(block)):
            message = f"a style block cannot be read: {mistake.what}; Gmail drops the whole block"
            yield Finding(at=_place(mail, block, mistake.near), message=message, fix="Correct it in your template.")


@mail_rule("style-nested", Level.WARNING)
def style_queries_stand_alone(mail: Mail) -> Iterator[Finding]:
    """An `@` rule within another one.

    Gmail drops the whole style block where it finds, say, `@media` within `@supports`, or `@font-face` within `@media`. Browsers
    read it well, so nobody notices until phones show the mail as desktops do. It comes from a template of your own: write
    each rule by itself, and those that need two conditions as one: `@media screen and (max-width:600px)`.

    Bad (templates/email/narrow.css.j2):

        @supports (display:block){@media (max-width:623px){.h1{font-size:29px !important}}}

    Good (templates/email/narrow.css.j2):

        @media (max-width:623px){.h1{font-size:29px !important}}
    """
    for block in _blocks(mail):
        if nested := nested_at(_text(block)):
            message = f"in a style block, {nested.what}; Gmail drops the whole block"
            fix = "Write the two rules one after the other, in blocks of their own."
            yield Finding(at=_place(mail, block, nested.near), message=message, fix=fix)


@mail_rule("style-in-body", Level.WARNING)
def styles_stand_in_the_head(mail: Mail) -> Iterator[Finding]:
    """A style block below the head of the mail.

    Gmail and others read style blocks in the head only and drop those between the words. It comes from a template of your own:
    move the styles into `narrow.css.j2` or another file of the head, or leave out `data-premailer="ignore"`, and they are written
    into the elements.

    Bad (templates/email/parts/masthead.html.j2):

        <style data-premailer="ignore">@media (max-width:600px){.h1{color:#000000}}</style>
        <p style="margin:0">Larkmeadow Letters</p>

    Good (templates/email/parts/masthead.html.j2):

        <p style="margin:0">Larkmeadow Letters</p>
    """
    for block in _blocks(mail):
        if any(around.tag == "body" for around in block.up()):
            message = "a style block stands in the body of the mail, where Gmail and others drop it"
            fix = "Move it into the head, or leave out data-premailer and have it written into the elements."
            yield Finding(at=_place(mail, block, _text(block).strip()), message=message, fix=fix)


@mail_rule("style-linked", Level.ERROR)
def styles_are_not_linked(mail: Mail) -> Iterator[Finding]:
    """A stylesheet that the mail would load from the web.

    Mail programs load none, and some filters take a mail that tries for a fraud. It comes from a template of your own: write the
    styles into the mail, or leave the line out.

    Bad (templates/email/parts/masthead.html.j2):

        <link rel="stylesheet" href="https://example.org/mail.css">
        <p style="margin:0">Larkmeadow Letters</p>

    Good (templates/email/parts/masthead.html.j2):

        <p style="margin:0">Larkmeadow Letters</p>
    """
    for element in mail.page.elements():
        if element.tag == "link" and "stylesheet" in element.attributes.get("rel", "").lower().split():
            message = "a stylesheet is linked to; mail programs do not load it, and filters may refuse the mail"
            fix = "Write its rules into the template's own styles, or leave the <link> out."
            yield Finding(at=_at(mail, element, r"<link\b[^>]*stylesheet"), message=message, fix=fix)
        elif element.tag == "style" and _IMPORT.search(_text(element)):
            message = (
                "a style block imports styles from the web; mail programs do not load them, and Gmail drops the block"
            )
            yield Finding(
                at=_at(mail, element, _IMPORT.pattern), message=message, fix="Write the rules into the block."
            )


@mail_rule("active-content", Level.ERROR)
def nothing_is_active(mail: Mail) -> Iterator[Finding]:
    """A script, a form or a page within the page.

    Filters refuse mails with scripts or drop them into spam; mail programs take scripts, forms and frames out, and readers see
    a hole, or fields that do nothing. It comes from a template of your own. Link to a page on the web instead.

    Bad (templates/email/parts/masthead.html.j2):

        <form action="https://example.org/search"><input name="q"></form>

    Good (templates/email/parts/masthead.html.j2):

        <p style="margin:0">Larkmeadow Letters</p>
    """
    for element in mail.page.elements():
        if element.tag in _ACTIVE and not any(around.tag in _ACTIVE for around in element.up()):
            what, fix = _ACTIVE[element.tag]
            message = f"<{element.tag}> is in the mail: {what}"
            level = Level.WARNING if element.tag in _FIELDS else None
            yield Finding(at=_at(mail, element, rf"<{element.tag}\b"), message=message, fix=fix, level=level)
        elif event := next((name for name in element.attributes if _EVENT.fullmatch(name)), None):
            message = f"`{event}` on <{element.tag}> is a script; filters refuse mails with scripts"
            yield Finding(at=_at(mail, element, rf"\b{event}\s*="), message=message, fix="Leave it out.")
        elif element.tag == "meta" and element.attributes.get("http-equiv", "").lower() == "refresh":
            message = "the mail sends its reader to another page by itself; filters refuse that"
            yield Finding(at=_at(mail, element, r"<meta\b[^>]*refresh"), message=message, fix="Leave the <meta> out.")


_IMPORT = re.compile(r"@import\b")
_SCRIPT = ("filters refuse mails with scripts", "Leave it out.")
_FORM = ("many mail programs show fields that do nothing", "Link to a form on the web instead.")
_FRAME = ("mail programs take it out and show a hole", "Show an image that links to the page instead.")
#: without a form around them, they are a trick that some mails play on purpose
_FIELDS = ("input", "select", "textarea", "button")
_ACTIVE = (
    {"script": _SCRIPT}
    | dict.fromkeys(("form", *_FIELDS), _FORM)
    | dict.fromkeys(("iframe", "frame", "frameset", "object", "embed", "applet"), _FRAME)
)
_EVENT = re.compile(r"on[a-z]{3,}")


def _blocks(mail: Mail) -> list[Element]:
    """The style blocks that programs read; those in comments are Outlook's own."""
    return [element for element in mail.page.elements() if element.tag == "style"]


def _text(element: Element) -> str:
    return "".join(piece for piece in element.content if isinstance(piece, str))


def _place(mail: Mail, block: Element, near: str) -> Place:
    """Where the line of CSS stands in a template of the workspace's own."""
    line = near.strip().partition("\n")[0].strip()[:80]
    return _at(mail, block, re.escape(line)) if line else mail.place(block.offset)


def _at(mail: Mail, element: Element, pattern: str) -> Place:
    return place_in_templates(mail.issue, pattern) or mail.place(element.offset)


RULES = (
    styles_are_short,
    styles_can_be_read,
    style_queries_stand_alone,
    styles_stand_in_the_head,
    styles_are_not_linked,
    nothing_is_active,
)
