"""The variants of an issue: its body with every `only` and `except` block decided for readers of some segments."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from itertools import chain, combinations
from typing import TYPE_CHECKING

from newsletter.model.audiences import read_audience
from newsletter.model.document import BlockQuote, List, TypedBlock, plain_words, walk_blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from newsletter.model.document import Block, Blocks, ListItem
    from newsletter.model.segment import Membership

#: each is rendered and checked by itself
MOST_VARIANTS = 32
#: beyond this even counting the variants would take too long
MOST_NAMES = 12
#: characters of a variant's name: it becomes a part of file names, and a column
_LONGEST_NAME = 60


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One form of an issue. `name` is "" for readers in no segment; `readers` are the memberships of those who get it."""

    name: str = ""
    readers: tuple[Membership, ...] = (frozenset(),)


def variants_of(blocks: Blocks, possible: Callable[[Membership], bool]) -> tuple[Variant, ...] | None:
    """Every form that some reader can get, the one for readers in no segment first; None when there are too many.

    `possible` says whether a reader can belong to all of these at once (never to two values of one attribute).
    """
    names = audience_names(blocks)
    if len(names) > MOST_NAMES:
        return None
    shown: dict[tuple[bool, ...], list[Membership]] = {}
    for members in filter(possible, _subsets(names)):
        shown.setdefault(tuple(_decisions(blocks, members)), []).append(members)
    if len(shown) > MOST_VARIANTS:
        return None
    return tuple(Variant(name=_name(readers, names), readers=tuple(readers)) for readers in shown.values())


def audience_names(blocks: Blocks) -> tuple[str, ...]:
    """The segments and lists that decide what is shown, in the order of their first appearance."""
    found = (_names(block) for block in walk_blocks(blocks) if _is_choice(block))
    return tuple(dict.fromkeys(name for names in found for name in names))


def form_for(blocks: Blocks, members: Membership) -> Blocks:
    """The body as a reader with this membership gets it; what is empty then is left out."""
    return tuple(kept for block in blocks for kept in _kept(block, members))


def _subsets(names: Sequence[str]) -> Iterator[Membership]:
    """All of them, the small ones first."""
    sizes = (combinations(names, size) for size in range(len(names) + 1))
    return (frozenset(subset) for subset in chain.from_iterable(sizes))


def _is_choice(block: Block) -> bool:
    return isinstance(block, TypedBlock) and block.name in {"only", "except"}


def _names(block: Block) -> tuple[str, ...]:
    """Empty for a block whose audience could not be read, which has been told."""
    attributes = block.attributes if isinstance(block, TypedBlock) else {}
    return read_audience(plain_words(attributes.get("audience", ()))) or ()


def _is_shown(block: Block, members: Membership) -> bool:
    belongs = not members.isdisjoint(_names(block))
    return belongs == (isinstance(block, TypedBlock) and block.name == "only")


def _decisions(blocks: Blocks, members: Membership) -> Iterator[bool]:
    """For each `only` and `except` whether it is shown; one within a hidden one is not."""
    for block in blocks:
        if _is_choice(block):
            shown = _is_shown(block, members)
            yield shown
            yield from (shown and inner for inner in _decisions(_inside(block), members))
        else:
            yield from _decisions(_inside(block), members)


def _inside(block: Block) -> Blocks:
    match block:
        case List():
            return tuple(inner for item in block.items for inner in item.blocks)
        case BlockQuote() | TypedBlock():
            return block.blocks
    return ()


def _kept(block: Block, members: Membership) -> Blocks:
    """What is left of a block; nothing where all that it had was for others."""
    if _is_choice(block):
        return form_for(_inside(block), members) if _is_shown(block, members) else ()
    match block:
        case List():
            items = tuple(_kept_items(block.items, members))
            return (replace(block, items=items),) if items or not block.items else ()
        case BlockQuote() | TypedBlock() if block.blocks:
            inner = form_for(block.blocks, members)
            return (replace(block, blocks=inner),) if inner or _stands_empty(block) else ()
    return (block,)


def _kept_items(items: Iterable[ListItem], members: Membership) -> Iterator[ListItem]:
    for item in items:
        inner = form_for(item.blocks, members)
        if inner or not item.blocks:
            yield replace(item, blocks=inner)


def _stands_empty(block: Block) -> bool:
    """A column keeps its place; an event or an author says enough by its attributes."""
    return isinstance(block, TypedBlock) and block.name in {"column", "event", "author", "figure"}


def _name(readers: Sequence[Membership], names: Sequence[str]) -> str:
    """`a+b` for those in both, `a,b` for those in either: the smallest memberships that get this form."""
    smallest = [members for members in readers if not any(other < members for other in readers)]
    name = ",".join("+".join(sorted(members, key=names.index)) for members in smallest)
    if len(name) <= _LONGEST_NAME:
        return name
    return f"{name[: _LONGEST_NAME - 9]}~{hashlib.sha256(name.encode()).hexdigest()[:8]}"
