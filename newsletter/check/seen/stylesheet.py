"""The `<style>` elements of a page -> its rules that may apply: a selector, what it declares, and under which conditions.

Comments of Outlook's are not part of the page, and rules for elements that are not there are left out.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from newsletter.check.seen.declarations import read_declarations
from newsletter.check.seen.media_queries import is_supported
from newsletter.check.seen.selectors import read_selectors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletter.check.page import Element, Page
    from newsletter.check.seen.declarations import Declaration
    from newsletter.check.seen.selectors import Selector


@dataclass(frozen=True, kw_only=True, eq=False)
class StyleRule:
    selector: Selector
    declarations: tuple[Declaration, ...]
    #: the words after each @media around it
    media: tuple[str, ...]
    #: its place in the page: of two alike the later one counts
    order: int


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """All rules of a page, by something that the elements they match have."""

    rules: dict[str, list[StyleRule]]

    def matching(self, element: Element) -> tuple[StyleRule, ...]:
        """The rules for an element, whatever their media, in order."""
        given = element.attributes
        keys = {"", element.tag, f"#{given.get('id', '')}", *(f".{one}" for one in given.get("class", "").split())}
        found = (rule for key in keys for rule in self.rules.get(key, ()) if rule.selector.fits(element))
        return tuple(sorted(found, key=lambda rule: rule.order))

    @property
    def media(self) -> set[str]:
        return {condition for rules in self.rules.values() for rule in rules for condition in rule.media}


def read_sheet(page: Page) -> Sheet:
    """Every rule that could match something of the page."""
    names = _names(page)
    rules: dict[str, list[StyleRule]] = defaultdict(list)
    for order, (selector, declarations, media) in enumerate(_all_rules(page)):
        if declarations and selector.names <= names:
            rule = StyleRule(selector=selector, declarations=declarations, media=media, order=order)
            rules[selector.key].append(rule)
    return Sheet(rules=dict(rules))


def _names(page: Page) -> set[str]:
    found: set[str] = set()
    for element in page.elements():
        given = element.attributes
        found.update(f"[{name}" for name in given)
        found.update(f".{one}" for one in given.get("class", "").split())
        if "id" in given:
            found.add(f"#{given['id']}")
    return found


_Rule = tuple["Selector", tuple["Declaration", ...], tuple[str, ...]]


def _all_rules(page: Page) -> Iterator[_Rule]:
    for element in page.elements():
        if element.tag == "style":
            media = element.attributes.get("media", "")
            for selector, declarations, inner in _rules_of(
                "".join(one for one in element.content if isinstance(one, str))
            ):
                yield selector, declarations, (media, *inner) if media else inner


@lru_cache(maxsize=64)
def _rules_of(css: str) -> tuple[_Rule, ...]:
    """All variants of an issue mostly have the same styles."""
    from tinycss2 import parse_stylesheet

    return tuple(_rules(parse_stylesheet(css, skip_comments=True, skip_whitespace=True), ()))


def _rules(nodes: Iterable[Any], media: tuple[str, ...]) -> Iterator[_Rule]:
    from tinycss2 import parse_blocks_contents, parse_rule_list, serialize

    for node in nodes:
        if node.type == "qualified-rule":
            inner = parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
            declarations = read_declarations(inner)
            yield from ((selector, declarations, media) for selector in read_selectors(node.prelude))
        elif node.type == "at-rule" and node.content is not None:
            condition = serialize(node.prelude).strip()
            deeper = {"media": (*media, condition), "layer": media}
            if node.lower_at_keyword == "supports" and is_supported(condition):
                deeper["supports"] = media
            if node.lower_at_keyword in deeper:
                inside = parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
                yield from _rules(inside, deeper[node.lower_at_keyword])
