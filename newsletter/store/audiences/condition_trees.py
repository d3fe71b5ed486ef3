"""A condition made ready for SQL: nested `all` and `any` flattened, alike alternatives asked at once, the size known.

Nothing here calls itself: a tree may be as deep as somebody likes to write it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from newsletter.model.segment import AllOf, AnyOf, AttributeEquals, HasTag, Not, OnList

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from newsletter.model.importing import AttributeValue
    from newsletter.model.segment import Condition


@dataclass(frozen=True, kw_only=True)
class AnyValue:
    """The attribute has one of these values, which are all texts, all numbers, or all yes and no."""

    attribute: str
    values: tuple[AttributeValue, ...]


@dataclass(frozen=True, kw_only=True)
class AnyTag:
    keys: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AnyList:
    lists: tuple[int, ...]


class Kind(Enum):
    LEAF = "leaf"
    ALL = "all"
    ANY = "any"
    NOT = "not"


@dataclass(frozen=True, kw_only=True, eq=False)
class Node:
    """`leaf` of a LEAF; `parts` of the others. `height` counts what is nested, `size` the leaves."""

    kind: Kind
    leaf: Condition | AnyValue | AnyTag | AnyList | None = None
    parts: tuple[Node, ...] = ()
    height: int = 0
    size: int = 1


EVERYBODY = Node(kind=Kind.ALL, size=0)
NOBODY = Node(kind=Kind.ANY, size=0)


def tree_of(condition: Condition) -> Node:
    """The same condition as a flat tree."""
    found: list[Node] = []
    open_: list[tuple[Condition, bool]] = [(condition, False)]
    while open_:
        one, parts_are_found = open_.pop()
        parts = _parts(one)
        if parts is None:
            found.append(_leaf(one))
        elif parts_are_found:
            start = len(found) - len(parts)
            found[start:] = [_node(one, found[start:])]
        else:
            open_.append((one, True))
            open_.extend((part, False) for part in reversed(parts))
    return found[0]


def all_of(nodes: Sequence[Node]) -> Node:
    """Nested ones become one."""
    parts = [inner for node in nodes for inner in (node.parts if node.kind is Kind.ALL else (node,))]
    return parts[0] if len(parts) == 1 else _joined(Kind.ALL, parts)


def any_of(nodes: Sequence[Node]) -> Node:
    parts = [inner for node in nodes for inner in (node.parts if node.kind is Kind.ANY else (node,))]
    parts = list(_merged(parts))
    return parts[0] if len(parts) == 1 else _joined(Kind.ANY, parts)


def not_(node: Node) -> Node:
    if node.kind is Kind.NOT:
        return node.parts[0]
    return Node(kind=Kind.NOT, parts=(node,), height=node.height + 1, size=node.size)


def leaves(tree: Node) -> Iterable[Node]:
    open_ = [tree]
    while open_:
        node = open_.pop()
        open_.extend(node.parts)
        if node.kind is Kind.LEAF:
            yield node


def _parts(condition: Condition) -> Sequence[Condition] | None:
    match condition:
        case AllOf() | AnyOf():
            return condition.conditions
        case Not():
            return (condition.condition,)
    return None


def _node(condition: Condition, parts: Sequence[Node]) -> Node:
    match condition:
        case AllOf():
            return all_of(parts)
        case AnyOf():
            return any_of(parts)
    return not_(parts[0])


def _joined(kind: Kind, parts: Sequence[Node]) -> Node:
    height = 1 + max((part.height for part in parts), default=-1)
    return Node(kind=kind, parts=tuple(parts), height=height, size=sum(part.size for part in parts))


def _leaf(condition: Condition) -> Node:
    match condition:
        case AttributeEquals():
            return Node(kind=Kind.LEAF, leaf=AnyValue(attribute=condition.attribute, values=(condition.value,)))
        case HasTag():
            return Node(kind=Kind.LEAF, leaf=AnyTag(keys=(condition.key,)))
        case OnList():
            return Node(kind=Kind.LEAF, leaf=AnyList(lists=(condition.list,)))
    return Node(kind=Kind.LEAF, leaf=condition)


def _merged(parts: Iterable[Node]) -> Iterable[Node]:
    """One of a thousand values is one question with a thousand answers, not a thousand questions."""
    groups: dict[Hashable, list[Node]] = {}
    for part in parts:
        groups.setdefault(_alike(part), []).append(part)
    for group in groups.values():
        match group[0].leaf:
            case AnyValue(attribute=name):
                values = dict.fromkeys(
                    value for one in group if isinstance(one.leaf, AnyValue) for value in one.leaf.values
                )
                yield Node(kind=Kind.LEAF, leaf=AnyValue(attribute=name, values=tuple(values)))
            case AnyTag():
                keys = dict.fromkeys(key for one in group if isinstance(one.leaf, AnyTag) for key in one.leaf.keys)
                yield Node(kind=Kind.LEAF, leaf=AnyTag(keys=tuple(keys)))
            case AnyList():
                lists = dict.fromkeys(n for one in group if isinstance(one.leaf, AnyList) for n in one.leaf.lists)
                yield Node(kind=Kind.LEAF, leaf=AnyList(lists=tuple(lists)))
            case _:
                yield from group


def _alike(part: Node) -> Hashable:
    match part.leaf:
        case AnyValue(attribute=name, values=values):
            kind = str if isinstance(values[0], str) else bool if isinstance(values[0], bool) else float
            return name, kind
        case AnyTag():
            return "tags"
        case AnyList():
            return "lists"
    return id(part)
