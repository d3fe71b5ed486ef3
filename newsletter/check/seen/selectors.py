"""CSS selectors: read from the nodes of tinycss2 and held against elements of a page.

Known are tags, classes, ids, attributes, `:root`, `:link`, `:first-child`, `:last-child` and all four combinators. A selector
with anything else in it matches nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.page import Element

_STATES = frozenset({"root", "link", "first-child", "last-child"})


@dataclass(frozen=True, kw_only=True)
class AttributeTest:
    name: str
    #: "" asks only whether it is there
    operator: str = ""
    value: str = ""

    def fits(self, element: Element) -> bool:
        has = element.attributes.get(self.name)
        if has is None or not self.operator:
            return has is not None
        match self.operator:
            case "=":
                return has == self.value
            case "~=":
                return self.value in has.split()
            case "|=":
                return has == self.value or has.startswith(f"{self.value}-")
        found = {"^=": has.startswith, "$=": has.endswith, "*=": has.__contains__}[self.operator]
        return bool(self.value) and found(self.value)


@dataclass(kw_only=True)
class Compound:
    """What one element must be: `td.pad[align]`. `link` is how it stands to the one on its left."""

    link: str = ""
    tag: str = ""
    ids: list[str] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    attributes: list[AttributeTest] = field(default_factory=list)
    states: list[str] = field(default_factory=list)

    def fits(self, element: Element) -> bool:
        given = element.attributes
        return (
            self.tag in {"", element.tag}
            and all(given.get("id") == one for one in self.ids)
            and (not self.classes or set(self.classes) <= set(given.get("class", "").split()))
            and all(test.fits(element) for test in self.attributes)
            and all(_is_in_state(element, state) for state in self.states)
        )


@dataclass(frozen=True, kw_only=True)
class Selector:
    #: from left to right
    compounds: tuple[Compound, ...]

    @cached_property
    def specificity(self) -> tuple[int, int, int]:
        parts = self.compounds
        middle = sum(len(part.classes) + len(part.attributes) + len(part.states) for part in parts)
        return sum(len(part.ids) for part in parts), middle, sum(bool(part.tag) for part in parts)

    @property
    def key(self) -> str:
        """Something that every element it matches has: an id, a class or a tag, or "" for any."""
        last = self.compounds[-1]
        if last.ids:
            return f"#{last.ids[0]}"
        return f".{last.classes[0]}" if last.classes else last.tag

    @property
    def names(self) -> set[str]:
        """Ids, classes and attributes without which a page has nothing to match."""
        return {
            name
            for part in self.compounds
            for name in (
                *(f"#{one}" for one in part.ids),
                *(f".{one}" for one in part.classes),
                *(f"[{test.name}" for test in part.attributes),
            )
        }

    def fits(self, element: Element) -> bool:
        return self._fits(element, len(self.compounds) - 1)

    def _fits(self, element: Element, number: int) -> bool:
        part = self.compounds[number]
        if not part.fits(element):
            return False
        return number == 0 or any(self._fits(other, number - 1) for other in _linked(element, part.link))


def read_selectors(prelude: Sequence[Any]) -> Iterator[Selector]:
    """Those of a list with commas that are known here."""
    start = 0
    for end in [*(number for number, node in enumerate(prelude) if node == ","), len(prelude)]:
        if found := _selector(prelude[start:end]):
            yield found
        start = end + 1


def _selector(tokens: Sequence[Any]) -> Selector | None:
    parts = [Compound()]
    link = ""
    waiting = [token for token in reversed(tokens) if token.type != "comment"]
    if all(token.type == "whitespace" for token in waiting):
        return None
    while waiting:
        token = waiting.pop()
        if token.type == "whitespace":
            link = link or " "
        elif token.type == "literal" and token.value in {">", "+", "~"}:
            link = token.value
        else:
            if link and parts != [Compound()]:
                parts.append(Compound(link=link))
            link = ""
            if not _add(parts[-1], token, waiting):
                return None
    return Selector(compounds=tuple(parts))


def _add(part: Compound, node: Any, waiting: list[Any]) -> bool:  # noqa: ANN401 - a node of tinycss2
    """One simple selector; False where it is not known."""
    if node.type == "ident":
        part.tag = node.lower_value
    elif node.type == "hash":
        part.ids.append(node.value)
    elif node.type == "[] block":
        return _add_attribute(part, [inner for inner in node.content if inner.type != "whitespace"])
    elif node == "." and waiting and waiting[-1].type == "ident":
        part.classes.append(waiting.pop().value)
    elif node == ":" and waiting and waiting[-1].type == "ident" and waiting[-1].lower_value in _STATES:
        part.states.append(waiting.pop().lower_value)
    else:
        return bool(node == "*")
    return True


def _add_attribute(part: Compound, tokens: list[Any]) -> bool:
    match tokens:
        case [name] if name.type == "ident":
            part.attributes.append(AttributeTest(name=name.lower_value))
        case [name, sign, value, *_] if sign in ("=", "~=", "|=", "^=", "$=", "*=") and hasattr(value, "value"):
            part.attributes.append(AttributeTest(name=name.lower_value, operator=sign.value, value=str(value.value)))
        case _:
            return False
    return True


def _linked(element: Element, link: str) -> Iterator[Element]:
    if link == " ":
        yield from element.up()
    elif link == ">" and element.parent:
        yield element.parent
    elif link in {"+", "~"}:
        before = _brothers(element)
        before = before[: before.index(element)]
        yield from before[-1:] if link == "+" else before


def _is_in_state(element: Element, state: str) -> bool:
    match state:
        case "root":
            return element.tag == "html"
        case "link":
            return element.tag == "a" and "href" in element.attributes
    edge = 0 if state == "first-child" else -1
    return _brothers(element)[edge] is element


def _brothers(element: Element) -> list[Element]:
    around = element.parent
    return [one for one in around.content if not isinstance(one, str)] if around else [element]
