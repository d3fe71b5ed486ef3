"""CSS -> which features of caniemail.com it uses: of one declaration, of a style attribute, of a style block.

A rule is an extra where it stands in a query (`@media`, `@supports`) or picks elements by anything but their tag, class and
id: programs that do not know it show the mail without it, as its author must have meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import tinycss2

from newsletter.check.clients.vocabulary import (
    BY_AT_RULE,
    BY_FUNCTION,
    BY_KEYWORD,
    BY_MEDIA_QUERY,
    BY_PROPERTY,
    BY_PROPERTY_AND_KEYWORD,
    BY_PSEUDO,
    BY_UNIT,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tinycss2.ast import Node

#: within these, a selector is one that some programs have never heard of, and is meant so
_PLAIN = frozenset(
    {
        "css-selector-type", "css-selector-class", "css-selector-id", "css-selector-grouping", "css-selector-descendant",
        "css-selector-chaining", "css-selector-child", "css-selector-universal",
        "css-pseudo-element-before", "css-pseudo-element-after",
    }
)  # fmt: skip
#: names that a mail program writes around a mail, and nobody else
_HOOKS = ("moz-", "Mso", "ExternalClass", "ReadMsgBody", "yshortcuts", "MessageView")


@dataclass(frozen=True, kw_only=True)
class Declared:
    """One declaration, such as `display: flex`, in lower case but for texts."""

    name: str
    value: str
    features: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Ruled:
    """One rule of a style block with its declarations; of an at-rule without a block, none."""

    features: frozenset[str]
    declarations: tuple[Declared, ...]
    #: programs that do not know it are meant to show the mail without it
    extra: bool
    #: it stands within another rule, without a query between
    nested: bool = False
    #: name of an at-rule such as `import`, with what follows
    at: str = ""


@lru_cache(maxsize=4096)
def declarations_of(style: str) -> tuple[Declared, ...]:
    """The declarations of a style attribute; what is no declaration is passed over, as browsers do."""
    return tuple(_declared(tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True)))


@lru_cache(maxsize=64)
def rules_of(css: str) -> tuple[Ruled, ...]:
    """The rules of a style block in order, those within queries as well."""
    return tuple(_ruled(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), extra=False))


def _declared(nodes: Iterable[Node]) -> Iterator[Declared]:
    for node in nodes:
        if node.type == "declaration":
            name = node.name if node.name.startswith("--") else node.lower_name
            value = tinycss2.serialize(node.value).strip()
            features = frozenset(_of_declaration(name, node.value))
            yield Declared(name=name, value=value, features=features | _importance(node))


def _importance(declaration: Node) -> frozenset[str]:
    return frozenset({"css-important"}) if declaration.important else frozenset()


def _of_declaration(name: str, value: Sequence[Node]) -> Iterator[str]:
    if name.startswith("--"):
        yield "css-variables"
    if name in BY_PROPERTY:
        yield BY_PROPERTY[name]
    for token in _all_tokens(value):
        match token.type:
            case "function":
                yield from _named(BY_FUNCTION, token.lower_name)
                yield from _picture(name, token.lower_name)
            case "url":
                yield from _picture(name, "url")
            case "dimension":
                yield from _named(BY_UNIT, token.lower_unit)
            case "percentage":
                yield "css-unit-percent"
            case "ident":
                yield from _named(BY_KEYWORD, token.lower_value)
                yield from _named(BY_PROPERTY_AND_KEYWORD, (name, token.lower_value))


def _picture(name: str, function: str) -> Iterator[str]:
    if function in {"url", "image-set"} and name == "background":
        yield "css-background-image"


def _named(table: dict[str, str] | dict[tuple[str, str], str], key: object) -> Iterator[str]:
    found = table.get(key)  # type: ignore[call-overload]
    if found:
        yield found


def _all_tokens(tokens: Iterable[Node]) -> Iterator[Node]:
    waiting = list(tokens)[::-1]
    while waiting:
        token = waiting.pop()
        yield token
        waiting += (getattr(token, "arguments", None) or getattr(token, "content", None) or [])[::-1]


def _ruled(nodes: Iterable[Node], *, extra: bool, depth: int = 0) -> Iterator[Ruled]:
    for node in nodes:
        if node.type == "at-rule":
            yield from _at_rule(node, extra=extra, depth=depth)
        elif node.type == "qualified-rule":
            yield from _qualified(node, extra=extra, depth=depth)


def _qualified(rule: Node, *, extra: bool, depth: int, nested: bool = False) -> Iterator[Ruled]:
    of_selector = frozenset(selector_features(rule.prelude))
    beyond = extra or not of_selector <= _PLAIN or _is_hook(rule.prelude)
    inside = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
    own = {"css-nesting"} if nested else set()
    yield Ruled(features=of_selector | own, declarations=tuple(_declared(inside)), extra=beyond, nested=nested)
    if depth < _DEEPEST:
        for node in inside:
            if node.type == "qualified-rule":
                yield from _qualified(node, extra=beyond, depth=depth + 1, nested=True)
            elif node.type == "at-rule":
                yield from _at_rule(node, extra=beyond, depth=depth + 1)


#: no program reads rules that lie deeper, and nor do we
_DEEPEST = 5


def _at_rule(rule: Node, *, extra: bool, depth: int) -> Iterator[Ruled]:
    name = rule.lower_at_keyword
    features = frozenset((*_named(BY_AT_RULE, name), *_of_query(name, rule.prelude)))
    described = name in {"font-face", "page"}
    inside = tinycss2.parse_blocks_contents(rule.content or [], skip_comments=True, skip_whitespace=True)
    declarations = tuple(_declared(inside)) if described else ()
    yield Ruled(
        features=features,
        declarations=declarations,
        extra=extra,
        at=f"{name} {tinycss2.serialize(rule.prelude).strip()}",
    )
    if name in {"media", "supports", "document", "-moz-document", "layer", "container"} and depth < _DEEPEST:
        yield from _ruled(inside, extra=True, depth=depth + 1)


def _of_query(name: str, prelude: Sequence[Node]) -> Iterator[str]:
    if name == "media":
        for token in _all_tokens(prelude):
            if token.type == "ident":
                yield from _named(BY_MEDIA_QUERY, token.lower_value)


def _is_hook(prelude: Sequence[Node]) -> bool:
    names = (token.value for token in prelude if token.type in {"ident", "hash"})
    return any(name.startswith(_HOOKS) for name in names)


def selector_features(prelude: Iterable[Node]) -> Iterator[str]:
    """What a selector asks of a program: each kind of simple selector and of combination. Of others, their own name."""
    before, gap = "", False
    for piece in _pieces(prelude):
        if piece == " ":
            gap = True
            continue
        yield _COMBINATIONS.get(piece, piece)
        if piece in _COMBINATIONS:
            before, gap = "", False
            continue
        if before and gap:
            yield "css-selector-descendant"
        elif before == piece == "css-selector-class":
            yield "css-selector-chaining"
        before, gap = piece, False


_COMBINATIONS = {
    ",": "css-selector-grouping",
    ">": "css-selector-child",
    "+": "css-selector-adjacent-sibling",
    "~": "css-selector-general-sibling",
}
_SIMPLE = {"ident": "css-selector-type", "hash": "css-selector-id", "[] block": "css-selector-attribute"}


def _pieces(prelude: Iterable[Node]) -> Iterator[str]:
    """The features of simple selectors, combinations as they are written, and a space for each gap."""
    prefix = ""  # `.`, `:` or `::`, whose name follows
    for token in prelude:
        if token.type == "literal" and (token.value == "." or (token.value == ":" and prefix != "::")):
            prefix += token.value
        elif prefix:
            name = prefix + str(getattr(token, "lower_value", None) or getattr(token, "lower_name", ""))
            yield "css-selector-class" if prefix == "." else BY_PSEUDO.get(name, name)
            prefix = ""
        elif token.type in {"whitespace", "comment"}:
            yield " "
        elif token.type == "literal":
            yield "css-selector-universal" if token.value == "*" else str(token.value)
        else:
            yield _SIMPLE.get(token.type, token.type)
