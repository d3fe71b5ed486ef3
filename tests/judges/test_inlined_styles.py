"""Dropping and inlining rules changes no look: ours, a second inliner's and the browser's own cascade are the same."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import css_inline
import pytest

from newsletter.render.inline_styles import inline_styles
from tests.judges.looked import resize
from tests.judges.mails import SLUGS, mail
from tests.support.chromium import NEEDS_CHROMIUM

if TYPE_CHECKING:
    from tests.judges.looked import Desk
    from tests.judges.mails import Mail

pytestmark = NEEDS_CHROMIUM

#: (width, dark)
LOOKS = ((375, False), (375, True), (700, False))
_SIDES = ("top", "right", "bottom", "left")
PROPERTIES = (
    *("color", "background-color", "background-image", "opacity", "color-scheme"),
    *("font-size", "font-family", "font-weight", "font-style", "line-height", "letter-spacing"),
    *("text-align", "text-decoration", "text-wrap", "white-space", "word-break", "overflow-wrap", "vertical-align"),
    *("display", "overflow-x", "overflow-y", "width", "max-width", "height", "max-height", "object-fit"),
    *("border-collapse", "caption-side", "table-layout", "direction", "list-style-type"),
    *(f"{space}-{side}" for space in ("padding", "margin") for side in _SIDES),
    *(f"border-{side}-{what}" for what in ("width", "style", "color") for side in _SIDES),
    *(f"border-{row}-{side}-radius" for row in ("top", "bottom") for side in ("left", "right")),
)
_STYLES_OF_ALL = """properties => JSON.stringify([...document.querySelectorAll("html, body, body *")].map(one => {
    const style = getComputedStyle(one)
    return [`${one.localName}.${one.className}`, ...properties.map(name => style.getPropertyValue(name))]
}))"""
_KEPT = re.compile(r'<style data-premailer="ignore">(.*?)</style>', re.DOTALL)


def computed(desk: Desk, one: Mail, html: str) -> list[list[list[str]]]:
    """In each look, of each element its name and the properties in their order."""
    page = desk.show(one, html)
    found = []
    for width, dark in LOOKS:
        resize(page, width, dark=dark)
        found.append(json.loads(page.evaluate(_STYLES_OF_ALL, PROPERTIES)))
    return found


def differences(one: list[list[list[str]]], other: list[list[list[str]]]) -> list[str]:
    return [
        f"{look} {name} {property_}: {before} / {after}"
        for look, befores, afters in zip(LOOKS, one, other, strict=True)
        for (name, *old), (same_name, *new) in zip(befores, afters, strict=True)
        for property_, before, after in zip(("name", *PROPERTIES), (name, *old), (same_name, *new), strict=True)
        if before != after
    ]


def second_opinion(source: str) -> str:
    """By css-inline, which would throw away the blocks that are to be kept: they are put back afterwards."""
    inlined = css_inline.inline(_KEPT.sub("", source), load_remote_stylesheets=False)
    assert "<style>" not in re.sub("<!--.*?-->", "", inlined, flags=re.DOTALL)
    kept = "".join(f"<style>{block}</style>" for block in _KEPT.findall(source))
    return inlined.replace("</head>", f"{kept}</head>", 1)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_element_looks_as_the_stylesheet_says(slug: str, desk: Desk) -> None:
    one = mail(slug)
    cascade = computed(desk, one, one.page)
    assert min(map(len, cascade)) > 100
    assert differences(cascade, computed(desk, one, inline_styles(one.source))) == []
    assert differences(cascade, computed(desk, one, second_opinion(one.page))) == []


def test_a_lost_important_is_seen(desk: Desk) -> None:
    """What premailer does to media queries that it is let near."""
    one = mail("english-article")
    damaged = inline_styles(one.source).replace(" !important", "")
    assert len(differences(computed(desk, one, one.page), computed(desk, one, damaged))) > 100
