"""What a page says about itself: its language and direction, title, characters and size of the screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.own_templates import place_in_templates
from newsletter.check.rulebook import Finding, mail_rule
from newsletter.check.seen.template_tags import place_of_tag
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.mail import Mail
    from newsletter.check.page import Element

#: languages that are written from right to left (https://www.w3.org/International/questions/qa-scripts)
_RIGHT_TO_LEFT = frozenset({"ar", "he", "iw", "fa", "ur", "yi", "ji", "ps", "sd", "ug", "dv", "ckb"})
_ZOOM_LOCKED = re.compile(r"user-scalable\s*=\s*(?:no|0)|maximum-scale\s*=\s*1(?:\.0*)?(?![.\d])", re.IGNORECASE)


@mail_rule("page-language", Level.WARNING)
def the_language_is_told(mail: Mail) -> Iterator[Finding]:
    """The mail does not say in which language it is written, or says another one than the issue.

    Screen readers choose their voice by it; with the wrong one nobody understands a word. Many mail programs throw away the
    `<html>` tag, so the language stands there and on the first `<div>` of the text. Write `lang="{{ language }}"` on both.

    Bad (templates/email/article.html.j2):

        <html><head><meta charset="utf-8"><title>{{ title }}</title></head><body>{{ body }}</body></html>

    Bad:

        ---
        title: Walking after a knee operation
        template: article
        ---

        Walk a little every day.

    Good:

        Walk a little every day.
    """
    wanted = mail.issue.language
    for name, element in _outermost(mail):
        told = element.attributes.get("lang", "") if element else ""
        if _main(told) != _main(wanted):
            what = f'{name} says lang="{told}"' if told else f"{name} does not say its language"
            fix = f'Write lang="{{{{ language }}}}" on {name} in the template.'
            at = place_of_tag(mail, element) if element else mail.place(0)
            # where <html> says it, most programs still know
            level = Level.WARNING if told or name == "<html>" else Level.INFORMATION
            yield Finding(at=at, message=f"{what}; the issue is written in `{wanted}`", fix=fix, level=level)


@mail_rule("page-direction", Level.WARNING)
def the_direction_is_told(mail: Mail) -> Iterator[Finding]:
    """The mail does not say in which direction it is read, or says the wrong one.

    Hebrew and Arabic are read from right to left. Without `dir="rtl"` lines begin at the wrong edge, and full stops and numbers jump
    about. Write `dir="{{ direction }}"` on `<html>` and on the first `<div>`, since many mail programs throw the first away.

    Bad (templates/email/article.html.j2):

        <html lang="{{ language }}" dir="rtl"><head><meta charset="utf-8"><title>{{ title }}</title></head>
        <body><div lang="{{ language }}" dir="rtl">{{ body }}</div></body></html>

    Bad:

        ---
        title: Walking after a knee operation
        template: article
        ---

        Walk a little every day.

    Good:

        Walk a little every day.
    """
    wanted = "rtl" if _main(mail.issue.language) in _RIGHT_TO_LEFT else "ltr"
    for name, element in _outermost(mail):
        told = element.attributes.get("dir", "").lower() if element else ""
        if told != wanted and (told not in {"", "auto"} or wanted == "rtl"):  # ltr is what everybody takes for granted
            what = f'{name} says dir="{told}"' if told else f"{name} does not say its direction"
            fix = f'Write dir="{{{{ direction }}}}" on {name} in the template.'
            at = place_of_tag(mail, element) if element else mail.place(0)
            message = f"{what}; `{mail.issue.language}` is read from {'right to left' if wanted == 'rtl' else 'left to right'}"
            yield Finding(at=at, message=message, fix=fix)


@mail_rule("page-title", Level.WARNING)
def the_page_has_a_title(mail: Mail) -> Iterator[Finding]:
    """The page has no title.

    It is the first thing that screen readers say, and what a browser writes on its tab when the mail is opened there. Write
    `<title>{{ title }}</title>` into the head of the template.

    Bad (templates/email/article.html.j2):

        <html lang="{{ language }}"><head><meta charset="utf-8"></head><body>{{ body }}</body></html>

    Bad:

        ---
        title: Walking after a knee operation
        template: article
        ---

        Walk a little every day.

    Good:

        Walk a little every day.
    """
    titles = [one for one in mail.page.elements() if one.tag == "title"]
    if not any(isinstance(piece, str) and piece.strip() for one in titles for piece in one.content):
        fix = "Write <title>{{ title }}</title> into the head of the template."
        yield Finding(at=mail.issue.place("template"), message="the HTML has no title", fix=fix)


@mail_rule("page-charset", Level.WARNING)
def the_characters_are_told(mail: Mail) -> Iterator[Finding]:
    """The page does not say that its characters are UTF-8.

    Who saves the mail, or opens it in a browser, then may see "cafÃ©" instead of "café". Write `<meta charset="utf-8">` first into
    the head of the template.

    Bad (templates/email/article.html.j2):

        <html lang="{{ language }}"><head><title>{{ title }}</title></head><body>{{ body }}</body></html>

    Bad:

        ---
        title: Walking after a knee operation
        template: article
        ---

        Walk a little every day.

    Good:

        Walk a little every day.
    """
    told = [
        one.attributes.get("charset") or one.attributes.get("content", "")
        for one in _metas(mail)
        if "charset" in one.attributes or one.attributes.get("http-equiv", "").lower() == "content-type"
    ]
    if not any("utf-8" in one.lower() for one in told):
        what = (
            f"the HTML says that its characters are `{told[0][:40]}`"
            if told
            else "the HTML does not say its characters"
        )
        fix = 'Write <meta charset="utf-8"> first into the head of the template.'
        at = place_in_templates(mail.issue, r"<meta\b[^>]*(?:charset|content-type)") if told else None
        yield Finding(at=at or mail.issue.place("template"), message=what, fix=fix)


@mail_rule("page-viewport", Level.WARNING)
def phones_show_it_at_their_width(mail: Mail) -> Iterator[Finding]:
    """The page does not fit itself to the width of a phone, or forbids to zoom.

    Without the `viewport` line a phone shows the mail as if on a desk, with tiny letters. With `user-scalable=no` or
    `maximum-scale=1` readers with weak eyes cannot make the letters larger. Write
    `<meta name="viewport" content="width=device-width,initial-scale=1">`.

    Bad (templates/email/article.html.j2):

        <html lang="{{ language }}"><head><meta charset="utf-8"><title>{{ title }}</title></head><body>{{ body }}</body></html>

    Bad:

        ---
        title: Walking after a knee operation
        template: article
        ---

        Walk a little every day.

    Good:

        Walk a little every day.
    """
    told = [
        one.attributes.get("content", "")
        for one in _metas(mail)
        if one.attributes.get("name", "").lower() == "viewport"
    ]
    at = mail.issue.place("template")
    fix = 'Write <meta name="viewport" content="width=device-width,initial-scale=1"> into the head of the template.'
    if not any("device-width" in one.lower() for one in told):
        yield Finding(at=at, message="the HTML does not fit itself to the width of a phone", fix=fix)
    elif any(_ZOOM_LOCKED.search(one) for one in told):
        yield Finding(at=at, message="the HTML forbids readers to zoom", fix=fix)


def _outermost(mail: Mail) -> list[tuple[str, Element | None]]:
    """<html>, and the first element that shows something; a body that holds text itself stands for it."""
    elements = list(mail.page.elements())
    styles = mail.page.styles
    html = next((one for one in elements if one.tag == "html"), None)
    body = next((one for one in elements if one.tag == "body"), None)
    inside = [one for one in body.content if not isinstance(one, str)] if body else []
    shown = (one for one in inside if not styles.look(one, styles.views[0]).hidden_by and one.words)
    first = next(shown, body)
    return [("<html>", html), (f"the first <{first.tag}> of the body" if first else "<body>", first)]


def _metas(mail: Mail) -> Iterator[Element]:
    return (one for one in mail.page.elements() if one.tag == "meta")


def _main(language: str) -> str:
    """`de` of `de-CH`."""
    return language.replace("_", "-").partition("-")[0].lower()


RULES = (
    the_language_is_told,
    the_direction_is_told,
    the_page_has_a_title,
    the_characters_are_told,
    phones_show_it_at_their_width,
)
