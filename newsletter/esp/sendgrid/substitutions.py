"""One text for a whole chunk, and what each reader's copy has in place of its tags.

SendGrid replaces tags as plain strings and escapes nothing, so a tag stands for a value already escaped for its place,
and the tags hold a nonce that occurs in no text and no value: nothing a reader calls himself is ever taken for a tag.
What the values of one slot have in common (the start of every link) goes into the shared text; slots whose rest is the
same (the token of the three links) share a tag. That keeps a request under the strictest reading of SendGrid's limits.
"""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.compose.message import slot_text
from newsletter.model.rendered import Slot, slots_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from newsletter.model.rendered import Parts


@dataclass(frozen=True, kw_only=True)
class Substituted:
    """`texts`: one per given Parts, tags inside. `substitutions`: one mapping per reader, tag -> text."""

    texts: tuple[str, ...]
    substitutions: tuple[Mapping[str, str], ...]


def substituted(seed: str, parts: Sequence[Parts], values: Sequence[Mapping[str, str]]) -> Substituted:
    """The parts with tags for what differs between the readers; `seed` makes the tags repeatable."""
    columns = {slot: tuple(slot_text(slot, own) for own in values) for slot in slots_of(*parts)}
    start = f"-nl{_nonce(seed, _everything(parts, columns))}"
    tags: dict[tuple[str, ...], str] = {}
    stands: dict[Slot, str] = {}
    for slot, column in columns.items():
        before, rest, after = _split(column)
        tag = tags.setdefault(rest, f"{start}{len(tags)}-") if any(rest) else ""
        stands[slot] = f"{before}{tag}{after}"
    return Substituted(
        texts=tuple("".join(stands[p] if isinstance(p, Slot) else p for p in piece) for piece in parts),
        substitutions=tuple({tag: rest[at] for rest, tag in tags.items()} for at in range(len(values))),
    )


def _split(column: Sequence[str]) -> tuple[str, tuple[str, ...], str]:
    """The start that all have in common, what is left of each, the end that all have in common."""
    before = _common_start(column)
    rests = [text[len(before) :] for text in column]
    after = _common_start([rest[::-1] for rest in rests])[::-1]
    return before, tuple(rest[: len(rest) - len(after)] for rest in rests), after


def _common_start(texts: Sequence[str]) -> str:
    # what the first and the last in the order of characters share, all between them share
    first, last = min(texts), max(texts)
    length = next((at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first[:length]


def _everything(parts: Iterable[Parts], columns: Mapping[Slot, Sequence[str]]) -> str:
    texts = (part for piece in parts for part in piece if isinstance(part, str))
    return "\n".join(itertools.chain(texts, *columns.values()))


def _nonce(seed: str, everything: str) -> str:
    """Hex digits of which neither half occurs anywhere, so that no tag can arise where two texts meet either."""
    halves = (_halves(seed, tries) for tries in itertools.count())
    return next(one + other for one, other in halves if one not in everything and other not in everything)


def _halves(seed: str, tries: int) -> tuple[str, str]:
    # four digits each, nearly always; more after some tries, since a very long text may hold every group of four
    digits, half = hashlib.sha256(f"{seed} {tries}".encode()).hexdigest(), 4 + tries // 8
    return digits[:half], digits[half : 2 * half]
