"""A rendered mail as a tree, with the styles that stand on its elements: what tests look at instead of bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import html as lxml_html

from newsletter.compose.slots import fill
from tests.render.issues import VALUES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from newsletter.render import Rendering

_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")


def filled_html(rendering: Rendering) -> str:
    return fill(rendering.rendered.html, VALUES)


def filled_text(rendering: Rendering) -> str:
    return fill(rendering.rendered.text, VALUES)


def tree(rendering: Rendering) -> HtmlElement:
    return lxml_html.document_fromstring(filled_html(rendering))


def styles(element: HtmlElement) -> dict[str, str]:
    pairs = (piece.partition(":") for piece in element.get("style", "").split(";") if ":" in piece)
    return {name.strip(): value.strip() for name, _, value in pairs}


def lineage(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    yield from element.iterancestors()


def texts(root: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """(element, text) of all text that readers see."""
    for element in root.body.iter():
        if not isinstance(element.tag, str) or any("preheader" in one.get("class", "") for one in lineage(element)):
            continue
        if (element.text or "").strip():
            yield element, element.text or ""
        if len(element):
            yield from ((element, child.tail) for child in element if (child.tail or "").strip())


def media_rules(html: str, opening: str) -> dict[str, dict[str, str]]:
    """selector -> declarations of the ignored block that starts with `opening`."""
    block = next(part for part in re.findall(r"<style>(.*?)</style>", html, re.DOTALL) if opening in part)
    body = block.partition(opening)[2].partition("{")[2].strip().removesuffix("}")
    rules: dict[str, dict[str, str]] = {}
    for selectors, declarations in _RULE.findall(body):
        pairs = [one.partition(":") for one in declarations.split(";") if one]
        for selector in selectors.split(","):
            found = rules.setdefault(" ".join(selector.split()), {})
            found |= {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs}
    return rules


def matches(element: HtmlElement, selector: str) -> bool:
    """For selectors made of classes: `.a` and `.a .b`."""
    *outer, own = [part.removeprefix(".") for part in selector.split()]
    if own not in element.get("class", "").split():
        return False
    return all(any(name in one.get("class", "").split() for one in element.iterancestors()) for name in outer)


def colours(element: HtmlElement, name: str, dark: dict[str, dict[str, str]]) -> tuple[str, str]:
    """The colour in light and in dark mode, each from the nearest element that sets one."""
    light = next(styles(one)[name] for one in lineage(element) if name in styles(one))
    for one in lineage(element):
        found = [rule[name] for selector, rule in dark.items() if name in rule and matches(one, selector)]
        if found:
            return light, found[-1]
        assert name not in styles(one), f"no dark {name} for <{one.tag} class={one.get('class')}>"
    raise AssertionError(element)
