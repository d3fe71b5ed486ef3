"""CSS -> CSS in which some pieces are exchanged or left out; the rest means what it meant.

The grammar is tinycss2's (https://www.w3.org/TR/css-syntax-3/): rules, however deep they stand in each other, declarations,
and the words in front of a block.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    #: what stands in the place of a node; None leaves it, and looks into it
    Exchange = Callable[["Node"], "Sequence[Node] | None"]

#: blocks and functions within each other; no sheet that a person wrote has a tenth of it
_DEEPEST = 100

Node = Any  # of tinycss2


class StyleEdit:
    """What is changed. This one changes nothing."""

    #: at-rules that are left out with all that stands in them
    without: frozenset[str] = frozenset()
    #: a text that has none of them is not looked at any closer
    words: tuple[str, ...] = ("",)

    def prelude(self, nodes: list[Node]) -> list[Node]:
        """Selectors, the conditions of an at-rule, or the value of a `media` attribute."""
        return nodes

    def value(self, name: str, nodes: list[Node]) -> list[Node]:  # noqa: ARG002 - the name is for those who look at it
        """The value of a declaration; `name` is in lower case."""
        return nodes

    def within(self, declared: Mapping[str, list[Node]]) -> StyleEdit:  # noqa: ARG002
        """What is changed in a block that declares this."""
        return self


def edited_sheet(css: str, edit: StyleEdit) -> str:
    """The content of a `style` element or attribute."""
    return _edited(css, lambda nodes: _content(nodes, edit)) if _concerns(edit, css) else css


def edited_media(media: str, edit: StyleEdit) -> str:
    """The value of a `media` attribute."""
    return _edited(media, edit.prelude)


def edited_value(name: str, value: str, edit: StyleEdit) -> str:
    """The value of one declaration, or of an attribute that is one."""
    return _edited(value, lambda nodes: edit.value(name, nodes))


def declarations(css: str) -> dict[str, list[Node]]:
    """What a style attribute declares."""
    return _declared(list(_statements(parsed(css))))


def parsed(css: str) -> list[Node]:
    from tinycss2 import parse_component_value_list

    nodes: list[Node] = parse_component_value_list(css)
    return nodes


def exchanged(nodes: Sequence[Node], exchange: Exchange) -> list[Node]:
    """The nodes, and those in their brackets, with others in their places."""
    return [each for node in nodes for each in _exchanged(node, exchange)]


def solid(nodes: Sequence[Node]) -> list[Node]:
    """Without white space and comments."""
    return [node for node in nodes if node.type not in {"whitespace", "comment"}]


def _exchanged(node: Node, exchange: Exchange) -> list[Node]:
    others = exchange(node)
    if others is not None:
        return list(others)
    inside = _inside(node)
    return [node] if inside is None else [_filled(node, exchanged(inside, exchange))]


def _concerns(edit: StyleEdit, css: str) -> bool:
    lower = css.lower()
    return any(word in lower for word in edit.words) or "\\" in css  # a backslash may write any word


def _edited(css: str, change: Callable[[list[Node]], list[Node]]) -> str:
    """What nothing changes in stays as it was written; what is nested beyond all reason too."""
    from tinycss2 import serialize

    nodes = parsed(css)
    if _is_too_deep(nodes):
        return css
    before, after = serialize(nodes), serialize(change(nodes))
    return css if after == before else after


def _is_too_deep(nodes: list[Node]) -> bool:
    level = [nodes]
    for _ in range(_DEEPEST):
        level = [inside for each in level for node in each if (inside := _inside(node)) is not None]
        if not level:
            return False
    return True


def _inside(node: Node) -> list[Node] | None:
    """What stands in its brackets, if it has any."""
    inside: list[Node] | None = getattr(node, "arguments" if node.type == "function" else "content", None)
    return inside


def _filled(node: Node, inside: list[Node]) -> Node:
    """The same brackets around something else."""
    line, column = node.source_line, node.source_column
    return type(node)(line, column, *([node.name] if node.type == "function" else []), inside)


def _content(nodes: list[Node], edit: StyleEdit) -> list[Node]:
    """Of a sheet or of a block in braces: declarations and rules."""
    statements = list(_statements(nodes))
    inner = edit.within(_declared(statements))
    return [node for statement in statements for node in _statement(statement, inner)]


def _declared(statements: list[list[Node]]) -> dict[str, list[Node]]:
    return dict(found for statement in statements if (found := _declaration(statement)))


def _statements(nodes: list[Node]) -> Iterator[list[Node]]:
    """Each with the semicolon or the block that ends it."""
    statement: list[Node] = []
    for node in nodes:
        statement.append(node)
        if node == ";" or node.type == "{} block":
            yield statement
            statement = []
    yield statement


def _declaration(statement: list[Node]) -> tuple[str, list[Node]] | None:
    """Its name and value, if it is one: `a:hover {...}` is not."""
    told = solid(statement)
    if len(told) < 2 or told[0].type != "ident" or told[1] != ":" or told[-1].type == "{} block":
        return None
    value = statement[statement.index(":") + 1 :]
    return told[0].lower_value, value[:-1] if value and value[-1] == ";" else value


def _statement(statement: list[Node], edit: StyleEdit) -> list[Node]:
    told = solid(statement)
    if told and told[0].type == "at-keyword" and told[0].lower_value in edit.without:
        return []
    if declared := _declaration(statement):
        name, value = declared
        end = statement[-1:] if statement[-1] == ";" else []
        start = statement[: len(statement) - len(value) - len(end)]
        return [*start, *edit.value(name, value), *end]
    if told and told[-1].type == "{} block":
        block = statement[-1]
        return [*edit.prelude(statement[:-1]), _filled(block, _content(block.content, edit))]
    return edit.prelude(statement)
