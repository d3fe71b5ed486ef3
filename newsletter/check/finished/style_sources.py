"""The style sheets among a workspace's own templates, read as they were typed: mistakes that are gone once styles are on elements."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from newsletter.check.finished.style_mistakes import mistake_in
from newsletter.check.own_templates import own_templates, text_of
from newsletter.check.rulebook import Finding, mail_rule
from newsletter.model.problem import Level, Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsletter.check.mail import Mail

_SHEET = "style.css.j2"
#: what Jinja reads, macros with all that stands in them
_JINJA = re.compile(r"\{#.*?#\}|\{%-?\s*macro\b.*?\{%-?\s*endmacro\s*-?%\}|\{%.*?%\}|(?P<value>\{\{.*?\}\})", re.DOTALL)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_PROPERTY = re.compile(r"[{;]\s*(?P<name>[a-z][a-z-]{2,40})\s*:[^;{}]*(?=[;}])", re.IGNORECASE)
#: those that mails use; a name is told only if it is nearly one of these, and none of the second row, which are near to some
_NAMES = """
    align-items background background-color background-image background-position background-repeat background-size border
    border-bottom border-collapse border-color border-left border-radius border-right border-spacing border-style border-top
    border-width bottom box-shadow box-sizing clear color column-count direction display filter float font font-family
    font-size font-style font-variant font-weight height hyphens justify-content left letter-spacing line-height list-style
    list-style-position list-style-type margin margin-bottom margin-left margin-right margin-top max-height max-width
    min-height min-width object-fit opacity outline overflow overflow-wrap padding padding-bottom padding-left padding-right
    padding-top position right table-layout text-align text-decoration text-indent text-shadow text-transform text-wrap top
    transform transition unicode-bidi vertical-align visibility white-space width word-break word-spacing word-wrap z-index

    align-content align-self background-attachment background-blend-mode background-clip background-origin block-size
    border-block border-bottom-color border-bottom-left-radius border-bottom-right-radius border-bottom-style
    border-bottom-width border-image border-inline border-left-color border-left-style border-left-width border-right-color
    border-right-style border-right-width border-top-color border-top-left-radius border-top-right-radius border-top-style
    border-top-width caption-side color-scheme column-fill column-gap column-rule column-span column-width columns content
    cursor empty-cells flex flex-basis flex-direction flex-flow flex-grow flex-shrink flex-wrap font-feature-settings
    font-kerning font-size-adjust font-stretch font-variant-caps font-variant-numeric gap inline-size inset justify-items
    justify-self line-break list-style-image margin-block margin-block-end margin-block-start margin-inline
    margin-inline-end margin-inline-start max-block-size max-inline-size min-block-size min-inline-size mix-blend-mode
    object-position outline-color outline-offset outline-style outline-width overflow-x overflow-y padding-block
    padding-block-end padding-block-start padding-inline padding-inline-end padding-inline-start row-gap src tab-size
    text-align-last text-decoration-color text-decoration-line text-decoration-style text-decoration-thickness
    text-emphasis text-justify text-orientation text-overflow text-rendering text-size-adjust text-underline-offset
    transform-origin transition-delay transition-duration transition-property writing-mode
"""
PROPERTIES = frozenset(_NAMES.split())


@mail_rule("style-lost", Level.WARNING)
def sheet_can_be_read(mail: Mail) -> Iterator[Finding]:
    """A mistake in your own `style.css.j2`, for which rules are passed over.

    A brace or a colon is missing, or a line is no rule at all. The rules of this file are written into the elements; those
    from the mistake on, or the one with the mistake, are not, and nothing else says so. Correct the line.

    Bad (templates/email/style.css.j2):

        .text{margin:0 0 20px;font-size:17px
        .h1{font-size:34px}

    Good (templates/email/style.css.j2):

        .text{margin:0 0 20px;font-size:17px}
        .h1{font-size:34px}
    """
    for path in own_templates(mail.issue, _SHEET):
        css = _css(path)
        if mistake := mistake_in(css):
            message = f"these styles cannot be read: {mistake.what}; rules are lost from here on"
            yield Finding(at=_place(path, css, mistake.at), message=message, fix="Correct it in your template.")


@mail_rule("style-property", Level.WARNING)
def properties_are_known(mail: Mail) -> Iterator[Finding]:
    """A style with a slip of the pen in its name, such as `magrin`.

    Mail programs pass over what they do not know, so the style does nothing. Correct its name.

    Bad (templates/email/narrow.css.j2):

        @media (max-width:600px){.h1{font-sise:29px !important}}

    Good (templates/email/narrow.css.j2):

        @media (max-width:600px){.h1{font-size:29px !important}}
    """
    for path in own_templates(mail.issue, "*.css.j2"):
        css = _COMMENT.sub(_blank, _css(path))
        for found in _PROPERTY.finditer(css):
            name = found["name"].lower()
            if name not in PROPERTIES and (guess := get_close_matches(name, PROPERTIES, n=1, cutoff=0.8)):
                message = f"there is no style `{name}`, so it does nothing"
                at = _place(path, css, found.start("name"))
                yield Finding(at=at, message=message, fix=f"Did you mean `{guess[0]}`?")


def _css(path: Path) -> str:
    """The file with what is Jinja's covered, as long as it was and in as many lines."""
    return _JINJA.sub(_covered, text_of(path))


def _covered(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", "x" if found["value"] else " ", found[0])


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def _place(path: Path, text: str, offset: int) -> Place:
    before = text[:offset]
    return Place(file=str(path), line=before.count("\n") + 1, column=offset - before.rfind("\n"))


RULES = (sheet_can_be_read, properties_are_known)
