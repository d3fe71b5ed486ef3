"""One text for a whole chunk, and what each reader's copy has in place of its tags.

SendGrid replaces tags as plain strings and escapes nothing, so a tag stands for a value already escaped for its place,
and every tag begins with characters that occur in no text and no value, and cannot arise where two of them meet either:
nothing a reader calls himself is ever taken for a tag. What the values of one slot have in common (the start of every
link) goes into the shared text; slots whose rest is the same (the token of the three links) share a tag. That, and
short tags, keep a thousand readers under the strictest reading of SendGrid's limits.
"""

from __future__ import annotations

import hashlib
import itertools
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.compose.columns import columns_of
from newsletter.model.rendered import Slot, slots_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.model.rendered import Parts

#: what a short tag may begin with: characters that may stand in a URL and in HTML as they are
_FIRST = "~*!$+_;"
_DIGITS = string.digits + string.ascii_lowercase


@dataclass(frozen=True, kw_only=True)
class Substituted:
    """`texts`: one per given Parts, tags inside. `substitutions`: one mapping per reader, tag -> text."""

    texts: tuple[str, ...]
    substitutions: tuple[Mapping[str, str], ...]


def substituted(
    seed: str, parts: Sequence[Parts], values: Sequence[Mapping[str, str]], beside: Sequence[str] = ()
) -> Substituted:
    """The parts with tags for what differs between the readers; `seed` makes the tags repeatable.

    `beside` are further texts of the request, in which no tag may occur either.
    """
    columns = columns_of(slots_of(*parts), values)
    split = {column: _split(column) for column in dict.fromkeys(columns.values())}
    rests = list(dict.fromkeys(rest for _, rest, _ in split.values() if any(rest)))
    tags = dict(zip(rests, _tags(_start(seed, parts, [*split, beside]), len(rests)), strict=True))
    stands: dict[Slot, str] = {}
    for slot, column in columns.items():
        before, rest, after = split[column]
        stands[slot] = f"{before}{tags.get(rest, '')}{after}"
    names = tuple(tags.values())
    return Substituted(
        texts=tuple("".join(stands[p] if isinstance(p, Slot) else p for p in piece) for piece in parts),
        substitutions=tuple(dict(zip(names, own, strict=True)) for own in zip(*rests, strict=True))
        or ({},) * len(values),
    )


def _split(column: Sequence[str]) -> tuple[str, tuple[str, ...], str]:
    """The start that all have in common, what is left of each, the end that all have in common."""
    before = _common_start(column)
    start = len(before)
    rests = [text[start:] for text in column] if start else column
    after = ""
    if len({text[-1:] for text in rests}) == 1:
        after = _common_start([rest[::-1] for rest in rests])[::-1]
    end = len(after)
    return before, tuple([rest[:-end] for rest in rests] if end else rests), after


def _common_start(texts: Sequence[str]) -> str:
    # what the first and the last in the order of characters share, all between them share
    first, last = min(texts), max(texts)
    length = next(
        (at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(map(len, (first, last)))
    )
    return first[:length]


def _tags(start: str, count: int) -> Iterator[str]:
    """None is the beginning of another."""
    width = next(width for width in itertools.count(1) if len(_DIGITS) ** width >= count)
    places = itertools.islice(itertools.product(_DIGITS, repeat=width), count)
    return (start + "".join(place) for place in places)


def _start(seed: str, parts: Sequence[Parts], columns: Sequence[Sequence[str]]) -> str:
    """Two characters that never stand together, and of which nothing ends with the first.

    So they cannot arise where two texts meet; and since they differ, not where a text and a tag meet either.
    """
    static = (part for piece in parts for part in piece if isinstance(part, str))
    everything = "\n".join(itertools.chain(static, *columns, ("",)))
    digest: str = hashlib.sha256(seed.encode()).hexdigest()
    seconds = [*filter(str.isalpha, digest), *string.ascii_letters]
    firsts = (first for first in _FIRST if f"{first}\n" not in everything)
    pairs = (f"{first}{second}" for first in firsts for second in seconds)
    return next((pair for pair in pairs if pair not in everything), "") or _long_start(seed, everything)


def _long_start(seed: str, everything: str) -> str:
    """For texts that hold all of the pairs: two halves that occur nowhere. Where two texts meet, one half lies in one."""
    hashes = (hashlib.sha256(f"{seed} {tries}".encode()).hexdigest() for tries in itertools.count())
    halves = ((digest[:8], digest[8:16]) for digest in hashes)
    return next(f"~{one}{other}" for one, other in halves if one not in everything and other not in everything)
