"""The variants of an issue: its body with every `only` and `except` block decided for readers of some segments."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from newsletter.model.audiences import read_audience
from newsletter.model.blocks import CHOICES
from newsletter.model.document import BlockQuote, List, TypedBlock, plain_words, walk_blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from newsletter.model.document import Block, Blocks, ListItem
    from newsletter.model.segment import Membership

#: each is rendered and checked by itself
MOST_VARIANTS = 32
#: ways to belong to the segments and lists of an issue: beyond this even counting its variants would take too long
MOST_MEMBERSHIPS = 4096
#: how many names a database sorts readers by, each a bit of one number
MOST_NAMES = 60
#: characters of a variant's name: it becomes a part of file names, and a column
_LONGEST_NAME = 60


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One form of an issue. `name` is "" for readers in no segment; `readers` are the memberships of those who get it."""

    name: str = ""
    readers: tuple[Membership, ...] = (frozenset(),)


def variants_of(blocks: Blocks, possible: Callable[[Membership], bool]) -> tuple[Variant, ...] | None:
    """Every form that some reader can get, the one for readers in no segment first; None when there are too many.

    `possible` says whether a reader can belong to all of these at once (never to two values of one attribute). Whoever
    can belong to some can belong to fewer.
    """
    names = audience_names(blocks)
    memberships = _memberships(names, possible)
    if memberships is None:
        return None
    choices = tuple(_choices(blocks))
    shown: dict[tuple[bool, ...], list[Membership]] = {}
    for members in memberships:
        shown.setdefault(tuple(_decisions(choices, members)), []).append(members)
    if len(shown) > MOST_VARIANTS:
        return None
    groups = _groups(names, choices)
    return tuple(Variant(name=_name(readers, groups), readers=tuple(readers)) for readers in shown.values())


def audience_names(blocks: Blocks) -> tuple[str, ...]:
    """The segments and lists that decide what is shown, in the order of their first appearance."""
    found = (_names(block) for block in walk_blocks(blocks) if _is_choice(block))
    return tuple(dict.fromkeys(name for names in found for name in names))


def form_for(blocks: Blocks, members: Membership) -> Blocks:
    """The body as a reader with this membership gets it; what is empty then is left out."""
    return tuple(kept for block in blocks for kept in _kept(block, members))


def readers_in_words(name: str) -> str:
    """Who gets the variant of this name, for people: `(runners,walkers)+board` are runners or walkers on the board."""
    if not name:
        return "readers in none of the segments"
    in_both = ", and in " if "(" in name else " and in "
    return "readers in " + re.sub(r"[()]", "", name.replace(",", " or ").replace("+", in_both))


def _memberships(names: Sequence[str], possible: Callable[[Membership], bool]) -> list[Membership] | None:
    """All that some reader can have, the small ones first; None when they are too many."""
    found: list[Membership] = []
    level: list[tuple[str, ...]] = [()]
    while level:
        found += map(frozenset, level)
        if len(names) > MOST_NAMES or len(found) > MOST_MEMBERSHIPS:
            return None
        level = list(islice((wider for wider in _wider(level, names) if possible(frozenset(wider))), MOST_MEMBERSHIPS))
    return found


def _wider(level: Iterable[tuple[str, ...]], names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Each with one more name, one that comes after its others."""
    for members in level:
        start = names.index(members[-1]) + 1 if members else 0
        yield from ((*members, name) for name in names[start:])


def _is_choice(block: Block) -> bool:
    return isinstance(block, TypedBlock) and block.name in CHOICES


def _names(block: Block) -> tuple[str, ...]:
    """Empty for a block whose audience could not be read, which has been told."""
    attributes = block.attributes if isinstance(block, TypedBlock) else {}
    return read_audience(plain_words(attributes.get("audience", ()))) or ()


@dataclass(frozen=True, kw_only=True)
class _Choice:
    """An `only` or `except` without its words: what decides whether it is shown, and the ones inside it."""

    names: Membership
    is_only: bool
    inner: tuple[_Choice, ...] = ()

    def shows(self, members: Membership) -> bool:
        return members.isdisjoint(self.names) != self.is_only


def _choice(block: Block, inner: tuple[_Choice, ...] = ()) -> _Choice:
    is_only = isinstance(block, TypedBlock) and block.name == "only"
    return _Choice(names=frozenset(_names(block)), is_only=is_only, inner=inner)


def _choices(blocks: Blocks) -> Iterator[_Choice]:
    for block in blocks:
        inner = tuple(_choices(_inside(block)))
        if _is_choice(block):
            yield _choice(block, inner)
        else:
            yield from inner


def _decisions(choices: Iterable[_Choice], members: Membership) -> Iterator[bool]:
    """For each whether it is shown; one within a hidden one is not."""
    for choice in choices:
        shown = choice.shows(members)
        yield shown
        yield from (shown and inner for inner in _decisions(choice.inner, members))


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
        return form_for(_inside(block), members) if _choice(block).shows(members) else ()
    match block:
        case List():
            items = tuple(_kept_items(block.items, members))
            return (replace(block, items=items),) if items or not block.items else ()
        case BlockQuote() | TypedBlock() if block.blocks:
            inner = form_for(block.blocks, members)
            return (replace(block, blocks=inner),) if _says_anything(inner) or _stands_empty(block) else ()
    return (block,)


def _kept_items(items: Iterable[ListItem], members: Membership) -> Iterator[ListItem]:
    for item in items:
        inner = form_for(item.blocks, members)
        if inner or not item.blocks:
            yield replace(item, blocks=inner)


def _says_anything(blocks: Blocks) -> bool:
    """Columns that are all empty say nothing."""
    return any(not isinstance(block, TypedBlock) or block.name != "column" or block.blocks for block in blocks)


def _stands_empty(block: Block) -> bool:
    """A column keeps its place beside others; an event or an author says enough by its attributes."""
    return isinstance(block, TypedBlock) and block.name in {"column", "event", "author", "figure"}


def _name(readers: Sequence[Membership], groups: Mapping[str, str]) -> str:
    """`a+b` for those in both, `a,b` for those in either: the smallest memberships that get this form."""
    grouped = [tuple(dict.fromkeys(group for name, group in groups.items() if name in members)) for members in readers]
    found = dict.fromkeys(grouped)
    smallest = [one for one in found if not any(set(other) < set(one) for other in found)]
    name = ",".join("+".join(_factor(group, one) for group in one) for one in smallest)
    if len(name) <= _LONGEST_NAME:
        return name
    return f"{name[: _LONGEST_NAME - 9]}~{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _factor(group: str, of: tuple[str, ...]) -> str:
    return f"({group})" if "," in group and len(of) > 1 else group


def _groups(names: Iterable[str], choices: Iterable[_Choice]) -> dict[str, str]:
    """Name -> itself and those that always stand beside it, with commas: to be in one of them is to be in all."""
    every = list(_every(choices))
    beside = {name: tuple(name in choice.names for choice in every) for name in names}
    return {name: ",".join(other for other in beside if beside[other] == where) for name, where in beside.items()}


def _every(choices: Iterable[_Choice]) -> Iterator[_Choice]:
    for choice in choices:
        yield choice
        yield from _every(choice.inner)
